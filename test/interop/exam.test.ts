import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { marks } from '../../src/exam/mark.ts';
import { main, root } from '../cli/mxlab.ts';
import { pythonWithDns, run, validatorsFolder } from './peers.ts';
import { keptScoreCards, type ScoreCardFile, scoreCardsFile } from './score-cards.ts';

/** With MXLAB_KEEP_SCORE_CARDS=1 what is found becomes what is expected. */
const keep = process.env.MXLAB_KEEP_SCORE_CARDS === '1';
/** Longest that an exam may take, in ms: two questions of a case may hang one after the other, on a busy machine. */
const patience = 400_000;

const functions: Readonly<Record<string, string>> = {
  'deep-email-validator': 'deepEmailValidator',
  'email-deep-validator': 'emailDeepValidator',
  'email-verify': 'emailVerify',
  '@devmehq/email-validator-js': 'devmehq',
};

const versions: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(root, 'test/interop/validators/package.json'), 'utf8'),
).dependencies;

const script = 'smtplib and dnspython';

interface Card extends ScoreCardFile {
  readonly code: number | null;
  readonly errors: string;
}

let folder: string;
const cards = new Map<string, Card>();

/** Puts a validator through the exam, as a person would, and reads the score card that it wrote. */
async function examine(validator: readonly string[], more: readonly string[] = []): Promise<Card> {
  const file = join(folder, `${validator.join('-').replace(/\W+/g, '-')}${more.length}.json`);
  const usual = ['--parallel', '16', '--time-limit', '60s', '--seed', '1', '--reporter', `json=${file}`];
  const { code, errors } = await run(
    process.execPath,
    [main, 'exam', ...validator, ...usual, ...more],
    '',
    patience,
  );
  if (code !== 0 && code !== 1) throw new Error(`mxlab exam ended with ${code}: ${errors}`);
  const { counts, manners, answers } = JSON.parse(readFileSync(file, 'utf8'));
  const told = answers.map((one: { case: string; address: string; mark: string }) => [
    `${one.case} ${one.address}`,
    one.mark,
  ]);
  return { code, errors, counts, manners, marks: Object.fromEntries(told) };
}

const byModule = (name: string): string[] => [
  '--module',
  join(validatorsFolder(), `validators.mjs#${functions[name]}`),
  '--mapping',
  name.replace(/^@(\w+)\/.*/, '$1'),
];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mxlab-exam-'));
  const python = pythonWithDns();
  const examined = await Promise.all(
    Object.keys(functions).map(
      async (name) => [`${name} ${versions[name]}`, await examine(byModule(name))] as const,
    ),
  );
  for (const [name, card] of examined) cards.set(name, card);
  const check = join(validatorsFolder(), 'check.py');
  cards.set(script, await examine(['--command', `${python} ${check} {address}`])); // a process each: alone, or it is too late for all
  if (keep)
    writeFileSync(scoreCardsFile, `${JSON.stringify(Object.fromEntries([...cards].map(kept)), null, 2)}\n`);
}, 2 * patience);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function kept([name, { counts, manners, marks }]: [string, Card]): [string, ScoreCardFile] {
  return [name, { counts, manners, marks }];
}

const names = [...Object.keys(functions).map((name) => `${name} ${versions[name]}`), script];

test('a card is kept of each', () => {
  expect(Object.keys(keptScoreCards())).toEqual(names);
});

describe.each(names)('%s', (name) => {
  test('answers as it did', () => {
    expect(cards.get(name)?.marks).toEqual(keptScoreCards()[name]?.marks);
    expect(cards.get(name)?.counts).toEqual(keptScoreCards()[name]?.counts);
  });

  test('is not right everywhere, nor wrong everywhere', () => {
    const { code, counts, marks: told } = cards.get(name) as Card;
    const questions = Object.keys(told).length;
    expect(questions).toBe(marks.reduce((sum, mark) => sum + counts[mark], 0));
    expect(counts.right).toBeGreaterThan(questions / 4);
    expect(counts.right).toBeLessThan(questions * 0.9);
    expect(counts.dangerous).toBeGreaterThan(0);
    expect(code).toBe(1);
  });

  test('really spoke to hosts, and sent no message', () => {
    expect(cards.get(name)?.manners).toMatchObject({ dataSent: 0 });
    expect(cards.get(name)?.manners.connections).toBeGreaterThan(50);
  });
});

test('the same seed brings the same answers', async () => {
  const some = ['--only', 'catch-all/', '--only', 'plain/strict', '--only', 'endings/every-second-time'];
  const [first, second] = [
    await examine(byModule('email-deep-validator'), some),
    await examine(byModule('email-deep-validator'), some),
  ];
  expect(Object.keys(first.marks).length).toBeGreaterThan(5);
  expect(second).toEqual(first);
});
