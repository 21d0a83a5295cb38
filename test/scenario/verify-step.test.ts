import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { loadKnowledge } from '../../src/knowledge/knowledge.ts';
import { liveDial } from '../../src/probe/live-dial.ts';
import { traceSchema } from '../../src/report/trace-format.ts';
import { traceOf } from '../../src/report/trace-of.ts';
import { loadScenarios } from '../../src/scenario/load.ts';
import type { ScenarioResult } from '../../src/scenario/result.ts';
import { type RunOptions, runScenarios } from '../../src/scenario/run.ts';
import { ProviderShelf } from '../../src/sim/load-profiles.ts';
import { RealClock } from '../../src/time/real-clock.ts';
import type { Transcript } from '../../src/transcript/transcript.ts';
import { startLab, type WorldLike } from '../../src/world/start-lab.ts';
import { telling } from '../report/telling.ts';

const shelf = new ProviderShelf();
const knowledge = await loadKnowledge();

async function run(text: string, options: Partial<RunOptions> = {}): Promise<ScenarioResult> {
  const folder = mkdtempSync(join(tmpdir(), 'mxlab-verify-step-'));
  writeFileSync(join(folder, 'x.yaml'), text);
  const loaded = await loadScenarios(join(folder, 'x.yaml'), { shelf });
  rmSync(folder, { recursive: true });
  if ('issues' in loaded) throw new Error(loaded.issues.map(({ message }) => message).join('\n'));
  const results: ScenarioResult[] = [];
  await runScenarios(
    loaded.scenarios,
    {
      seed: '1',
      shelf,
      knowledge,
      dialWorld: liveDial({ clock: new RealClock() }),
      parallel: 1,
      bail: false,
      realTime: false,
      sendData: true,
      signal: new AbortController().signal,
      stopwatch: () => 0,
      ...options,
    },
    { onScenarioEnd: (result) => void results.push(result) },
  );
  return results[0] as ScenarioResult;
}

const scenario = (hosts: string, ...steps: string[]): string =>
  ['scenario: x', `hosts: ${hosts}`, 'steps:', ...steps.map((step) => `  - ${step}`), ''].join('\n');

const failed = ({ steps }: ScenarioResult) =>
  steps.flatMap(({ checks }) => checks.filter(({ passed }) => !passed));

const said = (transcripts: readonly Transcript[]): string[] =>
  transcripts.flatMap(({ events }) => events.flatMap((event) => (event.kind === 'sent' ? event.lines : [])));

describe('the step', () => {
  test('without an expectation an address must be deliverable, each of a list', async () => {
    const hosts = '{ mx.example.net: postfix }';
    expect(await run(scenario(hosts, 'verify: alice@example.net'))).toMatchObject({ passed: true });
    const one = await run(scenario(hosts, 'verify: nobody@example.net'));
    expect(failed(one)).toMatchObject([{ expected: 'deliverable', path: [] }]);
    expect(failed(one)[0]?.found).toMatch(
      /^undeliverable, no-such-user: 550 5\.1\.1 .* RCPT TO at mx\.example\.net$/,
    );
    const list = await run(scenario(hosts, 'verify: [alice@example.net, nobody@example.net]'));
    expect(failed(list)).toMatchObject([{ expected: 'nobody@example.net: deliverable' }]);
  });

  test('what is expected of an address is asked of it, whatever spaces are around it', async () => {
    const step = `verify: [" alice@example.net", "nobody@example.net "]
    expect: { addresses: { " alice@example.net": undeliverable, "nobody@example.net ": undeliverable } }`;
    expect(failed(await run(scenario('{ mx.example.net: postfix }', step)))).toMatchObject([
      { expected: 'alice@example.net: undeliverable', path: ['addresses', ' alice@example.net'] },
    ]);
  });

  test('of alternatives, what is named in each is told', async () => {
    const step = `verify: alice@example.net
    expect: [{ addresses: { alice@example.net: undeliverable }, within: 1h }, accept-all]`;
    expect(failed(await run(scenario('{ mx.example.net: postfix }', step)))).toMatchObject([
      { expected: 'within, addresses, or accept-all' },
    ]);
  });

  test('an address of a list for which nothing is said must be deliverable', async () => {
    const hosts = '{ mx.example.net: postfix }';
    const of = (expectation: string): string =>
      `verify: [alice@example.net, nobody@example.net, nix@example.net]\n    expect: ${expectation}`;
    const left = await run(scenario(hosts, of('{ addresses: { nobody@example.net: undeliverable } }')));
    expect(failed(left).map(({ expected }) => expected)).toEqual(['nix@example.net: deliverable']);
    const rest = of('{ verdict: undeliverable, addresses: { alice@example.net: deliverable } }');
    expect(failed(await run(scenario(hosts, rest)))).toEqual([]);
  });

  test('its dialogues are told in order, end in good order, and never get as far as DATA', async () => {
    const result = await run(
      scenario('{ mx.example.net: accept-all }', 'verify: alice@example.net\n    expect: accept-all'),
    );
    const [step] = result.steps;
    expect(step?.traffic).toHaveLength(2);
    expect(result.transcripts).toHaveLength(2);
    const commands = said(result.transcripts).map((line) => line.split(/[ :]/)[0]);
    expect(commands).not.toContain('DATA');
    expect(commands.filter((verb) => verb === 'QUIT')).toHaveLength(2);
    const times = result.transcripts.flatMap(({ events }) => events.map(({ at }) => at));
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  test('those of a list are there too, to their last goodbye', async () => {
    const addresses = Array.from({ length: 9 }, (_, i) => `a${i}@example.net`).join(', ');
    const result = await run(
      scenario(
        '{ mx.example.net: postfix }',
        `verify: [${addresses}]\n    manners: { parallel: 2, per-connection: 4 }\n    expect: undeliverable`,
      ),
    );
    expect(failed(result)).toEqual([]);
    expect(result.transcripts.length).toBeGreaterThan(2);
    for (const { events } of result.transcripts) expect(events.at(-1)?.kind).toMatch(/left|hung-up/);
    for (const name of addresses.split(', ')) expect(said(result.transcripts)).toContain(`RCPT TO:<${name}>`);
  });

  test('what it says of itself reaches the host', async () => {
    const result = await run(
      scenario(
        '{ mx.example.net: postfix }',
        'verify: alice@example.net\n    sender: "<>"\n    helo: verifier.example.org\n    from: 198.51.100.9\n    tls: none',
      ),
    );
    expect(said(result.transcripts)).toEqual(
      expect.arrayContaining(['EHLO verifier.example.org', 'MAIL FROM:<>', 'RCPT TO:<alice@example.net>']),
    );
    expect(said(result.transcripts)).not.toContain('STARTTLS');
    expect(result.transcripts[0]?.from).toBe('198.51.100.9');
  });

  test('a schedule of its own is kept to the millisecond, whatever the reply names', async () => {
    const words = '"450 4.7.1 Greylisted, try again in 7200 seconds"';
    const result = await run(
      scenario(
        `{ mx.example.net: { provider: postfix, behaviours: [{ canned-reply: { at: rcpt, reply: ${words} } }] } }`,
        'verify: alice@example.net\n    retry: { first: 90s, factor: 3, at-most: 4 }\n    expect: unknown',
      ),
    );
    const [first = 0, ...others] = result.transcripts.map(({ events }) => events[0]?.at ?? 0);
    expect(others.map((at) => at - first)).toEqual([90_000, 360_000, 1_170_000]);
    expect(result.steps[0]?.verified?.[0]?.verification.evidence.tries).toBe(4);
  });

  test('the same seed, the same controls', async () => {
    const text = scenario('{ mx.example.net: postfix }', 'verify: alice@example.net');
    const [one, two] = [await run(text), await run(text)];
    expect(said(one.transcripts)).toEqual(said(two.transcripts));
    expect(said((await run(text, { seed: '2' })).transcripts)).not.toEqual(said(one.transcripts));
  });
});

/** A host that is real as far as a scenario can tell. */
async function realHost(host: WorldLike['hosts'][string]): Promise<{ host: string; port: number }> {
  const lab = await startLab({ hosts: { 'mx.real.example': host } });
  onTestFinished(() => lab.close());
  return { host: '127.0.0.1', port: lab.hosts[0]?.port ?? 0 };
}

describe('at a target', () => {
  const text = scenario(
    '{ mx.example.net: postfix }',
    'verify: alice@example.net\n    expect: [deliverable, undeliverable]',
  );

  test('it stands for the exchanger of the domain', async () => {
    const result = await run(text, { target: await realHost('postfix') });
    expect(result).toMatchObject({ passed: true, simulatedTwin: { passed: true } });
    expect(result.steps[0]?.verified?.[0]?.verification.verdict).toBe('deliverable');
    expect(result.differences?.filter(({ matters }) => matters)).toEqual([]);
  });

  test('another verdict than the simulated one is a difference that matters', async () => {
    const target = await realHost({ provider: 'postfix', mailboxes: { alice: 'unknown' } });
    const { differences = [] } = await run(text, { target });
    expect(differences).toMatchObject([{ matters: true }]);
    expect(differences[0]?.simulated).toContain('(alice@example.net: deliverable, ok)');
    expect(differences[0]?.real).toContain('(alice@example.net: undeliverable, no-such-user)');
  });

  test('who may not be dialled is not asked, and the run says so', async () => {
    const result = await run(text, { target: { host: '192.0.2.1', port: 25 } });
    expect(result).toMatchObject({ passed: false, defect: expect.stringMatching(/--live/) });
  });
});

describe('reporters', () => {
  const hostile = '"550 5.1.1 No such user \\x1b[2J\\u202e"';
  let result: ScenarioResult;
  beforeAll(async () => {
    result = await run(
      scenario(
        `{ mx.example.net: { provider: postfix, behaviours: [{ known-mailboxes: { replies: { unknown: ${hostile} } } }] } }`,
        'verify: nobody@example.net\n    expect: { sub-reason: mailbox-full }',
      ),
    );
  });

  test.each(['terminal', 'json', 'junit', 'markdown', 'tap', 'github', 'html'])(
    '%s: the verdict and what it rests on stand beside what was expected',
    async (name) => {
      const text = await telling(name, [result]);
      expect(text).toContain('nobody@example.net');
      expect(text).toMatch(/undeliverable(, | · |","subReason":")no-such-user/);
      expect(text).toContain('the sub-reason mailbox-full');
      expect(text).toMatch(/550 5\.1\.1/);
      expect(text.replace(/<script[\s\S]*?<\/script>/g, '')).not.toMatch(/\x1b|\u202e/);
    },
  );

  test('terminal: the caret stands at the expectation', async () => {
    const text = await telling('terminal', [result]);
    expect(text).toMatch(/x\.yaml:5:27\n.*\n.*sub-reason: mailbox-full \}\n +\| +\^{12}\n/);
    expect(text).toMatch(/=> nobody@example\.net: undeliverable · no-such-user · 0\.98 \(high\)/);
  });

  test('json: a record of its own, after the dialogue', async () => {
    const records = (await telling('json', [result]))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const verdict = records.find(({ type }) => type === 'verdict');
    expect(verdict).toMatchObject({
      scenario: 1,
      step: 1,
      address: 'nobody@example.net',
      verdict: 'undeliverable',
      subReason: 'no-such-user',
      exists: 'no',
      confidence: 0.98,
      stage: 'rcpt',
      code: 550,
      enhanced: '5.1.1',
      reason: 'user-unknown',
      rule: 'V052',
      controls: [{ result: 'refused', code: 550 }],
      attempts: 1,
    });
    const types = records.map(({ type }) => type);
    expect(types.lastIndexOf('reply')).toBeLessThan(types.indexOf('verdict'));
  });

  test('a trace keeps it, and can be read again', () => {
    const trace = traceSchema.parse(JSON.parse(JSON.stringify(traceOf(result, knowledge, undefined))));
    expect(trace.steps[0]?.dialogue.at(-1)).toMatchObject({
      kind: 'verdict',
      address: 'nobody@example.net',
      verdict: 'undeliverable',
      subReason: 'no-such-user',
      lines: expect.arrayContaining(['There is no such mailbox.']),
    });
  });
});
