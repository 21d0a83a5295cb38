import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { fileIssue } from '../../src/datafile/issue.ts';
import { createReporter } from '../../src/report/reporters.ts';
import { smallKnowledge } from './small-knowledge.ts';
import * as stories from './stories.ts';
import { telling } from './telling.ts';

const results = () => [
  stories.passed().result(),
  stories.failed().result(),
  stories.hostile().result({ passed: false }),
];

/** No character that a terminal or a page would obey, nor any that turns the direction of writing. */
const harmful = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

test.each(['tap', 'github', 'markdown'])('%s: nothing that a host says is obeyed', async (name) => {
  const text = await telling(name, results());
  expect(text).not.toMatch(harmful);
  if (name !== 'tap') expect(text).toContain('x1b'); // TAP tells no dialogues
});

test('TAP: points with a plan, and a YAML block for what failed', async () => {
  const text = await telling('tap', results());
  const lines = text.split('\n');
  expect(lines[0]).toBe('TAP version 14');
  const points = lines.filter((line) => /^(not )?ok /.test(line));
  expect(points.map((line) => line.replace(/ - .*/, ''))).toEqual(['ok 1', 'not ok 2', 'not ok 3']);
  expect(lines.filter((line) => /^1\.\./.test(line))).toEqual(['1..3']);
  const blocks = [...text.matchAll(/^ {2}---\n([\s\S]*?)^ {2}\.\.\.$/gm)].map(([, block]) =>
    parse(block ?? ''),
  );
  expect(blocks).toHaveLength(3);
  expect(blocks[1].failures).toEqual([
    {
      step: 'MAIL FROM:<validator@example.net>',
      expected: '550 5.7.1',
      found: '250 2.1.0 Sender OK',
      at: { file: 'scenarios/outlook/block-listed-client-is-cut-off-at-mail.yaml', line: 13, column: 22 },
    },
    expect.anything(),
  ]);
});

test('TAP: words are no directives', async () => {
  const story = stories.passed();
  const result = story.result();
  const title = 'a title # TODO \\# SKIP\nnot ok 7 - smuggled';
  const text = await telling('tap', [{ ...result, scenario: { ...result.scenario, scenario: title } }]);
  expect(text.split('\n').filter((line) => line.startsWith('not ok'))).toEqual([]);
  expect(text).toContain(String.raw`a title \# TODO \\\# SKIP not ok 7 - smuggled`);
});

test('GitHub: an annotation at the line of the expectation, and the dialogue in a group', async () => {
  const text = await telling('github', [stories.passed().result(), stories.failed().result()]);
  const lines = text.trimEnd().split('\n');
  expect(lines[0]).toBe(
    '::error file=scenarios/outlook/block-listed-client-is-cut-off-at-mail.yaml,line=13,col=22,' +
      'title=Outlook refuses a block-listed client at MAIL and hangs up::' +
      'MAIL FROM:<validator@example.net>%0Aexpected  550 5.7.1%0Afound     250 2.1.0 Sender OK',
  );
  expect(lines.filter((line) => line.startsWith('::group::'))).toHaveLength(1);
  expect(lines.filter((line) => line.startsWith('::endgroup::'))).toHaveLength(1);
  expect(lines.at(-1)).toMatch(/passed, \d+ failed$/);
});

test('GitHub: only our own commands begin a line, and their parts hold together', async () => {
  const result = stories.failed().result();
  const title = 'one,two: 100%\n::set-output name=x::y';
  const text = await telling('github', [{ ...result, scenario: { ...result.scenario, scenario: title } }]);
  for (const line of text.trimEnd().split('\n'))
    expect(line).toMatch(/^(?:::(?:error|group|endgroup)\b| {2})/);
  expect(text).toContain('title=one%2Ctwo%3A 100%25%0A%3A%3Aset-output name=x%3A%3Ay::');
});

test('Markdown: totals, what failed and its dialogue', async () => {
  const text = await telling('markdown', [stories.passed().result(), stories.failed().result()]);
  expect(text).toMatch(/^## mxlab\n\n\*\*\d+ passed/);
  expect(text).toContain('### ✗ Outlook refuses a block\\-listed client at MAIL and hangs up');
  expect(text).toContain('expected  550 5.7.1\nfound     250 2.1.0 Sender OK');
  expect(text).toContain(
    '| scenarios/outlook/block\\-listed\\-client\\-is\\-cut\\-off\\-at\\-mail.yaml | 1 | 1 |',
  );
});

test('Markdown: no reply ends its block or becomes markup', async () => {
  const result = stories.failed().result();
  const title = '<img src=x onerror=alert(1)> [a](javascript:alert(1)) ```';
  const text = await telling('markdown', [
    { ...result, defect: 'a ```` b', scenario: { ...result.scenario, scenario: title } },
  ]);
  expect(text).not.toContain('<img');
  expect(text).not.toContain('](javascript');
  expect(text).toContain('`````text\na ```` b\n`````');
});

test.each(['tap', 'github', 'markdown'])('%s: a file that cannot be read is told of', async (name) => {
  let text = '';
  const reporter = createReporter(name, {
    write: (piece) => {
      text += piece;
    },
    knowledge: smallKnowledge,
    columns: 80,
    colour: 0,
    unicode: true,
    isTerminal: false,
  });
  reporter.onIssues?.([fileIssue('broken.yaml', 'is an empty file')]);
  await reporter.onRunEnd?.({ passed: 0, failed: 0, defects: 0, notRun: 0, simulated: 0, real: 1 });
  expect(text).toContain('broken.yaml');
  expect(text).toContain('is an empty file');
});
