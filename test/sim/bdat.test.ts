import { expect, test } from 'vitest';
import { offering, plainLab } from './plain-lab.ts';
import { WireClient } from './walk/wire-client.ts';

const envelope = ['MAIL FROM:<ada@example.org>', 'RCPT TO:<bob@example.net>'];

/** The last line of the reply to each piece of what is written at once behind EHLO. */
async function answers(pieces: readonly string[], behaviours: readonly object[] = []): Promise<string[]> {
  const { lab } = await plainLab(behaviours, offering);
  const client = await WireClient.to(lab, '192.0.2.25');
  await client.reply();
  client.write(['EHLO probe.example.org\r\n', ...pieces].join(''));
  await client.reply();
  const heard: string[] = [];
  for (let i = 0; i < pieces.length; i++)
    heard.push((await client.reply())?.at(-1) ?? client.ended ?? 'silence');
  client.hangUp();
  return heard;
}

const lines = (...commands: readonly string[]): string[] => commands.map((command) => `${command}\r\n`);
const queued = expect.stringMatching(/^250 2\.0\.0 Ok: queued/);
const ok = expect.stringMatching(/^250 /);

test('a message in one chunk', async () => {
  expect(await answers([...lines(...envelope), 'BDAT 7 LAST\r\nhello\r\n', ...lines('NOOP')])).toEqual([
    ok,
    ok,
    queued,
    ok,
  ]);
});

test('chunks hold anything: commands, dots, NULs, no line ends', async () => {
  const pieces = [
    ...lines(...envelope),
    'BDAT 6\r\nQUIT\r\n',
    'BDAT 5\r\n\r\n.\r\n',
    'BDAT 3\r\n\0\xff\0',
    'BDAT 1 LAST\r\nx',
    ...lines('NOOP'),
  ];
  expect(await answers(pieces)).toEqual([
    ok,
    ok,
    '250 2.0.0 Ok: 6 bytes',
    '250 2.0.0 Ok: 5 bytes',
    '250 2.0.0 Ok: 3 bytes',
    queued,
    ok,
  ]);
});

test('an empty last chunk ends the message', async () => {
  expect(await answers([...lines(...envelope), 'BDAT 2\r\nhi', ...lines('BDAT 0 LAST', 'NOOP')])).toEqual([
    ok,
    ok,
    ok,
    queued,
    ok,
  ]);
});

test('a message in megabytes of chunks', async () => {
  const chunk = `BDAT 1048576\r\n${'x'.repeat(1_048_576)}`;
  const answer = '250 2.0.0 Ok: 1048576 bytes';
  expect(
    await answers([...lines(...envelope), chunk, chunk, chunk, ...lines('BDAT 0 LAST', 'NOOP')]),
  ).toEqual([ok, ok, answer, answer, answer, queued, ok]);
});

test('without a transaction the octets are read all the same, and refused', async () => {
  expect(await answers(['BDAT 6\r\nQUIT\r\n', ...lines('NOOP')])).toEqual([
    expect.stringMatching(/^503 5\.5\.1 /),
    ok,
  ]);
  const noRecipient = await answers([
    ...lines('MAIL FROM:<ada@example.org>'),
    'BDAT 6\r\nQUIT\r\n',
    'BDAT 6 LAST\r\nQUIT\r\n',
    ...lines('NOOP'),
  ]);
  expect(noRecipient).toEqual([
    ok,
    expect.stringMatching(/^503 5\.5\.1 /),
    expect.stringMatching(/^503 5\.5\.1 /),
    ok,
  ]);
});

test('with nobody let in the octets are read all the same, and refused', async () => {
  const refusing = { 'canned-reply': { at: 'rcpt', reply: '550 5.1.1 No such user' } };
  expect(
    await answers([...lines(...envelope), 'BDAT 6 LAST\r\nQUIT\r\n', ...lines('NOOP')], [refusing]),
  ).toEqual([ok, '550 5.1.1 No such user', expect.stringMatching(/^554 5\.5\.1 /), ok]);
});

test('DATA does not follow BDAT, and RSET makes room for it', async () => {
  const pieces = [
    ...lines(...envelope),
    'BDAT 2\r\nhi',
    ...lines('DATA', 'RSET', ...envelope, 'DATA'),
    '.\r\n',
  ];
  expect(await answers(pieces)).toEqual([
    ok,
    ok,
    ok,
    expect.stringMatching(/^503 5\.5\.1 /),
    ok,
    ok,
    ok,
    expect.stringMatching(/^354 /),
    queued,
  ]);
});

test('what is no count is refused, and nothing is read', async () => {
  for (const argument of ['', 'x', '-1', '0x10', '5x LAST', 'LAST']) {
    const [, , refusal, next] = await answers([...lines(...envelope, `BDAT ${argument}`, 'NOOP')]);
    expect(refusal, argument).toMatch(/^501 5\.5\.4 /);
    expect(next).toEqual(ok);
  }
});

test('a count with nonsense behind it is refused, and its octets are read', async () => {
  for (const argument of ['6 FIRST', '6 LAST LAST']) {
    const [, , refusal, next] = await answers([
      ...lines(...envelope),
      `BDAT ${argument}\r\nQUIT\r\n`,
      ...lines('NOOP'),
    ]);
    expect(refusal, argument).toMatch(/^501 5\.5\.4 /);
    expect(next).toEqual(ok);
  }
});

test('a chunk larger than any message is waited for, not stored', async () => {
  const { lab, clock } = await plainLab([], offering);
  const client = await WireClient.to(lab, '192.0.2.25');
  await client.reply();
  client.write(
    ['EHLO x.example.org', ...envelope, 'BDAT 99999999999999999999'].map((line) => `${line}\r\n`).join(''),
  );
  for (let i = 0; i < 3; i++) await client.reply();
  const before = process.memoryUsage().arrayBuffers;
  await client.pour(Buffer.alloc(1024 * 1024, 'x'), 512);
  await clock.sleep(1_000);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(128 * 1024 * 1024);
  client.hangUp();
});

test('a refusal after the last chunk is the end of the message', async () => {
  const refusing = { 'canned-reply': { at: 'message', reply: '554 5.7.1 Spam' } };
  expect(
    await answers(
      [...lines(...envelope), 'BDAT 2\r\nhi', 'BDAT 2 LAST\r\nhi', ...lines(...envelope), 'BDAT 1 LAST\r\nx'],
      [refusing],
    ),
  ).toEqual([ok, ok, ok, '554 5.7.1 Spam', ok, ok, '554 5.7.1 Spam']);
});
