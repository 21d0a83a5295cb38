import { expect, test } from 'vitest';
import type { Stage } from '../../src/smtp/stage.ts';
import { StageTracker } from '../../src/transcript/stage-tracker.ts';

/** Plays `C: ...` and `S: CODE`; gives the stage of each reply. */
function follow(lines: readonly string[]): Stage[] {
  const tracker = new StageTracker();
  return lines.flatMap((line) => {
    if (line.startsWith('S: ')) return [tracker.replied(Number(line.slice(3)))];
    const sent = line.slice(3).split('|');
    tracker.sent(
      sent,
      sent.reduce((bytes, part) => bytes + part.length + 2, 0),
    );
    return [];
  });
}

test('a whole session', () => {
  const session = [
    'S: 220',
    'C: EHLO a',
    'S: 250',
    'C: STARTTLS',
    'S: 220',
    'C: ehlo a',
    'S: 250',
    'C: MAIL FROM:<>',
    'S: 250',
  ];
  const rest = [
    'C: RCPT TO:<a@b>',
    'S: 250',
    'C: DATA',
    'S: 354',
    'C: Subject: MAIL FROM|.',
    'S: 250',
    'C: NOOP',
    'S: 250',
    'C: QUIT',
    'S: 221',
  ];
  expect(follow([...session, ...rest])).toEqual([
    'greeting',
    'ehlo',
    'starttls',
    'ehlo',
    'mail',
    'rcpt',
    'data',
    'message',
    'command',
    'quit',
  ]);
});

test('the commands of a group, in one write and in several', () => {
  expect(
    follow([
      'S: 220',
      'C: MAIL FROM:<>|RCPT TO:<a@b>|RCPT TO:<c@d>|DATA',
      'S: 250',
      'S: 550',
      'S: 250',
      'S: 354',
    ]),
  ).toEqual(['greeting', 'mail', 'rcpt', 'rcpt', 'data']);
  expect(follow(['S: 220', 'C: MAIL FROM:<>', 'C: RCPT TO:<a@b>', 'S: 250', 'S: 550'])).toEqual([
    'greeting',
    'mail',
    'rcpt',
  ]);
});

test('AUTH goes on after each 334', () => {
  expect(follow(['S: 220', 'C: AUTH LOGIN', 'S: 334', 'C: ****', 'S: 334', 'C: ****', 'S: 235'])).toEqual([
    'greeting',
    'auth',
    'auth',
    'auth',
  ]);
});

test('DATA that is refused is followed by commands', () => {
  expect(follow(['S: 220', 'C: DATA', 'S: 554', 'C: RSET', 'S: 250'])).toEqual([
    'greeting',
    'data',
    'command',
  ]);
});

test('the octets of BDAT are no commands, in the same write and in the next', () => {
  const tracker = new StageTracker();
  expect(tracker.replied(220)).toBe('greeting');
  tracker.sent(['BDAT 6', 'QUIT'], 'BDAT 6\r\nQUIT\r\n'.length);
  expect(tracker.replied(250)).toBe('data');
  tracker.sent(['BDAT 6 LAST'], 'BDAT 6 LAST\r\n'.length);
  tracker.sent(['QUIT'], 6);
  tracker.sent(['QUIT'], 6);
  expect([tracker.replied(250), tracker.replied(221)]).toEqual(['message', 'quit']);
});

test('a reply that nobody asked for, and another connection', () => {
  const tracker = new StageTracker();
  expect([tracker.replied(220), tracker.replied(421)]).toEqual(['greeting', 'command']);
  tracker.connected();
  expect(tracker.replied(220)).toBe('greeting');
});
