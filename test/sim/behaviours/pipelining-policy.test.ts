import { afterEach, beforeEach, expect, test } from 'vitest';
import { Lab } from '../../../src/sim/lab.ts';
import { hostOverridesSchema, profileSchema } from '../../../src/sim/profile.ts';
import { VirtualClock } from '../../../src/time/virtual-clock.ts';
import { RawClient } from '../raw-client.ts';

let lab: Lab;

beforeEach(() => {
  lab = new Lab({ clock: new VirtualClock(), seed: 1 });
});

afterEach(() => lab.close());

async function meet(options: object): Promise<RawClient> {
  const profile = profileSchema.parse({ provider: 'plain', title: 'A plain host', invented: true });
  const overrides = hostOverridesSchema.parse({
    behaviours: [{ 'pipelining-policy': { reply: '503 5.5.0 Wait', ...options } }],
  });
  await lab.add('mx.example.net', { profile, overrides, addresses: ['192.0.2.25'] });
  const client = await RawClient.to(lab, '192.0.2.25');
  await client.reply();
  return client;
}

const codeOf = (reply: readonly string[]): string => reply.at(-1)?.slice(0, 3) ?? '';

test('refuses a command that was not the last of its group, and takes what may be pipelined', async () => {
  const client = await meet({});
  expect(codeOf(await client.send('EHLO probe.example.org\r\nNOOP\r\n'))).toBe('503');
  expect(codeOf(await client.reply())).toBe('250');
  await client.say('EHLO probe.example.org');
  expect(
    codeOf(await client.send('MAIL FROM:<ada@example.org>\r\nRCPT TO:<bob@example.net>\r\nDATA\r\n')),
  ).toBe('250');
  expect([codeOf(await client.reply()), codeOf(await client.reply())]).toEqual(['250', '354']);
  client.close();
});

test('remembers until a recipient is named', async () => {
  const client = await meet({ at: 'ehlo', 'says-at': 'rcpt' });
  expect(codeOf(await client.send('EHLO probe.example.org\r\nNOOP\r\n'))).toBe('250');
  await client.reply();
  expect(codeOf(await client.say('MAIL FROM:<ada@example.org>'))).toBe('250');
  expect(codeOf(await client.say('RCPT TO:<bob@example.net>'))).toBe('503');
  client.close();
  const patient = await RawClient.to(lab, '192.0.2.25');
  await patient.reply();
  await patient.say('EHLO probe.example.org');
  await patient.say('MAIL FROM:<ada@example.org>');
  expect(codeOf(await patient.say('RCPT TO:<bob@example.net>'))).toBe('250');
  patient.close();
});
