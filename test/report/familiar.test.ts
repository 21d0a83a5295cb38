import { expect, test } from 'vitest';
import { Dialogue } from '../../src/report/dialogue.ts';
import { Familiar } from '../../src/report/terminal/familiar.ts';
import { type Happening, scenarioOf, Told } from './told.ts';

/** What is left of the attempts of a scenario, a line for each entry. */
function shortened(attempts: readonly (readonly Happening[])[]): string[] {
  const text = `scenario: A\nhosts: { mx1.example.net: postfix }\nsteps:\n${attempts.map(() => '  - attempt: ada@example.net\n').join('')}`;
  const told = attempts.reduce<Told>(
    (before, happenings) => before.step(happenings),
    new Told(scenarioOf('a.yaml', text)),
  );
  const [dialogue, familiar] = [new Dialogue(), new Familiar()];
  return told.steps
    .flatMap((step) => familiar.shorten(dialogue.entriesOf(step)))
    .map(({ entry, insteadOfRest }) => {
      const rest = insteadOfRest === undefined ? '' : ` (${insteadOfRest})`;
      if (entry.kind === 'reply') return `${entry.reply.code}${rest}`;
      if (entry.kind === 'verdict') return entry.verification.verdict;
      return entry.kind === 'lines' ? entry.lines.join(' + ') : entry.text;
    });
}

const opening = (id: string): Happening[] => [
  { connect: '192.0.2.1' },
  { hear: [`220 mx1.example.net ESMTP ready at ${id}`], stage: 'greeting' },
  { say: ['EHLO probe.example.net'] },
  { hear: [`250 mx1.example.net ${id}`], stage: 'ehlo' },
];
const recipient = (code: number): Happening[] => [
  { say: ['RCPT TO:<ada@example.net>'] },
  { hear: [`${code} so`], stage: 'rcpt' },
];
const farewell: Happening[] = [{ say: ['QUIT'] }, { hear: ['221 bye'], stage: 'quit' }, { left: 'closed' }];

test('what goes as before is told in one line; recipients never are', () => {
  expect(
    shortened([
      [...opening('a1'), ...recipient(250), ...farewell],
      [...opening('b2'), ...recipient(250), ...farewell],
    ]),
  ).toEqual([
    'connected to mx1.example.net (192.0.2.1)',
    '220',
    'EHLO probe.example.net',
    '250',
    'RCPT TO:<ada@example.net>',
    '250',
    'QUIT',
    '221',
    'the host closed the connection (FIN)',
    'as before: connection, EHLO',
    'RCPT TO:<ada@example.net>',
    '250',
    'as before: QUIT',
  ]);
});

test('another word, another command or a refusal is told', () => {
  const refused: Happening[] = [
    { connect: '192.0.2.1' },
    { hear: ['554 no'], stage: 'greeting' },
    { left: 'closed' },
  ];
  expect(shortened([refused, refused])).toEqual(
    Array(2)
      .fill(['connected to mx1.example.net (192.0.2.1)', '554', 'the host closed the connection (FIN)'])
      .flat(),
  );
  const heloed: Happening[] = [{ say: ['HELO probe.example.net'] }, { hear: ['250 mx1'], stage: 'ehlo' }];
  expect(shortened([opening('a1'), [...opening('a1'), ...heloed]]).slice(4)).toEqual([
    'as before: connection, EHLO',
    'HELO probe.example.net',
    '250',
  ]);
});

test('a pause stays', () => {
  expect(shortened([[...opening('a1'), { pass: 60_000 }, ...opening('a2')]]).slice(4)).toEqual([
    '1 min later',
    'as before: connection, EHLO',
  ]);
});

test('of a list of capabilities what has changed', () => {
  const list = (...words: string[]): Happening[] => [
    { say: ['EHLO probe.example.net'] },
    {
      hear: [
        '250-mx1.example.net',
        ...words.map((word, i) => `250${i === words.length - 1 ? ' ' : '-'}${word}`),
      ],
      stage: 'ehlo',
    },
  ];
  const lists = [
    ['A', 'B', 'C', 'D', 'STARTTLS'],
    ['A', 'B', 'C', 'D'],
    ['A', 'B', 'C', 'D', 'AUTH PLAIN'],
    ['W', 'X', 'Y', 'Z'],
    ['W', 'X'],
  ];
  const told = shortened([
    [
      { connect: '192.0.2.1' },
      { hear: ['220 hello'], stage: 'greeting' },
      ...lists.flatMap((words) => list(...words)),
    ],
  ]);
  expect(told.filter((line) => line.startsWith('250'))).toEqual([
    '250',
    '250 (and 4 lines as before, without STARTTLS)',
    '250 (and 4 lines as before, and with AUTH PLAIN)',
    '250',
    '250',
  ]);
});
