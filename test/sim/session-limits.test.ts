import { expect, test } from 'vitest';
import { labEpoch } from '../../src/time/virtual-clock.ts';
import { plainLab } from './plain-lab.ts';
import { WireClient } from './walk/wire-client.ts';

const minute = 60_000;
const idle = { 'session-limits': { idle: '5m', reply: '421 4.4.2 Idle too long' } };
const age = { 'session-limits': { age: '20m', reply: '421 4.4.1 Here too long' } };
const hello = 'EHLO probe.example.org\r\n';
const mail = 'MAIL FROM:<ada@example.org>\r\n';

/** A client, its clock, and the minutes that have passed. */
async function begun(behaviours: readonly object[]) {
  const { lab, clock } = await plainLab(behaviours);
  const client = await WireClient.to(lab, '192.0.2.25');
  await client.reply();
  return { client, clock, minutes: (): number => (clock.now() - labEpoch) / minute };
}

test('a client that says nothing is told so after five minutes, and not before', async () => {
  const { client, clock, minutes } = await begun([idle]);
  await clock.sleep(5 * minute - 1);
  client.write(hello);
  expect((await client.reply())?.[0]).toMatch(/^250/);
  expect(await client.reply()).toEqual(['421 4.4.2 Idle too long']);
  expect(minutes()).toBeCloseTo(10, 3);
  expect(await client.reply()).toBeUndefined();
  expect(client.ended).toBe('fin');
});

test('the time that a host takes for its answer is not idleness of its client', async () => {
  const { client, minutes } = await begun([idle, { tarpit: { at: 'mail', delay: '12m' } }]);
  client.write(hello);
  await client.reply();
  client.write(mail);
  expect((await client.reply())?.[0]).toMatch(/^250/);
  expect(minutes()).toBe(12);
  expect(await client.reply()).toEqual(['421 4.4.2 Idle too long']);
  expect(minutes()).toBe(17);
});

test('a session ends at its age, even while the host takes its time', async () => {
  const { client, minutes } = await begun([age, { tarpit: { at: 'mail', delay: '30m' } }]);
  client.write(hello);
  await client.reply();
  client.write(mail);
  expect(await client.reply()).toEqual(['421 4.4.1 Here too long']);
  expect(minutes()).toBe(20);
  expect(await client.reply()).toBeUndefined();
  expect(client.ended).toBe('fin');
});

test('a busy session ends at its age too', async () => {
  const { client, clock } = await begun([age, idle]);
  let answered = 0;
  while (!client.ended) {
    client.write('NOOP\r\n');
    expect(await client.reply()).toEqual(['250 2.0.0 Ok']);
    answered++;
    await clock.sleep(70_000);
  }
  expect(answered).toBe(18); // at 0 s, 70 s and so on up to 1190 s
  expect(await client.reply()).toEqual(['421 4.4.1 Here too long']);
});

const envelope = `${hello}${mail}RCPT TO:<bob@example.net>\r\n`;

test.each([
  ['DATA', 'DATA\r\n'],
  ['BDAT', 'BDAT 1000\r\n'],
])('a message that trickles in is not idleness, and one that stops is: %s', async (_, command) => {
  const { client, clock, minutes } = await begun([idle]);
  client.write(`${envelope}${command}`);
  for (let i = 0; i < (command === 'DATA\r\n' ? 4 : 3); i++) await client.reply();
  for (let i = 0; i < 10; i++) {
    client.write('a line\r\n');
    await clock.sleep(4 * minute);
  }
  expect(client.ended).toBeUndefined();
  expect(await client.reply()).toEqual(['421 4.4.2 Idle too long']);
  expect(minutes()).toBe(41);
});
