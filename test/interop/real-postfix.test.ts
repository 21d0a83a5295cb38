import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { program, run } from './peers.ts';
import { startPostfix } from './real-postfix.ts';

const options = { name: 'mx.example.net', domain: 'example.net', mailboxes: ['alice'] };

test('a missing program is named, with the command that installs it', () => {
  const sentence = /^not-there is not installed; run `apt-get install -y postfix [^`]+` first\.$/;
  expect(() => program('not-there')).toThrow(sentence);
  expect(() => run('not-there', [])).toThrow(sentence);
});

test('a Postfix that is stopped leaves neither processes nor files', async () => {
  const { pid, folder, stop } = await startPostfix(options);
  expect(existsSync(folder)).toBe(true);
  await stop();
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  expect(existsSync(folder)).toBe(false);
});

test('a Postfix that does not come up says why, and leaves nothing', async () => {
  const broken = { variants: { broken: { 'smtpd_timeout = 1}\nnonsense {': '2' } } };
  const error = await startPostfix({ ...options, ...broken }).then(
    () => undefined,
    (reason: Error) => reason,
  );
  expect(error?.message).toMatch(/fatal: .*master\.cf/);
  expect(existsSync(/\S*mxlab-postfix-\w+/.exec(error?.message ?? '')?.[0] ?? '/')).toBe(false);
});
