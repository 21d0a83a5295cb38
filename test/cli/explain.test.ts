import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Surroundings } from '../../src/cli/surroundings.ts';
import { postfixLog } from '../bench/postfix-log.ts';
import { folderWith } from './mxlab.ts';
import { typed } from './typed.ts';

const keys = [
  'reply',
  'code',
  'enhanced',
  'stage',
  'provider',
  'reason',
  'about',
  'retry',
  'verifier',
  'confidence',
  'rule',
  'because',
];

/** `mxlab explain` with something piped in, in chunks of this many bytes. */
function explain(
  args: readonly string[],
  piped?: string,
  size = 64 * 1024,
  more: Partial<Surroundings> = {},
): ReturnType<typeof typed> {
  if (piped === undefined) return typed(['explain', ...args], more);
  const bytes = Buffer.from(piped);
  return typed(['explain', ...args], {
    typing: false,
    input: async function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    },
    ...more,
  });
}

function records(stdout: string): Record<string, unknown>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

function sample(name: string): string {
  return readFileSync(new URL(`../evidence/samples/${name}`, import.meta.url), 'utf8');
}

test('a reply as JSON has exactly the promised keys', async () => {
  const { stdout, code } = await explain([
    '--format',
    'json',
    '550 5.1.1 <bob@example.net>: Recipient address rejected: User unknown',
  ]);
  expect(code).toBe(0);
  const [record, ...others] = records(stdout);
  expect(others).toEqual([]);
  expect(Object.keys(record ?? {})).toEqual(keys);
  expect(record).toMatchObject({
    code: 550,
    enhanced: '5.1.1',
    stage: null,
    provider: null,
    reason: 'user-unknown',
    about: 'recipient',
    verifier: 'undeliverable',
  });
});

test.each([
  [['550'], { code: 550, enhanced: null }],
  [['111'], { code: 111, reason: 'other' }],
  [['5.0.0'], { code: null, enhanced: '5.0.0', reason: 'other', because: 'the status 5.0.0' }],
  [['5.7.1'], { code: null, enhanced: '5.7.1', reason: 'policy' }],
  [['450', '4.2.0', 'Greylisted'], { code: 450, enhanced: '4.2.0', reason: 'greylisted' }],
  [['The mailbox is full'], { code: null, enhanced: null, reason: 'mailbox-full' }],
  [
    ['550-5.1.1 No such\\n550 5.1.1 user'],
    { reply: '550-5.1.1 No such\n550 5.1.1 user', reason: 'user-unknown' },
  ],
  [['550 5.7.1 no', '--stage', 'RCPT TO', '--provider', 'gmail'], { stage: 'rcpt', provider: 'google' }],
  [
    ['550 5.7.1 no', '--stage', 'banner', '--provider', 'mx1.hotmail.com.olc.protection.outlook.com'],
    { stage: 'greeting', provider: 'microsoft' },
  ],
])('%j', async (args, expected) => {
  const { stdout, code } = await explain(['--format', 'json', ...args]);
  expect(code).toBe(0);
  expect(records(stdout)).toEqual([expect.objectContaining(expected)]);
});

test('the text for a person says what it is, whose doing, why, and what to do', async () => {
  const { stdout, code } = await explain([
    '550-5.1.1 The email account that you tried to reach does not exist.\n550 5.1.1 gsmtp',
    '--stage',
    'rcpt',
  ]);
  expect(code).toBe(0);
  for (const part of [
    'user-unknown · about the recipient · in reply to RCPT TO',
    'Google',
    'recognised by its words',
    'RFC 5321',
    'RFC 3463',
    'Causes',
    'Do: sender',
    'administrator',
    'validator',
    'Retry',
    'Undeliverable',
    'Because',
    '#no-such-user',
  ])
    expect(stdout).toContain(part);
});

test.each([40, 64, 80, 120])('fits %i columns', async (columns) => {
  for (const name of ['swaks/hung-up-at-rcpt.txt', 'postfix/mixed.log', 'message/postfix.eml']) {
    const { stdout } = await explain(['-'], sample(name), undefined, { columns });
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(columns);
  }
});

test.each([
  [['199'], /nothing in this line/],
  [['999'], /nothing in this line/],
  [['hello world'], /nothing in this line could be understood[\s\S]*line 1: hello world[\s\S]*Expected:/],
  [[''], /there is nothing to explain/],
  [[], /there is nothing to explain/],
  [['no-such.log'], /there is no file no-such\.log/],
  [['550', '--stage', 'lunch'], /there is no stage lunch; known: connect, greeting/],
  [['550', '--format', 'yaml'], /--format/],
  [['550', '--input', 'xml'], /--input/],
  [['550', '--provider', ''], /--provider takes the name/],
])('%j ends with 2', async (args, complaint) => {
  const { code, stdout, stderr } = await explain(args);
  expect(stderr).toMatch(complaint);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
});

test('what cannot be understood is shown, as far as it is known', async () => {
  const { code, stderr } = await explain(
    ['-'],
    'Nov 20 10:00:12 mail postfix/qmgr[900]: 4X: removed\nhello\n',
  );
  expect(code).toBe(2);
  expect(stderr).toMatch(/1 look like a Postfix log/);
  expect(stderr).toMatch(/line 2: hello/);
});

test('files are read one after the other, and need not end their last line', async () => {
  const folder = folderWith({ 'a.log': '550 5.1.1 User unknown', 'b.log': '452 4.2.2 Mailbox full\n' });
  const { stdout } = await explain(['--format', 'json', `${folder}/a.log`, `${folder}/b.log`]);
  expect(records(stdout).map(({ reason }) => reason)).toEqual(['user-unknown', 'mailbox-full']);
});

test('several bounces are read each for itself, and several logs as one', async () => {
  const folder = folderWith({
    'a.eml': sample('message/postfix.eml'),
    'b.eml': sample('message/plain.eml'),
    'c.log': sample('postfix/real.log'),
  });
  const bounces = await explain(['--format', 'json', `${folder}/a.eml`, `${folder}/b.eml`]);
  expect(records(bounces.stdout).map(({ provider, reason }) => [provider, reason])).toEqual([
    ['google', 'user-unknown'],
    [null, 'user-unknown'],
  ]);
  const { stdout } = await explain([`${folder}/c.log`, `${folder}/c.log`]);
  expect(stdout).toMatch(/196 lines, 24 replies/);
  expect(stdout).toMatch(/first[^\n]*c\.log, line 22/);
});

test('a mailbox file has many messages', async () => {
  const mailbox = `From MAILER-DAEMON Fri Nov 20 10:00:00 2026\n${sample('message/postfix.eml')}\n`.repeat(3);
  expect(records((await explain(['-', '--format', 'json'], mailbox)).stdout)).toHaveLength(3);
});

test('a message nested without end is read by its lines', async () => {
  const nested = Array.from(
    { length: 60 },
    (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\n\n--b${i}`,
  ).join('\n');
  const { code, stdout } = await explain(
    ['-', '--format', 'json'],
    `From: a@b.example\n${nested}\nReason: 550 5.1.1 User unknown\n`,
  );
  expect(code).toBe(0);
  expect(records(stdout)).toEqual([expect.objectContaining({ reason: 'user-unknown' })]);
});

const rejected =
  'May  6 12:34:56 mail postfix/smtpd[1]: NOQUEUE: reject: RCPT from x[192.0.2.1]: 450 4.2.0 Greylisted; from=<a@b.example>\n';

/** Bytes piped in, in chunks of this size. */
function pipe(bytes: Buffer, size: number): Partial<Surroundings> {
  return {
    typing: false,
    input: async function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    },
  };
}

test.each([1, 64 * 1024])('a log packed with gzip is read as it is, in chunks of %i bytes', async (size) => {
  const packed = Buffer.concat([gzipSync(rejected.repeat(3)), gzipSync(rejected)]); // as gzip joins members, RFC 1952 2.2
  const { stdout: out, code } = await typed(['explain', '-'], pipe(packed, size));
  expect(out).toContain('a Postfix log: 4 lines, 4 replies');
  expect(code).toBe(0);
});

test.each([
  ['cut short', gzipSync(rejected.repeat(3)).subarray(0, 40)],
  ['damaged', Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.alloc(60, 0x61)])],
])('what gzip cannot unpack is said: %s', async (_name, bytes) => {
  const { stderr: err, code } = await typed(['explain', '-'], pipe(bytes, 1_000));
  expect(err).toContain('looks like gzip and cannot be unpacked');
  expect(code).toBe(2);
});

test.each([
  ['SMTP Error: data not accepted.', 'PHPMailer'],
  ['javax.net.ssl.SSLHandshakeException: No appropriate protocol (protocol is disabled)', 'JavaMail'],
  ['dial tcp: lookup smtp.example.com: no such host', 'net/smtp and gomail (Go)'],
  ['curl: (55) RCPT failed: 550', 'curl'],
  ['*** Remote host closed connection unexpectedly.', 'swaks'],
])('words of a client are no words of a server: %s', async (words, client) => {
  const { stdout: out } = await explain([words]);
  expect(out).toContain(`Printed by    ${client}`);
  expect(out).not.toContain('Undeliverable');
});

test('a server that a client quotes by status and words is explained, not the client', async () => {
  const { stdout: out } = await explain([
    'SMTP Error: The following recipients failed: a@b.example: 5.1.1 User unknown',
  ]);
  expect(out).toContain('user-unknown');
});

test('what stands around a complaint does not change what it complains of', async () => {
  const { stdout: out } = await explain(
    ['-'],
    [
      'May  6 12:34:56 mail postfix/smtp[1]: 4VqZk1234: to=<x@web.example>, relay=mx.web.example[192.0.2.1]:25, dsn=4.4.2, status=deferred (lost connection with mx.web.example[192.0.2.1] while receiving the initial server greeting)',
      'May  6 12:34:57 mail postfix/smtp[1]: 4VqZk1235: to=<x@nx.example>, relay=none, dsn=5.4.4, status=bounced (Host or domain name not found. Name service error for name=nx.example type=A: Host not found)',
      '',
    ].join('\n'),
  );
  expect(out).toContain('DNS has no address for the name of the server.');
});

test('a folder is no file', async () => {
  const { code, stderr } = await explain([folderWith({})]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/is a folder/) });
});

test.each([1, 5, 64, 4_096])('a pipe in chunks of %i bytes gives the same answers', async (size) => {
  const text = sample('smtplib/421-lost-at-ehlo.txt');
  expect((await explain(['-', '--format', 'json'], text, size)).stdout).toBe(
    (await explain(['-', '--format', 'json'], text)).stdout,
  );
});

test('the end of a dialogue is explained with what came before', async () => {
  const { stdout } = await explain(['-'], sample('telnet/dropped.txt'));
  expect(stdout).toContain('The host closed the connection in reply to EHLO.');
  expect(stdout).toMatch(/Your side.*\n?.*localhost|localhost/);
});

test('a log becomes a summary by reason and provider with first and last example', async () => {
  const { stdout, code } = await explain(['-'], sample('postfix/real.log'));
  expect(code).toBe(0);
  expect(stdout).toMatch(/a Postfix log: 98 lines, 12 replies, 5 connections lost/);
  expect(stdout).toMatch(/count +share +reason +provider/);
  expect(stdout).toMatch(/3 +\d+\.\d % +user-unknown/);
  expect(stdout).toMatch(/first +line 22: 5\.1\.1 User unknown/);
  expect(stdout).toMatch(/last +line 85: 5\.1\.1 User unknown/);
});

test('a long log is told in few lines', async () => {
  const { stdout } = await explain(['-'], [...postfixLog(5_000, 'long')].join('\n'));
  expect(stdout.split('\n').length).toBeLessThan(150);
  expect(stdout).toContain('5,000 lines');
});

test('JSON Lines are answered in order, a line for each, also for those that ask nothing', async () => {
  const lines = [
    '{"reply":"550 5.1.1 User unknown","stage":"rcpt","provider":"gmail"}',
    'nonsense',
    '',
    '[1]',
    '{"reply":7}',
    '{"stage":"rcpt"}',
    '{"reply":""}',
    '{"reply":"450-4.2.0 Grey\\r\\n450 4.2.0 listed","stage":"helo"}',
    '{"reply":"552 5.2.2 Mailbox full","stage":"lunch"}',
  ];
  const { stdout, stderr, code } = await explain(['--input', 'jsonl', '-'], lines.join('\n'));
  const answers = records(stdout);
  expect(code).toBe(0);
  expect(answers).toHaveLength(lines.length);
  expect(answers.map(({ reason }) => reason)).toEqual([
    'user-unknown',
    'other',
    'other',
    'other',
    'other',
    'other',
    'other',
    'greylisted',
    'mailbox-full',
  ]);
  expect(answers.map((answer) => 'error' in answer)).toEqual([
    false,
    true,
    true,
    true,
    true,
    true,
    true,
    false,
    false,
  ]);
  expect(answers[0]).toMatchObject({ reply: '550 5.1.1 User unknown', stage: 'rcpt', provider: 'gmail' });
  expect(answers[7]).toMatchObject({ reply: '450-4.2.0 Grey\r\n450 4.2.0 listed', stage: 'helo' });
  expect(stderr).toMatch(/line 2: the line is no JSON[\s\S]*line 9: "stage" is none of/);
});

test('JSON Lines are recognised, and become a summary for a person', async () => {
  const piped = '{"reply":"550 5.1.1 User unknown"}\n{"reply":"552 5.2.2 Mailbox full"}\n';
  expect(records((await explain(['-', '--format', 'json'], piped)).stdout)).toHaveLength(2);
  expect((await explain(['-'], piped)).stdout).toMatch(/count +share +reason/);
  expect((await explain(['--input', 'jsonl', '--format', 'text', '-'], piped)).stdout).toMatch(
    /count +share +reason/,
  );
});

test('answers wait until they are read', async () => {
  let unread = 0;
  let most = 0;
  const piped = '{"reply":"550 5.1.1 User unknown"}\n'.repeat(2_000);
  const { code } = await explain(['--input', 'jsonl', '-'], piped, 1_024, {
    write: () => {
      most = Math.max(most, ++unread);
    },
    drained: async () => {
      unread = 0;
    },
  });
  expect({ code, most }).toEqual({ code: 0, most: 1 });
});

test('words with marks above ASCII come back as they were', async () => {
  const [record] = records(
    (await explain(['--format', 'json', '550 5.1.1 boîte inconnue: пользователь'])).stdout,
  );
  expect(record).toMatchObject({ reply: '550 5.1.1 boîte inconnue: пользователь' });
});

test('control characters, escape sequences and marks of direction are harmless', async () => {
  const nasty = '550 5.1.1 \x1b[31mUser\x07 unknown\u202e <script>\x9b2J';
  for (const format of ['text', 'json']) {
    for (const args of [[nasty], ['-'], ['--input', 'jsonl', '-']]) {
      const piped = args.includes('jsonl') ? `${JSON.stringify({ reply: nasty })}\n` : `${nasty}\n`;
      const { stdout } = await explain(['--format', format, ...args], piped);
      expect(stdout).toContain('User');
      expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    }
  }
  const { stderr } = await explain(['-'], '\x1b[31mhello\u202e\n');
  expect(stderr).not.toMatch(/[\x00-\x09\x0b-\x1f\u202e]/);
});

test('a person who waits sees how far it is', async () => {
  const shown: string[] = [];
  let now = 0;
  const progress = (text: string) => void shown.push(text);
  await explain(['-'], [...postfixLog(2_000, 'p')].join('\n'), 4_096, {
    progress,
    stopwatch: () => (now += 300),
  });
  expect(shown[0]).toMatch(/^[\d,]+ lines read$/);
  expect(shown.at(-1)).toBe('');
});
