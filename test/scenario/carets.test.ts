import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadKnowledge } from '../../src/knowledge/knowledge.ts';
import { positionOfCheck } from '../../src/report/place.ts';
import { loadScenarios } from '../../src/scenario/load.ts';
import type { StepResult } from '../../src/scenario/result.ts';
import { runScenarios } from '../../src/scenario/run.ts';
import { ProviderShelf } from '../../src/sim/load-profiles.ts';

const shelf = new ProviderShelf(fileURLToPath(new URL('providers/', import.meta.url)));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mxlab-carets-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function runFile(file: string): Promise<readonly StepResult[]> {
  const loaded = await loadScenarios(file, { shelf });
  if ('issues' in loaded) throw new Error(JSON.stringify(loaded.issues));
  const steps: StepResult[] = [];
  const options = {
    seed: '1',
    shelf,
    knowledge: await loadKnowledge(),
    dialWorld: () => Promise.reject(new Error('no world')),
    parallel: 1,
    bail: false,
    realTime: false,
    sendData: true,
    signal: new AbortController().signal,
    stopwatch: () => 0,
  };
  await runScenarios(loaded.scenarios, options, { onStepEnd: (step) => steps.push(step) });
  return steps;
}

/** `»` and `«` stand around what a failed expectation must point at. */
function marked(text: string): { plain: string; line: number; column: number; length: number } {
  const lines = text.split('\n');
  const line = lines.findIndex((each) => each.includes('»'));
  const start = lines[line]?.indexOf('»') ?? 0;
  const length = (lines[line]?.indexOf('«') ?? 0) - start - 1;
  return { plain: text.replace(/[»«]/g, ''), line: line + 1, column: start + 1, length };
}

/** Runs a scenario with these steps, of which one fails in one check, and tells where that stands. */
async function failuresOf(steps: string, shared?: string) {
  const { plain, ...expected } = marked(steps);
  const head = 'scenario: x\nhosts: { mx1.example.net: plain, mx2.example.net: strict }\nsteps:\n';
  await writeFile(join(folder, 'scenario.yaml'), head + plain);
  const inShared = shared === undefined ? undefined : marked(shared);
  if (inShared) await writeFile(join(folder, 'shared.yaml'), inShared.plain);
  const results = await runFile(join(folder, 'scenario.yaml'));
  const [step, ...others] = results.filter(({ passed }) => !passed);
  const [check, ...more] = step?.checks.filter(({ passed }) => !passed) ?? [];
  expect([...others, ...more]).toEqual([]);
  const position = step && check && positionOfCheck(step, check);
  if (!inShared) return { position, expected: { ...expected, line: expected.line + 3 } };
  expect(step?.place.source.file).toBe(join(folder, 'shared.yaml'));
  const { plain: _, ...there } = inShared;
  return { position, expected: there };
}

const connect = '  - connect: mx1.example.net\n';
const ehlo = `${connect}  - ehlo: probe.example.net\n`;
const mail = `${ehlo}  - mail: probe@example.net\n`;
const unknown = `${mail}  - rcpt: nobody@example.net\n`;

const verify = '  - verify: nobody@example.net\n    tls: none\n';

const cases: Record<string, string> = {
  'nothing expected: the verb': `${mail}  - »rcpt«: nobody@example.net\n`,
  'a reply as a word': `${unknown}    expect: »450«\n`,
  'a reply and status as a word': `${unknown}    expect: »550 5.7.1«\n`,
  'an ending as a word': `${unknown}    expect: »closed«\n`,
  'a list of alternatives': `${unknown}    expect: »[closed, 4xx]«\n`,
  reply: `${unknown}    expect: { text: such, reply: »450« }\n`,
  'a list of replies': `${unknown}    expect: { reply: »[450, 451]« }\n`,
  ending: `${unknown}    expect: { ending: »reset« }\n`,
  text: `${unknown}    expect: { text: »blocked« }\n`,
  'a regular expression': `${unknown}    expect: { text: »"/^blocked/"« }\n`,
  'one of several texts': `${unknown}    expect: { text: [such, »blocked«, here] }\n`,
  lines: `${unknown}    expect: { lines: »2« }\n`,
  reason: `${unknown}    expect: { reason: »blocklisted« }\n`,
  oddity: `${unknown}    expect: { oddity: »bare LF« }\n`,
  stage: `  - attempt: nobody@example.net\n    tls: none\n    expect: { reply: 550, stage: »mail« }\n`,
  'capabilities it should have': `${connect}  - ehlo: x.example.net\n    expect: { capabilities: { has: »[XCLIENT]« } }\n`,
  'capabilities it should lack': `${connect}  - ehlo: x.example.net\n    expect: { capabilities: { lacks: »[PIPELINING]« } }\n`,
  'exact capabilities': `${connect}  - ehlo: x.example.net\n    expect: { capabilities: { exactly: »[PIPELINING]« } }\n`,
  tls: `${connect}  - ehlo: x.example.net\n    expect: { tls: »true« }\n`,
  'a trusted certificate': `${connect}  - ehlo: x.example.net\n    expect: { tls: { trusted: »true« } }\n`,
  'the fault of a certificate': `${connect}  - ehlo: x.example.net\n    expect: { tls: { why: »CERT_HAS_EXPIRED« } }\n`,
  within: `${connect}  - listen: 5s\n    expect: { ending: silence, within: »1s« }\n`,
  'at-least': `${unknown}    expect: { at-least: »1s« }\n`,
  'closed-by the host': `${unknown}    expect: { closed-by: »host« }\n`,
  'closed-by nobody': `${mail}  - quit:\n    expect: { closed-by: »nobody« }\n`,
  attempts: `  - attempt: alice@example.net\n    expect: { attempts: »2« }\n`,
  'one of the recipients': `  - attempt: [alice@example.net, nobody@example.net]
    expect: { recipients: { alice@example.net: 250, nobody@example.net: »450« } }\n`,
  'a mapping over several lines': `${unknown}    expect:\n      reply: 550\n      text: »blocked«\n`,
  'a list over several lines': `${unknown}    expect:\n      text:\n        - such\n        - »blocked«\n`,
  'a command in a group': `${ehlo}  - pipeline:
      - mail: probe@example.net
      - rcpt: nobody@example.net
        expect: { reply: »250« }\n`,
  'a round of a repetition': `${mail}  - repeat: 2\n    steps:\n      - rcpt: nobody@example.net\n        expect: { text: »blocked« }\n`,
  'a verdict that nothing was said about': `  - »verify«: nobody@example.net\n`,
  'a verdict as a word': `${verify}    expect: »deliverable«\n`,
  'a list of verdicts as alternatives': `${verify}    expect: »[deliverable, accept-all]«\n`,
  verdict: `${verify}    expect: { exists: no, verdict: »accept-all« }\n`,
  'verdicts of which none holds': `${verify}    expect: { verdict: »[deliverable, accept-all]« }\n`,
  'the sub-reason': `${verify}    expect: { verdict: undeliverable, sub-reason: »moved« }\n`,
  'whether a mailbox exists': `${verify}    expect: { exists: »yes« }\n`,
  'a confidence by its bounds': `${verify}    expect: { confidence: »{ at-least: 0.999 }« }\n`,
  'a confidence by its word': `${verify}    expect: { confidence: »medium« }\n`,
  'a confidence by a number': `${verify}    expect: { confidence: »0.99« }\n`,
  'whether it is worth asking again': `${verify}    expect: { retryable: »true« }\n`,
  'when it is worth asking again': `${verify}    expect: { retryable-from: »{ within: 1d }« }\n`,
  'the reply behind a verdict': `${verify}    expect: { verdict: undeliverable, reply: »450« }\n`,
  'the replies behind a verdict': `${verify}    expect: { reply: »[450, 451]« }\n`,
  'what decided in place of a reply': `${verify}    expect: { ending: »closed« }\n`,
  'the words behind a verdict': `${verify}    expect: { text: [such, »blocked«] }\n`,
  'the reason behind a verdict': `${verify}    expect: { reason: »blocklisted« }\n`,
  'the stage behind a verdict': `${verify}    expect: { stage: »mail« }\n`,
  'how often a question was put': `${verify}    expect: { attempts: »{ at-least: 2 }« }\n`,
  'controls that were accepted': `${verify}    expect: { controls: { refused: 1, accepted: »2« } }\n`,
  'what else a verifier says': `${verify}    expect: { note: »/null sender/« }\n`,
  'a verdict that comes too late': `  - verify: [alice@example.net, nobody@example.net, bob@example.net]
    manners: { per-second: 0.1, per-transaction: 1 }
    expect: { verdict: [deliverable, undeliverable], within: »1s« }\n`,
  'a verdict that comes too soon': `${verify}    expect: { at-least: »1m« }\n`,
  'the number of connections': `${verify}    expect: { verdict: undeliverable, connections: »{ at-most: 0 }« }\n`,
  'one of several addresses': `  - verify: [alice@example.net, nobody@example.net]
    expect: { verdict: deliverable, addresses: { nobody@example.net: { sub-reason: »moved« } } }\n`,
  'one of several addresses by a word': `  - verify: [alice@example.net, nobody@example.net]
    expect: { addresses: { nobody@example.net: »unknown« } }\n`,
  'a branch among others': `  - parallel:
      - - wait: 1s
      - - attempt: nobody@example.net
          expect: »250«\n`,
};

for (const [what, steps] of Object.entries(cases)) {
  test(`the caret of ${what}`, async () => {
    const { position, expected } = await failuresOf(steps);
    expect(position).toEqual(expected);
  });
}

test('the caret of an included step stands in the included file', async () => {
  const { position, expected } = await failuresOf(
    `${mail}  - include: shared.yaml\n`,
    'about: x\nsteps:\n  - rcpt: nobody@example.net\n    expect: { reply: 550, text: »blocked« }\n',
  );
  expect(position).toEqual(expected);
});

test('a variable is pointed at where it is used', async () => {
  await writeFile(
    join(folder, 'variables.yaml'),
    'scenario: x\nhosts: { mx1.example.net: plain }\nmatrix: { code: [220, 554] }\nsteps:\n  - connect: mx1.example.net\n    expect: "{code}"\n',
  );
  const [first, second] = await runFile(join(folder, 'variables.yaml'));
  expect(first?.passed).toBe(true);
  const check = second?.checks.find(({ passed }) => !passed);
  expect(check?.expected).toBe('554');
  expect(second && check && positionOfCheck(second, check)).toEqual({ line: 6, column: 13, length: 8 });
});

test('a step that fails is the last one', async () => {
  await writeFile(
    join(folder, 'stops.yaml'),
    'scenario: x\nhosts: { mx1.example.net: plain }\nsteps:\n  - connect: mx1.example.net\n    expect: 554\n  - ehlo: probe.example.net\n',
  );
  const steps = await runFile(join(folder, 'stops.yaml'));
  expect(steps.map(({ verb, passed }) => [verb, passed])).toEqual([['connect', false]]);
});
