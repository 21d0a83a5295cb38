import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fileIssue } from '../../src/datafile/issue.ts';
import { dataText } from '../../src/report/html/page-writer.ts';
import { createReporter } from '../../src/report/reporters.ts';
import { escapeControls } from '../../src/text/escape.ts';
import { type PageParts, readPage, rowsOf } from './page-parts.ts';
import { smallKnowledge } from './small-knowledge.ts';
import * as stories from './stories.ts';
import { telling, totals } from './telling.ts';
import { endingAt, scenarioOf, Told } from './told.ts';

type Results = Parameters<typeof telling>[1];

async function pageOf(results: Results, facts?: Parameters<typeof telling>[3]): Promise<PageParts> {
  return readPage(await telling('html', results, {}, facts));
}

const few = [stories.passed().result(), stories.failed().result(), stories.waited().result()];

describe('one file that needs nothing else', () => {
  test('its policy allows its own script and style, by their hashes, and nothing else at all', async () => {
    const { html } = await pageOf(few);
    const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const inside = (element: string): string => new RegExp(`<${element}>(.*?)</`, 's').exec(html)?.[1] ?? '';
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1]?.split('; ');
    expect(policy).toEqual([
      "default-src 'none'",
      `script-src ${hash(inside('script type="module"'))}`,
      `style-src ${hash(inside('style'))}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  test('it names no other file', async () => {
    const { html } = await pageOf(few);
    const own = html.replace(/<script type="application\/json".*?<\/script>/gs, '');
    expect(own).not.toMatch(/<(?:link|img|iframe|base)\b|\ssrc=|@import|url\(/i);
  });

  test('it is written as the run goes on: a scenario is not kept', () => {
    const written: string[] = [];
    const reporter = createReporter('html', {
      write: (text) => void written.push(text),
      knowledge: smallKnowledge,
      columns: 80,
      colour: 0,
      unicode: true,
      isTerminal: false,
    });
    reporter.onScenarioEnd?.(stories.passed().result());
    expect(written.join('')).toContain('id="scenario-1"');
    const before = written.length;
    reporter.onScenarioEnd?.(stories.failed().result());
    expect(written.slice(before).join('')).toContain('id="scenario-2"');
    expect(written.join('')).not.toContain('</html>');
    void reporter.onRunEnd?.(totals);
    expect(written.join('').trimEnd()).toMatch(/<\/html>$/);
  });

  test('files that cannot be read: what is wrong, and that nothing was run', async () => {
    let html = '';
    const reporter = createReporter('html', {
      write: (text) => {
        html += text;
      },
      knowledge: smallKnowledge,
      columns: 80,
      colour: 0,
      unicode: true,
      isTerminal: false,
    });
    reporter.onIssues?.([fileIssue('a<b>.yaml', 'is \x1b[31mnot text')]);
    await reporter.onRunEnd?.({ passed: 0, failed: 0, defects: 0, notRun: 0, simulated: 0, real: 0 });
    expect(readPage(html).run.issues).toEqual(['a<b>.yaml: is \\x1b[31mnot text']);
    expect(html).not.toContain('a<b>');
  });
});

describe('what it holds', () => {
  test('the list: verdicts, and every kind of answer once', async () => {
    const { entries, run } = await pageOf(few, { totals: { notRun: 3 } });
    expect(entries.map(({ id, verdict }) => [id, verdict])).toEqual([
      [1, 'passed'],
      [2, 'failed'],
      [3, 'passed'],
    ]);
    expect(entries[0]?.answers).toContainEqual({
      code: '550',
      enhanced: '5.7.1',
      reason: 'blocklisted',
      provider: 'outlook',
    });
    expect(entries[0]?.answers).toContainEqual({
      code: '',
      enhanced: '',
      reason: 'closed',
      provider: 'outlook',
    });
    expect(run).toMatchObject({ from: 'run', seed: '1', passed: 2, failed: 1, notRun: 3 });
  });

  test('an explanation that many replies share is there once', async () => {
    const once = await pageOf([stories.waited().result()]);
    const twice = await pageOf([stories.waited().result(), stories.waited().result()]);
    expect(twice.explanations.length).toBe(once.explanations.length);
    const rows = twice.scenarios.flatMap(rowsOf);
    for (const row of rows)
      if (row.kind === 'reply') expect(twice.explanations[row.explained]?.of).toBe('reply');
    expect(rows.some(({ kind }) => kind === 'reply')).toBe(true);
  });

  test('a check that did not hold has its place in the file, and carets below it', async () => {
    const { scenarios } = await pageOf([stories.failed().result()]);
    const failed = scenarios[0]?.steps.flatMap(({ checks }) => checks).filter(({ passed }) => !passed);
    expect(failed?.[0]).toMatchObject({
      expected: '550 5.7.1',
      found: '250 2.1.0 Sender OK',
      excerpt: {
        place: 'scenarios/outlook/block-listed-client-is-cut-off-at-mail.yaml:13:22',
        before: [{ number: 11 }, { number: 12, text: '  - mail: validator@example.net' }],
        number: 13,
        text: '    expect: { reply: 550 5.7.1, reason: blocklisted }',
        carets: `${' '.repeat(21)}^^^^^^^^^`,
      },
    });
    const held = scenarios[0]?.steps.flatMap(({ checks }) => checks).filter(({ passed }) => passed) ?? [];
    expect(held.filter(({ excerpt }) => excerpt !== undefined)).toEqual([]);
  });

  test('endings by name, with the causes of each', async () => {
    const { scenarios, explanations } = await pageOf([stories.ended().result()]);
    const endings = scenarios.flatMap(rowsOf).flatMap((row) => (row.kind === 'ending' ? [row] : []));
    expect(endings.map(({ ending, stage }) => [ending, stage])).toEqual([
      ['silence', 'ehlo'],
      ['unreachable', 'connect'],
    ]);
    const [first] = endings;
    expect(explanations[first?.explained ?? -1]).toMatchObject({
      of: 'ending',
      causes: [{ side: 'yours' }, {}, {}, {}],
    });
  });

  test('both sides of a run against a real host, and where they differ', async () => {
    const { scenarios, entries } = await pageOf([stories.differing()], { target: '127.0.0.1:2525' });
    const [one] = scenarios;
    expect(one?.simulated?.length).toBe(4);
    expect(one?.differences?.map(({ step, matters }) => [step, matters])).toEqual([
      [1, false],
      [2, false],
      [4, true],
    ]);
    expect(entries[0]?.differences).toBe(3);
  });

  test('a defect', async () => {
    const { entries, scenarios } = await pageOf([
      stories.waited().result({ defect: 'it\n\x1bbroke', passed: false }),
    ]);
    expect(entries[0]?.verdict).toBe('defect');
    expect(scenarios[0]?.defect).toBe('it\n\\x1bbroke');
  });
});

describe('rows', () => {
  const text = [
    'scenario: A test',
    'hosts: { mx1.example.net: postfix }',
    'steps:',
    ...Array.from({ length: 6 }, () => '  - noop'),
    '',
  ].join('\n');
  const told = (): Told => new Told(scenarioOf('a.yaml', text), 'postfix');
  const rows = async (story: Told): Promise<ReturnType<typeof rowsOf>> =>
    (await pageOf([story.result()])).scenarios.flatMap(rowsOf);

  test('a message, a group and a chunk are told apart', async () => {
    const story = told()
      .step([{ say: ['DATA'] }, { hear: ['354 go on'], stage: 'data' }])
      .step([
        { say: ['Subject: x', '', 'text', '.'], bytes: 700 },
        { hear: ['250 ok'], stage: 'message' },
      ])
      .step([{ say: ['MAIL FROM:<>', 'RCPT TO:<a@b.example>'] }, { hear: ['250 ok'], stage: 'mail' }])
      .step([{ say: ['BDAT 6 LAST', 'text'] }, { hear: ['250 ok'], stage: 'message' }]);
    const sent = (await rows(story)).flatMap((row) => (row.kind === 'sent' ? [[row.what, row.bytes]] : []));
    expect(sent).toEqual([
      ['command', 6],
      ['message', 700],
      ['group', 37],
      ['chunk', 19],
    ]);
  });

  test('time that goes by is a row of its own, a silence tells its own time', async () => {
    const story = told()
      .step([{ say: ['NOOP'] }, { pass: 90_000 }, { hear: ['250 ok'], stage: 'command' }])
      .step([
        { say: ['NOOP'] },
        { pass: 300_000 },
        { end: endingAt('command', { kind: 'timed-out', after: 300_000 }) },
      ]);
    const pauses = (await rows(story)).flatMap((row) =>
      row.kind === 'pause' ? [[row.at, row.ms, row.text]] : [],
    );
    expect(pauses).toEqual([[90_000, 90_000, '1 min 30 s later']]);
  });

  test('a goodbye is no loss: the host may close behind 221', async () => {
    const story = told()
      .step([{ say: ['QUIT'] }, { hear: ['221 bye'], stage: 'quit' }, { left: 'closed' }])
      .step([{ connect: '192.0.2.1' }, { left: 'closed' }]);
    expect((await rows(story)).flatMap((row) => (row.kind === 'left' ? [row.due] : []))).toEqual([
      true,
      false,
    ]);
  });
});

describe('hostile replies', () => {
  test('no text of the other side can end the element it stands in', async () => {
    const { data, html } = await pageOf([stories.hostile().result()]);
    for (const text of data.values()) expect(text).not.toContain('<');
    expect([...data.values()].join('')).toContain('\\u003cscript>');
    expect(html.match(/<script/g)?.length).toBe(data.size + 1);
    expect(dataText({ a: '</script><!--<script>' })).toBe('{"a":"\\u003c/script>\\u003c!--\\u003cscript>"}');
  });

  test('every text in the data is harmless as it is', async () => {
    const { data } = await pageOf([stories.hostile().result()]);
    const texts: string[] = [];
    for (const text of data.values())
      JSON.parse(text, (_, value) => {
        if (typeof value === 'string') texts.push(value);
        return value;
      });
    const harmful = texts.filter((text) => text.split('\n').some((line) => escapeControls(line) !== line));
    expect(texts.length).toBeGreaterThan(50);
    expect(harmful).toEqual([]);
    expect(texts.some((text) => text.includes('\\u202eexe.gnp\\u202c'))).toBe(true);
  });

  test('a line without end is cut', async () => {
    const story = new Told(
      scenarioOf('a.yaml', 'scenario: x\nhosts: { mx1.example.net: postfix }\nsteps:\n  - noop\n'),
    );
    story.step([{ say: ['NOOP'] }, { hear: [`250 ${'x'.repeat(50_000)}`], stage: 'command' }]);
    const { html } = await pageOf([story.result()]);
    expect(html).toContain('(and 46,004 characters more)');
  });
});
