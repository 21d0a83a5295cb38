import { expect, onTestFinished, test } from 'vitest';
import { addManners, type Manners, mannersOf, noManners } from '../../src/exam/manners.ts';
import type { RunningLab } from '../../src/world/running-lab.ts';
import { startLab, type WorldLike } from '../../src/world/start-lab.ts';
import { OutsideClient } from '../world/outside-client.ts';

const postfix: WorldLike = { hosts: { 'mx.example.net': 'postfix' } };
const saying = (at: string, reply: string): WorldLike => ({
  hosts: {
    'mx.example.net': { provider: 'postfix', behaviours: [{ 'canned-reply': { at, reply } }] },
  },
});

const hello = 'EHLO probe.example.org';
const mail = 'MAIL FROM:<ada@example.org>';
const rcpt = 'RCPT TO:<alice@example.net>';

async function lab(world: WorldLike): Promise<RunningLab> {
  const running = await startLab(world, { clock: 'manual' });
  onTestFinished(() => running.close());
  return running;
}

/** One dialogue, from its opening to the end that the host has seen. */
async function dialogue(running: RunningLab, lines: readonly string[], early = ''): Promise<string[]> {
  const client = await OutsideClient.to(running.host('mx.example.net'), undefined, early);
  const replies = await client.talk(lines);
  client.close();
  await client.end();
  return replies;
}

async function mannersIn(
  world: WorldLike,
  dialogues: readonly (readonly string[])[],
  early?: string,
): Promise<Manners> {
  const running = await lab(world);
  for (const lines of dialogues) await dialogue(running, lines, early);
  await running.waitForDialogues(dialogues.length);
  return mannersOf(running.dialogues);
}

test('a dialogue up to RCPT, with QUIT, is good manners', async () => {
  const manners = await mannersIn(postfix, [[hello, mail, rcpt, rcpt, 'QUIT']]);
  expect(manners).toEqual({ ...noManners, connections: 1, recipients: 2 });
});

test('DATA is counted', async () => {
  const manners = await mannersIn(postfix, [[hello, mail, rcpt, 'DATA', '.', 'QUIT']]);
  expect(manners).toEqual({ ...noManners, connections: 1, recipients: 1, dataSent: 1 });
});

test('who was answered and hangs up without QUIT is counted', async () => {
  const manners = await mannersIn(postfix, [[hello, mail, rcpt], [hello]]);
  expect(manners.leftWithoutQuit).toBe(2);
});

test('commands behind 421 are counted, QUIT is not', async () => {
  const stale: WorldLike = {
    hosts: {
      'mx.example.net': {
        provider: 'postfix',
        behaviours: [{ 'wire-fault': { at: 'mail', fault: { 'followed-by': '421 4.4.2 Closing\\r\\n' } } }],
      },
    },
  };
  const manners = await mannersIn(stale, [[hello, mail, rcpt, rcpt, 'QUIT']]);
  expect(manners.talkedAfter421).toBe(2);
});

test('who speaks before the greeting is counted', async () => {
  const slow: WorldLike = {
    hosts: {
      'mx.example.net': {
        provider: 'postfix',
        behaviours: [{ 'early-talker': { reply: '521 5.5.1 Protocol error', wait: '6s' } }],
      },
    },
  };
  const running = await lab(slow);
  const client = await OutsideClient.to(running.host('mx.example.net'), undefined, `${hello}\r\n`);
  for (let over = false; !over; over = client.ended !== undefined) {
    running.advance(1_000); // until the host has looked whether somebody speaks
    await new Promise(setImmediate);
  }
  await running.waitForDialogues(1);
  expect(mannersOf(running.dialogues).talkedEarly).toBe(1);
});

test('who is put off and comes back within a minute comes too soon', async () => {
  const running = await lab(saying('rcpt', '450 4.2.0 Greylisted'));
  const lines = [hello, mail, rcpt, 'QUIT'];
  await dialogue(running, lines);
  await dialogue(running, lines);
  running.advance(120_000);
  await dialogue(running, lines);
  await running.waitForDialogues(3);
  expect(mannersOf(running.dialogues).retriesTooSoon).toBe(1);
});

test('a recipient was put off: to ask about another one is no retry, to ask about it again is one', async () => {
  const running = await lab(saying('rcpt', '450 4.2.0 Greylisted'));
  const bob = 'RCPT TO:<bob@example.net>';
  for (const last of [rcpt, bob, rcpt]) await dialogue(running, [hello, mail, last, 'QUIT']);
  await running.waitForDialogues(3);
  expect(mannersOf(running.dialogues).retriesTooSoon).toBe(1);
});

test('the client was put off: whoever it asks about, it comes back too soon', async () => {
  const manners = await mannersIn(saying('mail', '451 4.7.1 Later'), [
    [hello, mail, 'QUIT'],
    [hello, mail, 'QUIT'],
  ]);
  expect(manners.retriesTooSoon).toBe(1);
});

test('who was refused for good may come back at once', async () => {
  const manners = await mannersIn(saying('rcpt', '550 5.1.1 No'), [
    [hello, mail, rcpt, 'QUIT'],
    [hello, mail, rcpt, 'QUIT'],
  ]);
  expect(manners.retriesTooSoon).toBe(0);
});

test('whom the host hung up on did not leave', async () => {
  const world: WorldLike = {
    hosts: {
      'mx.example.net': { provider: 'postfix', behaviours: [{ disconnect: { at: 'mail' } }] },
    },
  };
  const manners = await mannersIn(world, [[hello, mail]]);
  expect(manners.leftWithoutQuit).toBe(0);
});

test('manners of several questions are summed', () => {
  const one = { ...noManners, connections: 2, dataSent: 1 };
  expect(addManners(one, { ...noManners, connections: 1, talkedEarly: 1 })).toEqual({
    ...noManners,
    connections: 3,
    dataSent: 1,
    talkedEarly: 1,
  });
});
