import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startLab } from '../../src/world/start-lab.ts';
import { folderWith, mxlab, piped } from './mxlab.ts';

const talk = (who: string, lines: readonly string[], args: readonly string[] = [], cwd = '/tmp') =>
  mxlab(['talk', who, ...args], { input: piped(lines), cwd });

test('a whole mail, with TLS, a dot at the start of a line and explanations', async () => {
  const { stdout, code } = await talk('postfix', [
    'EHLO me.example.net',
    'STARTTLS',
    'EHLO me.example.net',
    'MAIL FROM:<me@example.net>',
    'RCPT TO:<nobody@postfix.example>',
    'RCPT TO:<alice@postfix.example>',
    'DATA',
    'Subject: dots',
    '',
    '.one',
    '.',
    'QUIT',
  ]);
  expect(stdout).toContain('TLS 1.3, certificate trusted');
  expect(stdout).toContain('user-unknown · about the recipient');
  expect(stdout).toMatch(/\.\. \.\n.*S: 250 2\.0\.0 Ok: queued as/);
  expect(stdout).toContain('the host closed the connection (FIN)');
  expect(code).toBe(0);
});

test('a password is neither shown nor saved', async () => {
  const cwd = folderWith({});
  const lines = [
    'EHLO me.example.net',
    'STARTTLS',
    'EHLO me.example.net',
    'AUTH LOGIN ada',
    'open-sesame',
    'QUIT',
  ];
  const { stdout } = await talk('submission', lines, ['--save', 'talk.txt'], cwd);
  const saved = readFileSync(join(cwd, 'talk.txt'), 'utf8');
  expect(stdout).toContain('password: (hidden)');
  expect(saved).toContain('AUTH LOGIN');
  for (const text of [stdout, saved])
    for (const secret of ['open-sesame', Buffer.from('open-sesame').toString('base64')])
      expect(text).not.toContain(secret);
});

test('time passes when it is told to, and situations come and go', async () => {
  const { stdout } = await talk('greylister', [
    'EHLO me.example.net',
    'MAIL FROM:<me@example.net>',
    'RCPT TO:<alice@greylister.example>',
    '/wait 6m',
    '/situations',
    '/switch after-the-message',
    '/situations',
    '/nonsense',
    '/quit',
  ]);
  expect(stdout).toContain('450 4.2.0');
  expect(stdout).toContain('6 min later');
  expect(stdout).toContain('On: none.');
  expect(stdout).toContain('On: after-the-message.');
  expect(stdout).toContain('There is no /nonsense.');
});

test('a connection that the host ends is explained, and ends the talk', async () => {
  const { stdout, code } = await talk('outlook:blocklisted', [
    'EHLO me.example.net',
    'MAIL FROM:<me@example.net>',
    'QUIT',
  ]);
  expect(stdout).toContain('blocklisted · about the client');
  expect(stdout).toContain('the host closed the connection (FIN)');
  expect(code).toBe(0);
});

test('a dialogue that was saved is read back by explain', async () => {
  const cwd = folderWith({});
  const { stderr } = await talk(
    'outlook:blocklisted',
    ['EHLO me.example.net', 'MAIL FROM:<me@example.net>'],
    ['--save', 'talk.txt'],
    cwd,
  );
  expect(stderr).toBe('mxlab: the dialogue is in talk.txt.\n');
  const { stdout } = await mxlab(['explain', 'talk.txt'], { cwd });
  expect(stdout).toContain('blocklisted');
});

test('a host of this machine is called as it is, TLS first where that is asked for', async () => {
  const lab = await startLab({ hosts: { 'mx.example.net': { provider: 'postfix', tls: 'implicit' } } });
  onTestFinished(() => lab.close());
  const [host] = lab.hosts;
  const { stdout, code } = await talk(
    `127.0.0.1:${host?.port}`,
    ['EHLO me.example.net', 'QUIT'],
    ['--tls', 'implicit'],
  );
  expect(stdout).toMatch(/connected to 127\.0\.0\.1 port \d+\n.*-- TLS 1\.3, certificate not trusted/);
  expect(stdout).toContain('S: 221 2.0.0 Bye');
  expect(code).toBe(0);
});

test('where nobody listens, that is explained, and the exit code says it', async () => {
  const { stdout, code } = await talk('127.0.0.1:1', ['EHLO me.example.net']);
  expect(stdout).toContain('the host refused the connection (ECONNREFUSED)');
  expect(stdout).toContain('Not sent: there is no connection any more.');
  expect(code).toBe(1);
});

test('learn keeps what was done where programs keep such things', async () => {
  const env = { XDG_STATE_HOME: folderWith({}) };
  const before = await mxlab(['learn'], { env });
  expect(before.stdout).toMatch(/ {2}1 {2}A first message {2}a-first-message\n/);
  expect(before.stdout).toMatch(/0 of \d+ done\./);
  await mxlab(['learn', 'a-closed-door'], { env, input: piped(['/skip', '/skip']) });
  await mxlab(['learn', 'quiz', '--questions', '1'], { env, input: piped(['1']) });
  const { stdout } = await mxlab(['learn'], { env });
  expect(stdout).toMatch(/✓ {2}5 {2}A closed door/);
  expect(stdout).toMatch(/1 of \d+ done\. Of 1 questions you had [01] right\./);
});

test('what is no SMTP goes out as it is', async () => {
  const { stdout } = await talk('postfix', ['EHLO', 'FLY me', 'DATA now', 'QUIT']);
  expect(stdout).toContain('501 Syntax: EHLO hostname');
  expect(stdout).toContain('500 5.5.2');
});

test.each([
  [
    ['talk', 'mx.example.com'],
    /mx\.example\.com is neither a provider nor on this machine: nobody was called\. Add --live/,
  ],
  [['talk', 'outlok:blocklisted'], /nobody was called\. Did you mean outlook\?/],
  [['talk', 'postfix', '--from', 'nowhere'], /--from nowhere is no IP address/],
  [['talk', 'outlook:out-to-lunch'], /outlook has no situation called out-to-lunch/],
  [['learn', 'come-back'], /there is no lesson called come-back/],
])('%j: one clear sentence', async (args, message) => {
  const { code, stderr } = await mxlab(args, { input: piped([]) });
  expect(stderr).toMatch(message);
  expect(code).toBe(2);
});
