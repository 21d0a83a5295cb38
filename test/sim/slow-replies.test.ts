import { expect, test } from 'vitest';
import { RawClient } from './raw-client.ts';
import { address, hello, labWith, mail, rcpt } from './shipped-profiles.ts';

/** What the host says to each line and how long it takes over it, ms; the greeting comes first. */
async function timed(provider: string, situation: string | undefined, lines: readonly string[]) {
  const lab = await labWith(provider, situation);
  const client = await RawClient.to(lab, address);
  const heard: { text: string; took: number }[] = [];
  for (const line of [undefined, ...lines]) {
    const start = lab.clock.now();
    const reply = line === undefined ? await client.reply() : await client.say(line);
    heard.push({ text: reply.join('\r\n'), took: lab.clock.now() - start });
  }
  client.close();
  await lab.close();
  return heard;
}

test('spamd gives a client on a block list one byte a second, to the end', async () => {
  const heard = await timed('openbsd-spamd', undefined, [hello, mail]);
  for (const { text, took } of heard) expect(took).toBe((text.length + 1) * 1_000); // CR and LF, and no wait ahead of the first byte
});

test('spamd loses interest in a client nobody has met after ten seconds', async () => {
  const heard = await timed('openbsd-spamd', 'greylisted', [hello, mail, rcpt('alice'), 'DATA']);
  expect(heard.map(({ took }) => took)).toEqual([10_000, 0, 0, 0, 0]);
  expect(heard.at(-1)?.text).toBe('451 Temporary failure, please try again later.');
});

test('a second MAIL, where it is taken, forgets the recipients of the first', async () => {
  const heard = await timed('qmail', undefined, [mail, rcpt('alice'), mail, 'DATA']);
  expect(heard.slice(-2).map(({ text }) => text)).toEqual(['250 ok', '503 RCPT first (#5.5.1)']);
});
