import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadKnowledge } from '../../src/knowledge/knowledge.ts';
import { yamlShelf } from '../../src/knowledge/yaml-shelf.ts';
import { NotLiveError } from '../../src/probe/live-dial.ts';
import { loadScenarios } from '../../src/scenario/load.ts';
import type { ScenarioResult, StepResult } from '../../src/scenario/result.ts';
import { type RunOptions, runScenarios } from '../../src/scenario/run.ts';
import { ProviderShelf } from '../../src/sim/load-profiles.ts';
import type { Ending } from '../../src/transcript/ending.ts';

const folder = new URL('../../fixtures/knowledge/', import.meta.url);
const book = await yamlShelf(folder).read('client-errors');
const endings = await yamlShelf(folder).read('endings');
const knowledge = await loadKnowledge();
const { explainClientError, explainEnding } = knowledge;
const shelf = new ProviderShelf();

const entries = book.clients.flatMap(({ client, errors }) =>
  errors.flatMap((error) => error.samples.map((sample) => ({ client, error, sample }))),
);

test.each(entries)('$client: $sample', async ({ client, error, sample }) => {
  const told = await explainClientError(sample);
  expect(told).toMatchObject({ client, says: error.says });
  expect(told?.endings.length).toBeGreaterThan(0);
  expect(told?.scenario).toBe(told?.endings[0]?.scenario);
});

test('an unknown text is not explained', async () => {
  expect(await explainClientError('')).toBeUndefined();
  expect(await explainClientError('250 2.0.0 Ok')).toBeUndefined();
  expect(await explainClientError('everything went well')).toBeUndefined();
});

test.each([
  ['smtplib.py", line 405, in getreply\n File "smtplib.py", line 530, in mail\n', 'hung-up-at-mail'],
  ['smtplib.py", line 1010, in quit\n', 'hung-up-at-quit'],
])('a traceback tells the stage: %s', async (frames, id) => {
  const text = `  File "${frames}smtplib.SMTPServerDisconnected: Connection unexpectedly closed`;
  expect((await explainClientError(text))?.endings[0]?.id).toBe(id);
});

test.each([
  ['C: EHLO a\nS: 250 b\nC: MAIL FROM:<a@b.c>\nC: RCPT TO:<d@e.f>\nC: DATA\n', 'hung-up-at-mail'],
  ['C: EHLO a\nS: 250 b\nC: DATA\nS: 354 go on\n', 'hung-up-at-message'],
])('so does a dialogue: %j', async (dialogue, id) => {
  const told = await explainClientError(`S: 220 mx\n${dialogue}Error: Connection closed unexpectedly`);
  expect(told?.endings.map((ending) => ending.id)).toEqual([id]);
});

test('without a stage the second place stands for every later one', async () => {
  const told = await explainClientError('Error: Connection closed unexpectedly');
  expect(told?.endings.slice(0, 2)).toMatchObject([
    { id: 'hung-up-before-greeting', covers: [] },
    { id: 'hung-up', covers: expect.arrayContaining(['hung-up-at-ehlo', 'hung-up-at-message']) },
  ]);
});

test.each(['closed', 'reset'] as const)('FIN and RST have scenarios of their own: %s', async (how) => {
  const words = how === 'closed' ? 'Connection closed unexpectedly' : 'read ECONNRESET';
  const told = await explainClientError(`S: 220 mx\nC: EHLO a\nError: ${words}`);
  expect(told?.command).toBe(
    `mxlab run scenarios/disconnect/instead-of-an-answer-by-${how === 'closed' ? 'fin' : 'rst'}.yaml --only 'at: ehlo'`,
  );
});

test.each([
  ['a long line', 'x'.repeat(1_000_000)],
  ['many lines', '< 250-x\n'.repeat(120_000)],
  ['nearly an error', 'curl: (35) '.repeat(100_000)],
  ['spaces', ' '.repeat(1_000_000)],
])(
  'a megabyte is read without a pattern that runs away: %s',
  async (_name, text) => {
    await explainClientError(text);
  },
  5_000,
);

describe('scenarios', () => {
  const named = book.clients.flatMap(({ errors }) =>
    errors.flatMap(({ endings: behind }) => behind.flatMap((one) => ('ending' in one ? [one.ending] : []))),
  );

  test('every ending has one, and every one an ending', () => {
    const known = new Set([...endings.endings.map(({ id }) => id), ...Object.keys(book.outcomes)]);
    expect(Object.keys(book.reproductions).filter((id) => !known.has(id))).toEqual([]);
    expect(named.filter((id) => !Object.hasOwn(book.reproductions, id))).toEqual([]);
  });

  test.each(Object.entries(book.reproductions))(
    '%s is brought about',
    async (id, { scenario, only = '', reset }) => {
      for (const path of reset === undefined ? [scenario] : [scenario, reset]) {
        const results = await runChosen(path, only);
        expect(results.length).toBeGreaterThan(0);
        expect(results.every(({ passed }) => passed)).toBe(true);
        if (Object.hasOwn(book.outcomes, id) || id === 'hung-up') continue;
        const seen = results
          .flatMap(({ steps }) => steps.flatMap(endingsOf))
          .map((ending) => explainEnding(ending).id);
        expect(seen).toContain(id);
      }
    },
  );
});

async function runChosen(path: string, only: string): Promise<ScenarioResult[]> {
  const loaded = await loadScenarios(fileURLToPath(new URL(`../../${path}`, import.meta.url)), { shelf });
  if ('issues' in loaded) throw new Error(`${path} cannot be read`);
  const results: ScenarioResult[] = [];
  const options: RunOptions = {
    seed: '1',
    shelf,
    knowledge,
    dialWorld: ({ address }) => Promise.reject(new NotLiveError(address)),
    parallel: 1,
    bail: false,
    realTime: false,
    sendData: true,
    signal: new AbortController().signal,
    stopwatch: () => performance.now(),
  };
  const chosen = loaded.scenarios.filter(({ variant }) => variant.includes(only));
  await runScenarios(chosen, options, { onScenarioEnd: (result) => void results.push(result) });
  return results;
}

function endingsOf({ answers, traffic }: StepResult): Ending[] {
  const told = traffic.flatMap(({ events }) =>
    events.flatMap((event) => (event.kind === 'ended' ? [event.ending] : [])),
  );
  return [...answers.flatMap((answer) => (answer.kind === 'reply' ? [] : [answer])), ...told];
}
