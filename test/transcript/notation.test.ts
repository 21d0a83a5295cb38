import { expect, test } from 'vitest';
import { stages } from '../../src/smtp/stage.ts';
import type { Ending } from '../../src/transcript/ending.ts';
import { parseDialogue, printDialogue } from '../../src/transcript/notation.ts';
import { noteOfEnding } from '../../src/transcript/note.ts';
import type { TranscriptEvent } from '../../src/transcript/transcript.ts';

function read(text: string): readonly TranscriptEvent[] {
  const parsed = parseDialogue({ file: 'dialogue.txt', text });
  if ('issues' in parsed)
    throw new Error(parsed.issues.map(({ line, message }) => `${line} ${message}`).join('\n'));
  return parsed.events;
}

const session = [
  '-- connected to mx1.example.net (192.0.2.25)',
  'S: 220 mx1.example.net ESMTP',
  'C: EHLO probe.example',
  'S: 250-mx1.example.net',
  'S: 250 SIZE 35882577',
  'C: STARTTLS',
  'S: 220 2.0.0 go ahead',
  '-- TLS 1.3, certificate not trusted: self-signed certificate',
  'C: MAIL FROM:<ada@example.net>',
  'C: RCPT TO:<"a\\\\"b"@example.net>',
  'S: 250 2.1.0 ok',
  '-- 4 h 10 min later',
  'S: 451 4.7.1 zu früh \\x1b[2J',
  'C: DATA',
  'S: 354 go ahead',
  'C: Subject: hello',
  'C:',
  'C: hello',
  '-- and 4980 bytes more',
  'S: 250 2.0.0 queued',
  'C: QUIT',
  '-- 1.5 s later',
  '-- the host reset the connection (RST) in reply to QUIT',
].join('\n');

test('what is printed can be read back', () => {
  expect(printDialogue(read(session))).toBe(session);
});

test('times, bytes and TLS come back too', () => {
  const events = read(session);
  expect(events.map(({ kind }) => kind)).toEqual([
    'connected',
    'received',
    'sent',
    'received',
    'sent',
    'received',
    'secured',
    'sent',
    'sent',
    'received',
    'received',
    'sent',
    'received',
    'sent',
    'received',
    'sent',
    'ended',
  ]);
  expect(events[3]).toEqual({
    at: 0,
    tls: false,
    kind: 'received',
    lines: ['250-mx1.example.net', '250 SIZE 35882577'],
    bytes: 40,
  });
  expect(events[10]).toMatchObject({
    at: 15_000_000,
    tls: true,
    lines: ['451 4.7.1 zu fr\xc3\xbch \x1b[2J'],
  });
  expect(events[13]).toMatchObject({ lines: ['Subject: hello', '', 'hello'], bytes: 5005 });
  expect(events[16]).toMatchObject({
    at: 15_001_500,
    ending: {
      kind: 'disconnected',
      how: 'reset',
      stage: 'quit',
      command: 'QUIT',
      lastSent: 'QUIT\r\n',
      lastReceived: '250 2.0.0 queued\r\n',
      elapsed: 1_500,
    },
  });
});

const circumstances = { lastSent: '', lastReceived: '', elapsed: 0, tls: false };
const endings: Ending[] = [
  ...stages.flatMap((stage): Ending[] => [
    { ...circumstances, stage, kind: 'disconnected', how: 'closed' },
    { ...circumstances, stage, kind: 'timed-out', after: 300_000 },
    { ...circumstances, stage, kind: 'misspoke', why: 'a line of 5000 bytes', bytes: '25\x00 "(\\' },
  ]),
  { ...circumstances, stage: 'command', kind: 'disconnected', how: 'reset', unsolicited: true },
  {
    ...circumstances,
    stage: 'command',
    kind: 'disconnected',
    how: 'closed',
    unsolicited: true,
    command: 'NOOP \x1b',
  },
  { ...circumstances, stage: 'connect', kind: 'unreachable', why: 'refused', code: 'ECONNREFUSED' },
  { ...circumstances, stage: 'connect', kind: 'unreachable', why: 'no-route', code: 'EHOSTUNREACH' },
  { ...circumstances, stage: 'connect', kind: 'unreachable', why: 'timed-out', code: 'ETIMEDOUT' },
  {
    ...circumstances,
    stage: 'starttls',
    kind: 'tls-failed',
    why: 'certificate has expired',
    code: 'CERT_HAS_EXPIRED',
  },
  {
    ...circumstances,
    stage: 'starttls',
    kind: 'tls-failed',
    why: 'the certificate does not prove the name (CERT_HAS_EXPIRED)',
    code: 'CERT_HAS_EXPIRED',
  },
];

test.each(endings.map((ending) => [noteOfEnding(ending), ending] as const))('-- %s', (note) => {
  const text = `-- connected to mx1.example.net (192.0.2.25)\n-- ${note}`;
  const events = read(text);
  expect(events.at(-1)?.kind).toBe('ended');
  expect(printDialogue(events)).toBe(text);
});

test('other notes', () => {
  const text = [
    '-- connected to 192.0.2.7',
    '-- TLS 1.2, certificate trusted',
    '-- the host closed the connection (FIN)',
    '-- connected to localhost (127.0.0.1 port 2525)',
    '-- the host reset the connection (RST)',
    '-- connected to 192.0.2.7 port 465',
    '-- we hung up',
  ].join('\n');
  expect(printDialogue(read(text))).toBe(text);
});

test('indentation, times, explanations and blank lines are passed over', () => {
  const pasted = [
    '   0.000  C: QUIT',
    '',
    '          |  Says goodbye.',
    '5:03.250  S: 221 2.0.0 bye',
    '-- we hung up',
  ].join('\n');
  expect(printDialogue(read(pasted))).toBe('C: QUIT\nS: 221 2.0.0 bye\n-- we hung up');
});

test('what is no dialogue is refused with its place, all of it at once', () => {
  const parsed = parseDialogue({
    file: 'dialogue.txt',
    text: 'C: QUIT\n  X: what\n-- it rained\nC: a\n-- and 5 bytes more\n',
  });
  expect('issues' in parsed && parsed.issues).toEqual([
    { file: 'dialogue.txt', line: 2, column: 3, length: 7, message: 'begins with none of C:, S: and --' },
    { file: 'dialogue.txt', line: 3, column: 1, length: 12, message: 'is not a note that can be read back' },
  ]);
});
