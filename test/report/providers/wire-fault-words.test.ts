import { expect, test } from 'vitest';
import { behaviourWords } from '../../../src/report/providers/behaviour-words.ts';
import { wireFault } from '../../../src/sim/behaviours/wire-fault.ts';
import { hostStages } from '../../../src/sim/options.ts';

test.each([
  [{ drip: '1s' }, [...hostStages], 'Sends every reply one byte at a time, 1 s apart'],
  [
    { drip: { every: '1s', until: '10s' } },
    'ehlo',
    'Sends its reply at EHLO one byte at a time, 1 s apart, until the session is 10 s old',
  ],
  [
    { split: { size: 5 } },
    ['greeting', 'rcpt'],
    'Sends the greeting, its reply at RCPT TO in pieces of 5 bytes',
  ],
  [{ truncate: 3 }, 'mail', 'Sends its reply at MAIL FROM cut off behind 3 bytes'],
  [{ overlong: 9000 }, 'mail', 'Sends its reply at MAIL FROM as one line of 9000 bytes'],
  [{ 'bare-lf': true }, 'mail', 'Sends its reply at MAIL FROM with LF where CRLF is due'],
  [{ doubled: true }, 'mail', 'Sends its reply at MAIL FROM twice'],
  [{ instead: 'HTTP' }, 'mail', 'Sends its reply at MAIL FROM as bytes that are no such reply'],
  [{ 'followed-by': '250 x' }, 'mail', 'Sends its reply at MAIL FROM with stray bytes behind it'],
])('%j', (fault, at, words) => {
  expect(behaviourWords('wire-fault', wireFault.options.parse({ at, fault }))).toBe(words);
});
