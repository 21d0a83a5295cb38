import { expect, test } from 'vitest';
import { Lab } from '../../src/sim/lab.ts';
import { hostOverridesSchema, profileSchema } from '../../src/sim/profile.ts';
import { VirtualClock } from '../../src/time/virtual-clock.ts';
import { RawClient } from './raw-client.ts';

/** Sends bytes in one write to a plain host and reads so many replies after the greeting. */
async function repliesTo(
  bytes: string,
  count: number,
  behaviours: readonly object[] = [],
): Promise<string[]> {
  const lab = new Lab({ clock: new VirtualClock(), seed: 1 });
  try {
    const profile = profileSchema.parse({ provider: 'plain', title: 'A plain host', invented: true });
    const overrides = hostOverridesSchema.parse({ behaviours });
    await lab.add('mx.example.net', { profile, overrides, addresses: ['192.0.2.25'] });
    const client = await RawClient.to(lab, '192.0.2.25');
    await client.reply();
    const heard = [(await client.send(bytes)).at(-1) ?? ''];
    while (heard.length < count) heard.push((await client.reply()).at(-1) ?? '');
    client.close();
    return heard;
  } finally {
    await lab.close();
  }
}

const envelope = 'MAIL FROM:<ada@example.org>\r\nRCPT TO:<bob@example.net>\r\nDATA\r\n';
const queued = expect.stringMatching(/^250 2\.0\.0 Ok: queued/);

test('two whole transactions in one write get all their replies', async () => {
  const bytes = `EHLO probe.example.org\r\n${envelope}one\r\n.\r\n${envelope}two\r\n.\r\nNOOP\r\n`;
  const codes = (await repliesTo(bytes, 10)).map((reply) => reply.slice(0, 3));
  expect(codes).toEqual(['250', '250', '250', '354', '250', '250', '250', '354', '250', '250']);
});

test('a message with thousands of stuffed dots does not let simulated time run away', async () => {
  const bytes = `EHLO probe.example.org\r\n${envelope}${'..\r\n'.repeat(5_000)}.\r\n`;
  const idle = { 'session-limits': { idle: '5m', reply: '421 4.4.2 Timeout exceeded' } };
  expect((await repliesTo(bytes, 5, [idle])).at(-1)).toEqual(queued);
});

test('a host that thinks about a message for an hour keeps nobody else’s time', async () => {
  const bytes = `EHLO probe.example.org\r\n${envelope}..one\r\n.\r\n`;
  expect((await repliesTo(bytes, 5, [{ tarpit: { at: 'message', delay: '1h' } }])).at(-1)).toEqual(queued);
});
