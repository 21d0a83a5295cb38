import { expect, test } from 'vitest';
import { errorShape } from '../../src/control/answers.ts';
import { routes } from '../../src/control/routes.ts';
import { ask, steered } from './asking.ts';

test('every answer with a shape is described, and every one without is empty', () => {
  for (const { path, answer, shape } of routes) expect([path, answer === 'nothing']).toEqual([path, !shape]);
});

test('no refusal has another shape than Error', async () => {
  const there = await steered();
  const refusals = [
    await ask(there, 'GET', '/nowhere'),
    await ask(there, 'DELETE', '/hosts'),
    await ask(there, 'GET', '/dialogues/wait?count=1&patience=1ms'),
    await ask(there, 'POST', '/clock/advance', { body: '{' }),
    await ask(there, 'GET', '/hosts', { headers: { host: 'elsewhere.example' } }),
    await ask(there, 'POST', '/reset', { headers: { 'content-type': 'text/plain' }, body: 'x' }),
  ];
  expect(refusals.map(({ status }) => status)).toEqual([404, 405, 504, 400, 403, 415]);
  for (const { body, text } of refusals) {
    expect(errorShape.strict().safeParse(body).error).toBeUndefined();
    expect(text).toMatch(/[^\n]\n$/);
  }
});
