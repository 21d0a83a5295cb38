import { expect, test } from 'vitest';
import { baselineOf, changesSince, scoreCard } from '../../src/exam/score-card.ts';
import { answer } from './answers.ts';

const first = [
  answer({ name: 'plain/strict', address: 'alice@strict.example', mark: 'right', took: 30 }),
  answer({ name: 'plain/strict', address: 'nobody@strict.example', mark: 'dangerous', took: 70 }),
];

test('a card counts the marks, the manners and the time', () => {
  const { counts, manners, took } = scoreCard('check.py', first);
  expect(counts).toEqual({ right: 1, harmless: 0, wrong: 0, dangerous: 1, hung: 0, crashed: 0 });
  expect(manners).toMatchObject({ connections: 2, recipients: 2, dataSent: 0 });
  expect(took).toBe(100);
});

test('the same answers are no change, however long they took', () => {
  const baseline = baselineOf(scoreCard('check.py', first));
  const again = first.map((one) => ({ ...one, took: 9_999, said: 'otherwise' }));
  expect(changesSince(baseline, scoreCard('check.py', again))).toEqual([]);
});

test('for the better, for the worse, gone and new: all are changes', () => {
  const baseline = baselineOf(scoreCard('check.py', first));
  const now = [
    answer({ name: 'plain/strict', address: 'alice@strict.example', mark: 'hung' }),
    answer({ name: 'plain/new', address: 'alice@new.example', mark: 'right' }),
  ];
  expect(changesSince(baseline, scoreCard('check.py', now))).toEqual([
    { question: 'plain/strict alice@strict.example', before: 'right', now: 'hung' },
    { question: 'plain/strict nobody@strict.example', before: 'dangerous', now: undefined },
    { question: 'plain/new alice@new.example', before: undefined, now: 'right' },
  ]);
});

test('a baseline goes through a file', () => {
  const baseline = baselineOf(scoreCard('check.py', first));
  expect(JSON.parse(JSON.stringify(baseline))).toEqual(baseline);
});
