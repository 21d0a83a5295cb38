import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fileIssue } from '../../src/datafile/issue.ts';
import { jsonLine, textOf } from '../../src/report/json-text.ts';
import { createReporter } from '../../src/report/reporters.ts';
import type { ScenarioResult } from '../../src/scenario/result.ts';
import { smallKnowledge } from './small-knowledge.ts';
import * as stories from './stories.ts';
import { telling } from './telling.ts';

type Line = Record<string, unknown>;

const everything = (): ScenarioResult[] => [
  stories.passed().result(),
  stories.failed().result(),
  stories.waited().result(),
  stories.ended().result({ defect: 'it broke', passed: false }),
  stories.differing(),
  stories.hostile().result(),
];

async function linesOf(results: readonly ScenarioResult[], options = {}): Promise<Line[]> {
  const text = await telling('json', results, options, { target: '127.0.0.1:34567' });
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

const ofType = (lines: readonly Line[], type: string): Line[] => lines.filter((line) => line.type === type);

test('every line is one object, and what it says is documented', async () => {
  const documented = readFileSync(new URL('../../src/report/json-format.md', import.meta.url), 'utf8');
  for (const line of await linesOf(everything())) {
    expect(documented).toContain(`\`${line.type}\``);
    for (const key of Object.keys(line).filter((name) => name !== 'type'))
      expect(documented).toContain(`\`${key}\``);
  }
});

test('a run from its beginning to its end', async () => {
  const lines = await linesOf([stories.failed().result()], { directory: '/elsewhere' });
  expect(lines[0]).toEqual({
    type: 'run',
    format: 1,
    scenarios: 1,
    files: 1,
    seed: '1',
    target: '127.0.0.1',
  });
  expect(lines[1]).toMatchObject({
    type: 'scenario',
    scenario: 1,
    title: expect.stringContaining('Outlook'),
    tags: ['outlook', 'disconnect', 'blocklist'],
  });
  expect(lines.slice(2, 7).map(({ type }) => type)).toEqual(['step', 'connected', 'reply', 'check', 'step']);
  expect(lines.at(-2)).toEqual({
    type: 'end',
    of: 'scenario',
    scenario: 1,
    passed: false,
    steps: 3,
    simulatedMs: 0,
    realMs: 12,
  });
  expect(lines.at(-1)).toEqual({
    type: 'end',
    of: 'run',
    passed: 0,
    failed: 1,
    defects: 0,
    notRun: 0,
    simulatedMs: 94_200_000,
    realMs: 1_400,
  });
});

test('a reply with its explanation', async () => {
  const lines = await linesOf([stories.waited().result()]);
  expect(ofType(lines, 'reply')[3]).toEqual({
    type: 'reply',
    scenario: 1,
    step: 1,
    atMs: 15_000,
    elapsedMs: 15_000,
    host: 'mx1.example.net',
    stage: 'rcpt',
    code: 450,
    enhanced: '4.2.0',
    lines: ['450 4.2.0 <ada@example.net>: Recipient address rejected: Greylisted'],
    explanation: {
      reason: 'greylisted',
      about: 'client',
      rule: 'rules/general/40-limits-and-lists.yaml#greylisted',
    },
  });
});

test('checks that failed stand where they stand in the file', async () => {
  const checks = ofType(await linesOf([stories.failed().result()]), 'check').filter(
    ({ passed }) => passed === false,
  );
  expect(checks).toEqual([
    expect.objectContaining({
      path: 'reply',
      expected: '550 5.7.1',
      found: '250 2.1.0 Sender OK',
      line: 13,
      column: 22,
    }),
    expect.objectContaining({
      path: 'reason',
      expected: 'the reason blocklisted',
      found: 'accept',
      line: 13,
      column: 41,
    }),
  ]);
});

test('endings and differences', async () => {
  const lines = await linesOf(everything());
  expect(
    ofType(lines, 'ending').map(({ ending, stage, how, afterMs, code, why, bytes }) => ({
      ending,
      stage,
      how,
      afterMs,
      code,
      why,
      bytes,
    })),
  ).toEqual([
    { ending: 'disconnected', stage: 'rcpt', how: 'closed' },
    { ending: 'timed-out', stage: 'ehlo', afterMs: 300_000 },
    { ending: 'unreachable', stage: 'connect', code: 'ECONNREFUSED', why: 'refused' },
    { ending: 'misspoke', stage: 'quit', why: 'not a reply', bytes: 'HTTP\x1b[2J\xff' },
  ]);
  const differences = ofType(lines, 'difference');
  expect(differences.map(({ step, matters, capabilities }) => ({ step, matters, capabilities }))).toEqual([
    { step: 1, matters: false, capabilities: [] },
    {
      step: 2,
      matters: false,
      capabilities: [
        { keyword: 'PIPELINING', simulated: '' },
        { keyword: 'XFOO', real: '' },
      ],
    },
    { step: 4, matters: true, capabilities: [] },
  ]);
});

test('two runs are the same but for realMs, and no port is written', async () => {
  const [first, second] = [
    await telling('json', everything()),
    await telling(
      'json',
      everything().map((result) => ({ ...result, real: result.real + 7.5 })),
    ),
  ];
  const withoutReal = (text: string): string => text.replace(/"realMs":\d+/g, '');
  expect(first).not.toBe(second);
  expect(withoutReal(first)).toBe(withoutReal(second));
  expect(first).not.toMatch(/2525|"port"/);
});

test('issues', () => {
  let written = '';
  const write = (text: string): void => {
    written += text;
  };
  createReporter('json', {
    write,
    knowledge: smallKnowledge,
    columns: 80,
    colour: 0,
    unicode: true,
    isTerminal: false,
  }).onIssues?.([{ ...fileIssue('a\x1b.yaml', 'is wrong', 'mend it'), line: 3, column: 2, length: 5 }]);
  expect(JSON.parse(written)).toEqual({
    type: 'issue',
    file: 'a\\x1b.yaml',
    line: 3,
    column: 2,
    length: 5,
    message: 'is wrong',
    hint: 'mend it',
  });
});

describe('text', () => {
  test('harmless and without loss', () => {
    const value = { text: 'plain \x00\x1b\x7f\x9b \u202e \ufeff " \\ é 漢 📪 \ud800' };
    expect(JSON.parse(jsonLine(value))).toEqual(value);
    expect(jsonLine(value)).toBe(
      '{"text":"plain \\u0000\\u001b\\u007f\\u009b \\u202e \\ufeff \\" \\\\ é 漢 📪 \\ud800"}',
    );
  });

  test('bytes are read as UTF-8 where they are', () => {
    expect(textOf('\xc3\xa9')).toBe('é');
    expect(textOf('\xe9')).toBe('é');
    expect(textOf('\x1b')).toBe('\x1b');
  });
});
