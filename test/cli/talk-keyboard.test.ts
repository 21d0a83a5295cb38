import { spawn, spawnSync } from 'node:child_process';
import { expect, onTestFinished, test, vi } from 'vitest';
import { main } from './mxlab.ts';

/** util-linux's `script` gives a program a terminal of its own. */
const available = spawnSync('script', ['--version']).status === 0;

/** The program at a terminal: what is on it, and keys to press. */
function terminal(args: readonly string[]) {
  const { PATH = '', HOME = '' } = process.env;
  const command = [process.execPath, main, ...args].map((arg) => `'${arg}'`).join(' ');
  const child = spawn('script', ['-qfec', `stty cols 90 rows 50; ${command}`, '/dev/null'], {
    env: { PATH, HOME, LANG: 'C.UTF-8', TERM: 'xterm' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return {
    text: () => text,
    ended,
    /** Presses keys, and waits until the terminal shows something since. */
    async press(keys: string, until: string | RegExp): Promise<void> {
      const from = text.length;
      child.stdin.write(keys);
      await vi.waitFor(() => expect(text.slice(from)).toMatch(until), { timeout: 30_000, interval: 20 });
    },
  };
}

test.skipIf(!available)(
  'at a keyboard: completion, a login out of sight, history without it, Ctrl-C',
  async () => {
    const { press, text, ended } = terminal(['talk', 'submission']);
    await press('', /The server greets us[\s\S]*C:/);
    await press('ehl\t', 'EHLO '); // a tab in the middle of a paste completes nothing
    await press('me.example.net\r', /knows us by name now[\s\S]*C:/);
    await press('AUTH CRAM-MD5 alice@example.net\r', /password:/);
    await press('open-sesame\r', /auth-failed[\s\S]*C:/);
    await press('\x1b[A', 'AUTH CRAM-MD5 alice@example.net');
    await press('\x1b[A', 'EHLO me.example.net');
    await press('\x03RSET\r', /250 2\.0\.0[\s\S]*C:/);
    await press('MAIL FROM:<a@example.net>\rNOOP\r', /NOOP[\s\S]*530[\s\S]*250[\s\S]*C:/);
    await press('\x03', '221 2.0.0');
    expect(await ended).toBe(0);
    expect(text()).not.toContain('open-sesame');
  },
  120_000,
);

test.skipIf(!available)(
  'Ctrl-C breaks off what is under way',
  async () => {
    const { press, ended } = terminal(['talk', 'postfix:handshake-silent']);
    await press('', /The server greets us[\s\S]*C:/);
    await press('EHLO me.example.net\r', /knows us by name now[\s\S]*C:/);
    await press('STARTTLS\r', 'STARTTLS');
    await press('\x03', /we hung up[\s\S]*There is no connection any more/);
    await press('QUIT\r', '');
    expect(await ended).toBe(0);
  },
  120_000,
);
