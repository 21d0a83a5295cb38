import { expect, test } from 'vitest';
import { fileIssue } from '../../src/datafile/issue.ts';
import { createReporter } from '../../src/report/reporters.ts';
import { xmlText } from '../../src/report/xml.ts';
import type { ScenarioResult } from '../../src/scenario/result.ts';
import { smallKnowledge } from './small-knowledge.ts';
import * as stories from './stories.ts';
import { telling, totals } from './telling.ts';
import { readXml } from './xml-reader.ts';

test('a suite for each file, a case for each scenario', async () => {
  const variant = (result: ScenarioResult, name: string): ScenarioResult => ({
    ...result,
    scenario: { ...result.scenario, variant: name },
  });
  const results = [
    variant(stories.passed().result({ real: 1_500 }), 'how: close'),
    variant(stories.failed().result({ real: 250 }), 'how: "reset" & more'),
    stories.waited().result({ defect: 'it broke', passed: false }),
  ];
  const text = await telling('junit', results, {}, { totals: { notRun: 2 } });
  const root = readXml(text);
  expect(root).toMatchObject({
    name: 'testsuites',
    attributes: { name: 'mxlab', tests: '3', failures: '1', errors: '1', skipped: '2', time: '1.400' },
  });
  expect(root.children.map(({ attributes }) => attributes)).toEqual([
    expect.objectContaining({
      name: 'scenarios/outlook/block-listed-client-is-cut-off-at-mail.yaml',
      tests: '2',
      failures: '1',
      errors: '0',
      time: '1.750',
    }),
    expect.objectContaining({
      name: 'scenarios/greylist/second-try-is-let-in.yaml',
      tests: '1',
      failures: '0',
      errors: '1',
      time: '0.012',
    }),
  ]);
  const names = root.children.flatMap(({ children }) => children.map(({ attributes }) => attributes.name));
  expect(names).toEqual([
    'Outlook refuses a block-listed client at MAIL and hangs up (how: close)',
    'Outlook refuses a block-listed client at MAIL and hangs up (how: "reset" & more)',
    'A greylisting host lets us in on the second try',
  ]);
  await expect(text).toMatchFileSnapshot('junit.xml');
});

test('a failure says what was expected, what was found, and where', async () => {
  const [failure] = (
    readXml(await telling('junit', [stories.failed().result()])).children[0]?.children[0]?.children ?? []
  ).filter(({ name }) => name === 'failure');
  expect(failure?.attributes.message).toBe('expected 550 5.7.1, found 250 2.1.0 Sender OK');
  expect(failure?.text).toBe(
    'scenarios/outlook/block-listed-client-is-cut-off-at-mail.yaml:13:22: MAIL FROM:<validator@example.net>\nexpected  550 5.7.1\nfound     250 2.1.0 Sender OK',
  );
});

test('whatever a host says, the document is well-formed and the words are there', async () => {
  const root = readXml(await telling('junit', [stories.hostile().result()]));
  expect(root.text).toContain('S: 220 \\x1b]0;owned\\x07\\x1b[2J\\x1b[31mred\\x1b[0m \\x00 NUL');
  expect(root.text).toContain('S: 250 ]]> <script>&amp;"\'');
  expect(root.text).toContain('漢字 and 📪');
  expect(root.text).toContain('\\ufffe\\uffff');
});

test('titles, files and defects are no safer than hosts', async () => {
  const result = stories.passed('a\x1b<&">.yaml').result({ defect: 'broke\x00\ud800\n]]>', passed: false });
  const root = readXml(
    await telling('junit', [
      { ...result, scenario: { ...result.scenario, scenario: 'title\x07\u202e <b>' } },
    ]),
  );
  const [suite] = root.children;
  expect(suite?.attributes.name).toBe('a\\x1b<&">.yaml');
  expect(suite?.children[0]?.attributes.name).toBe('title\\x07\\u202e <b>');
  expect(suite?.children[0]?.children.find(({ name }) => name === 'error')?.text).toBe(
    'broke\\x00\\ud800\\x0a]]>',
  );
});

test('files that cannot be read are errors', async () => {
  let written = '';
  const write = (text: string): void => {
    written += text;
  };
  const reporter = createReporter('junit', {
    write,
    knowledge: smallKnowledge,
    columns: 80,
    colour: 0,
    unicode: true,
    isTerminal: false,
  });
  reporter.onIssues?.([fileIssue('a.yaml', 'does not exist')]);
  await reporter.onRunEnd?.({ ...totals, passed: 0 });
  expect(readXml(written).children[0]?.children[0]?.children[0]).toMatchObject({
    name: 'error',
    attributes: { type: 'issue' },
    text: 'a.yaml: does not exist',
  });
});

test('no character is left that XML forbids', () => {
  for (let unit = 0; unit <= 0xffff; unit++) {
    const shown = xmlText(String.fromCharCode(unit));
    expect([unit, /^[\x09\x0a\x20-\x7e\xa0-\ud7ff\ue000-\ufffd]+$/.test(shown)]).toEqual([unit, true]);
  }
  expect(xmlText('📪')).toBe('📪');
});
