import { describe, expect, test } from 'vitest';
import { Dialogue, type DialogueEntry } from '../../src/report/dialogue.ts';
import { dialogueText } from '../../src/report/dialogue-text.ts';
import type { ScenarioResult } from '../../src/scenario/result.ts';
import { parseDialogue, printDialogue } from '../../src/transcript/notation.ts';
import * as stories from './stories.ts';
import { endingAt, type Happening, scenarioOf, Told } from './told.ts';

function entriesOf({ steps }: ScenarioResult): DialogueEntry[] {
  const dialogue = new Dialogue();
  return steps.flatMap((step) => dialogue.entriesOf(step));
}

const replies = (result: ScenarioResult): string[] =>
  entriesOf(result).flatMap((entry) =>
    entry.kind === 'reply' ? [`${entry.stage} ${entry.reply.code} ${entry.elapsed}`] : [],
  );

function tell(
  steps: readonly (readonly Happening[])[],
  verbs = ['connect: mx1.example.net', 'mail: a@b.example', 'rcpt: c@d.example'],
): Told {
  const text = [
    'scenario: A test',
    'hosts: { mx1.example.net: postfix }',
    'steps:',
    ...verbs.map((verb) => `  - ${verb}`),
    '',
  ].join('\n');
  return steps.reduce<Told>(
    (told, happenings) => told.step(happenings),
    new Told(scenarioOf('a.yaml', text)),
  );
}

const greeted: Happening[] = [{ connect: '192.0.2.1' }, { hear: ['220 hello'], stage: 'greeting' }];

describe('stages', () => {
  test('those of a whole attempt are found out, though its answers name only one', () => {
    const told = stories.waited();
    const [first] = told.steps;
    const decisive = {
      ...told.steps[0],
      answers: first?.answers.slice(3, 4) ?? [],
    } as (typeof told.steps)[number];
    expect(replies({ ...told.result(), steps: [decisive] })).toEqual([
      'greeting 220 0',
      'ehlo 250 0',
      'mail 250 0',
      'rcpt 450 15000',
      'quit 221 0',
    ]);
  });

  test('the replies of a group come with its first command', () => {
    const group: Happening[] = [
      { say: ['MAIL FROM:<a@b.example>', 'RCPT TO:<c@d.example>'] },
      { hear: ['250 ok'], stage: 'mail' },
      { pass: 5 },
      { hear: ['550 no'], stage: 'command' },
    ];
    expect(replies(tell([greeted, group]).result())).toEqual(['greeting 220 0', 'mail 250 0', 'rcpt 550 5']);
  });

  test('a reply that nobody asked for belongs to no command and answers none', () => {
    const result = tell([
      greeted,
      [{ pass: 60_000 }, { hear: ['421 bye'], stage: 'command', unsolicited: true }, { left: 'closed' }],
    ]).result();
    expect(replies(result)).toEqual(['greeting 220 0', 'command 421 undefined']);
  });
});

describe('times', () => {
  const timed = (result: ScenarioResult): string[] =>
    entriesOf(result).flatMap((entry) => (entry.kind === 'note' ? [`${entry.at} ${entry.text}`] : []));

  test('count from the beginning of the scenario, and pauses are told', () => {
    expect(timed(stories.waited().result())).toEqual([
      '0 connected to mx1.example.net (192.0.2.1)',
      '15000 15 s later',
      '15000 the host closed the connection (FIN)',
      '14415000 4 h later',
      '14415000 connected to mx1.example.net (192.0.2.1)',
      '14415000 the host closed the connection (FIN)',
    ]);
  });

  test('a wait during which something happens is told in two parts', () => {
    const waiting: Happening[] = [{ pass: 300_000 }, { left: 'closed' }, { pass: 60_000 }];
    expect(timed(tell([greeted, waiting], ['connect: mx1.example.net', 'wait: 6m']).result())).toEqual([
      '0 connected to mx1.example.net (192.0.2.1)',
      '300000 5 min later',
      '300000 the host closed the connection (FIN)',
      '360000 1 min later',
    ]);
  });

  test('a silence tells its own length', () => {
    expect(timed(stories.ended().result())).toEqual(['0 connected to mx1.example.net (192.0.2.1)']);
  });
});

describe('endings', () => {
  const endings = (result: ScenarioResult): string[] =>
    entriesOf(result).flatMap((entry) => (entry.kind === 'ending' ? [entry.text] : []));
  const gone = endingAt('mail', { kind: 'disconnected', how: 'closed' });
  const before = endingAt('rcpt', {
    kind: 'disconnected',
    how: 'closed',
    unsolicited: true,
    command: 'NOOP',
  });

  test('one that came before the step is told from its answer', () => {
    const told = tell([greeted, [{ say: ['MAIL FROM:<a@b.example>'] }, { end: gone }]]);
    const step = {
      ...told.steps[1],
      number: 3,
      traffic: [],
      answers: [before],
    } as (typeof told.steps)[number];
    expect(endings({ ...told.result(), steps: [...told.steps, step] })).toEqual([
      'the host closed the connection (FIN) in reply to MAIL FROM',
      'NOOP was not sent: the host had closed the connection (FIN)',
    ]);
  });

  test('the commands of a group do not tell it again', () => {
    const told = tell([greeted, [{ say: ['MAIL FROM:<a@b.example>'] }, { end: gone }]]);
    const place = { ...told.steps[1]?.place, path: ['steps', 1, 'pipeline', 1] };
    const step = {
      ...told.steps[1],
      number: 3,
      place,
      traffic: [],
      answers: [gone],
    } as (typeof told.steps)[number];
    expect(endings({ ...told.result(), steps: [...told.steps, step] })).toHaveLength(1);
  });

  test('each comes with the transcript of its own connection', () => {
    const reset = endingAt('greeting', { kind: 'disconnected', how: 'reset' });
    const told = tell(
      [greeted, [{ connect: '192.0.2.1' }, { end: reset }]],
      ['connect: mx1.example.net', 'connect: mx1.example.net'],
    );
    const [ending] = entriesOf(told.result()).filter((entry) => entry.kind === 'ending');
    expect(ending?.transcript.events.map(({ kind }) => kind)).toEqual(['connected', 'ended']);
  });
});

describe('as text', () => {
  test.each([
    ['passed', stories.passed],
    ['waited', stories.waited],
    ['ended', stories.ended],
    ['hostile', stories.hostile],
  ] as const)('%s can be read back', (_, story) => {
    const text = dialogueText(entriesOf(story().result()), () => undefined).join('\n');
    const parsed = parseDialogue({ file: 'a.txt', text });
    expect('events' in parsed && printDialogue(parsed.events)).toBe(text);
  });

  test('explanations stand below their replies', () => {
    const [, greeting, explanation] = dialogueText(
      entriesOf(stories.waited().result()),
      ({ stage }) => `said at ${stage}`,
    );
    expect([greeting, explanation]).toEqual(['S: 220 mx1.example.net ESMTP', '|  said at greeting']);
  });
});
