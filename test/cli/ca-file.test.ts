import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import tls from 'node:tls';
import { expect, test } from 'vitest';
import { folderWith, mxlab } from './mxlab.ts';

/** Whether a program that trusts a root takes the certificate of a door on this machine, under its address. */
function trusts(root: string, port: number): Promise<true | string> {
  return new Promise((resolve) => {
    const socket = tls.connect({ host: '127.0.0.1', port, ca: root });
    socket.once('secureConnect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error) => resolve(error.message));
  });
}

test('mxlab serve --ca-file gives clients a root to trust before it says that it is ready', async () => {
  const file = join(folderWith({}), 'deep', 'root.pem');
  let asked: Promise<true | string> | undefined;
  const ended = await mxlab(['serve', 'gmail', '--tls', 'implicit', '--json', '--ca-file', file], {
    watch: (stdout, child) => {
      if (asked || !stdout.includes('\n')) return;
      const { hosts } = JSON.parse(stdout.split('\n')[0] ?? '') as { hosts: { port: number }[] };
      asked = trusts(readFileSync(file, 'utf8'), hosts[0]?.port ?? 0);
      void asked.finally(() => child.kill('SIGINT'));
    },
  });
  expect(await asked).toBe(true);
  expect(ended.code).toBe(0);
});

test('a --ca-file that cannot be written is a mistake, and nothing listens', async () => {
  const { code, stderr, stdout } = await mxlab(['serve', 'gmail', '--ca-file', '/proc/mxlab/root.pem']);
  expect(code).toBe(2);
  expect(stderr).toContain('mxlab: /proc/mxlab/root.pem cannot be written: ');
  expect(stdout).toBe('');
});

test('a folder for traces or transcripts that can never be made is a mistake', async () => {
  for (const args of [
    ['run', '--trace', '/proc/mxlab'],
    ['serve', 'gmail', '--save', '/proc/mxlab'],
    ['run', '--reporter', 'junit=/proc/mxlab/report.xml'],
  ]) {
    const { code, stderr } = await mxlab(args);
    expect({ args, code, stderr }).toEqual({
      args,
      code: 2,
      stderr: expect.stringContaining('cannot be written'),
    });
  }
});
