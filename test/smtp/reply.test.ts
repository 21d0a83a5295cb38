import { expect, test } from 'vitest';
import { enhancedStatusOf, withoutEnhancedStatus } from '../../src/smtp/enhanced-status.ts';
import { classOf, isPositive, replyCodes, replyFromLines, replyText } from '../../src/smtp/reply.ts';

test('digits, status and words are kept apart', () => {
  const reply = replyFromLines(['550-5.1.1 The address', '550 5.1.1 does not exist']);
  expect(reply).toEqual({
    code: 550,
    enhanced: '5.1.1',
    lines: ['The address', 'does not exist'],
    raw: ['550-5.1.1 The address', '550 5.1.1 does not exist'],
  });
  expect(replyText(reply)).toBe('The address does not exist');
  expect(replyCodes(reply)).toBe('550 5.1.1');
});

test('REP-10 a status that was not sent is not made up', () => {
  const reply = replyFromLines(['550 no']);
  expect(reply).not.toHaveProperty('enhanced');
  expect(replyCodes(reply)).toBe('550');
});

test('REP-11 a status that contradicts the code is kept', () => {
  expect(replyFromLines(['550 4.7.1 no'])).toMatchObject({ code: 550, enhanced: '4.7.1' });
});

test('REP-04 the first digit decides', () => {
  expect([200, 299, 354, 421, 599].map((code) => [classOf({ code }), isPositive({ code })])).toEqual([
    [2, true],
    [2, true],
    [3, true],
    [4, false],
    [5, false],
  ]);
});

for (const raw of [[], ['hello'], ['199 x'], ['250 ok', 'x']]) {
  test(`${JSON.stringify(raw)} is no reply`, () => expect(() => replyFromLines(raw)).toThrow(TypeError));
}

for (const text of ['5.1.1 no', '4.7.500 later', '2.0.0']) {
  test(`REP-10 ${JSON.stringify(text)} begins with a status`, () => {
    expect(enhancedStatusOf(text)).toBe(text.split(' ')[0]);
    expect(withoutEnhancedStatus(text)).toBe(text.split(' ')[1] ?? '');
  });
}

for (const text of [
  '',
  '5.1',
  '5.01.1 x',
  '5.1.1000 x',
  '3.1.1 x',
  '5.1.1x',
  'see 5.1.1',
  '5.1.1.1 x',
  '#5.1.1 x',
]) {
  test(`REP-11 ${JSON.stringify(text)} does not`, () => {
    expect(enhancedStatusOf(text)).toBeUndefined();
    expect(withoutEnhancedStatus(text)).toBe(text);
  });
}
