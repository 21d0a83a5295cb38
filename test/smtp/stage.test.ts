import { expect, test } from 'vitest';
import { stageFacts, stages } from '../../src/smtp/stage.ts';

test('TMO-01 no stage has less patience than RFC 5321 4.5.3.2 asks for', () => {
  const least = { greeting: 5, mail: 5, rcpt: 5, data: 2, message: 10 } as const;
  for (const [stage, minutes] of Object.entries(least)) {
    expect(stageFacts[stage as keyof typeof least].patience, stage).toBeGreaterThanOrEqual(minutes * 60_000);
  }
});

test('every stage has words for a failure', () => {
  expect(stages).toHaveLength(11);
  for (const stage of stages) {
    expect(stageFacts[stage].said).not.toBe('');
    expect(stageFacts[stage].doing).toMatch(/ing\b/);
  }
});
