import { expect, onTestFinished, test } from 'vitest';
import { startLab, WaitError } from '../../src/index.ts';

test.each([
  [1, 'waited 1 ms for 1 dialogue in vain'],
  [2, 'waited 1 ms for 2 dialogues in vain'],
])('waiting for %i in vain', async (count, message) => {
  const lab = await startLab({ hosts: { 'mx.example.net': 'accept-all' } });
  onTestFinished(() => lab.close());
  const failed = await lab.waitForDialogues(count, 1).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(WaitError);
  expect((failed as WaitError).message).toBe(message);
});
