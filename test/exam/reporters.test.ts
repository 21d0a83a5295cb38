import { describe, expect, test } from 'vitest';
import { scoreCard } from '../../src/exam/score-card.ts';
import { examHtml } from '../../src/report/exam/html.ts';
import { examJson } from '../../src/report/exam/json.ts';
import { examJUnit } from '../../src/report/exam/junit.ts';
import { renderChanges, renderScoreCard } from '../../src/report/exam/terminal.ts';
import { createPalette } from '../../src/report/palette.ts';
import { type Read, readXml } from '../report/xml-reader.ts';
import { answer } from './answers.ts';

const terminal = '\x1b]0;owned\x07\x1b[2J';
const markup = '<script>alert("1")</script> & ]]>\0';
const hostile = `${terminal}${markup}`;
const address = 'alice@strict.example';

const card = scoreCard(`./check ${hostile}`, [
  answer({ name: 'plain/strict', address, mark: 'right', verdict: 'deliverable', took: 1_234 }),
  answer({
    name: 'plain/strict',
    address: hostile,
    mark: 'dangerous',
    verdict: 'undeliverable',
    said: hostile,
  }),
  answer({ name: 'greylist/postgrey', address, mark: 'hung', said: 'no answer within the time limit' }),
  answer({ name: 'greylist/postgrey', address, mark: 'crashed', said: hostile }),
  answer({ name: 'tls/broken', address, mark: 'harmless', verdict: 'unknown', said: 'unknown' }),
]);

const plain = { palette: createPalette({ colour: 0, unicode: true }), columns: 80 };

describe('the terminal', () => {
  const lines = renderScoreCard(card, plain);

  test('tells of every answer that is not right, then sums up', () => {
    const text = lines.join('\n');
    expect(text).toContain('dangerous plain/strict');
    expect(text).toContain('right: deliverable; somebody reads mail there');
    expect(text).toMatch(/1 right +20 %/);
    expect(text).toContain('5 questions in');
    expect(text).toContain('5 connections, 5 recipients named; good manners');
  });

  test('keeps to its columns and lets no control character through', () => {
    expect(lines.filter((line) => /[\x00-\x1f\x7f]/.test(line))).toEqual([]);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  test('a change is a line', () => {
    const changes = [{ question: `plain/strict ${terminal}`, before: 'right', now: undefined }] as const;
    const [line = ''] = renderChanges(changes, plain);
    expect(line).toMatch(/^plain\/strict .*: right before, not asked now$/);
    expect(line).not.toContain('\x1b');
  });
});

test('JSON holds everything', () => {
  const document = JSON.parse(examJson(card));
  expect(document).toMatchObject({ format: 'mxlab-exam/1', questions: 5, counts: card.counts });
  expect(document.answers[0]).toMatchObject({ case: 'plain/strict', mark: 'right', ms: 1_234 });
  expect(document.answers[2]).toMatchObject({ verdict: null });
  expect(examJson(card)).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
});

describe('JUnit', () => {
  const suites = readXml(examJUnit(card)).children;
  const elements = (name: string): Read[] =>
    suites.flatMap(({ children }) =>
      children.flatMap((one) => one.children.filter((inner) => inner.name === name)),
    );

  test('has a suite for each group of cases', () => {
    expect(
      suites.map(({ attributes: { name, tests, failures, errors } }) => [name, tests, failures, errors]),
    ).toEqual([
      ['exam.plain', '2', '1', '0'],
      ['exam.greylist', '2', '0', '2'],
      ['exam.tls', '1', '0', '0'],
    ]);
  });

  test('fails what is dangerous, and has errors for what hung and crashed', () => {
    expect(elements('failure').map(({ attributes }) => attributes.type)).toEqual(['dangerous']);
    expect(elements('error').map(({ attributes }) => attributes.type)).toEqual(['hung', 'crashed']);
    expect(elements('failure')[0]?.attributes.message).toContain('said undeliverable, deliverable is right');
    expect(elements('system-out')).toHaveLength(1);
  });
});

describe('HTML', () => {
  const page = examHtml(card);

  test('what a validator says is text', () => {
    expect(page).not.toContain('<script');
    expect(page).toContain('&lt;script&gt;');
    expect(page).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
  });

  test('needs nothing else and runs nothing', () => {
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/(?:src|href)=/);
    expect(page.match(/<tr>/g)).toHaveLength(1 + card.answers.length);
  });
});
