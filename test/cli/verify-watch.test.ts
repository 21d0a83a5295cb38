import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { parseMetrics, sumOf } from '../report/metrics/text-format.ts';
import { folderWith, main, mxlab } from './mxlab.ts';

const world = `world: Some hosts
hosts:
  mx.strict.example: postfix
  mx.outlook.example: { provider: outlook, situation: blocklisted }
`;

const names = (count: number, domain: string): string =>
  Array.from({ length: count }, (_, i) => `somebody${i}@${domain}\n`).join('');

const folder = (): string =>
  folderWith({
    'world.yaml': world,
    'list.txt': names(30, 'outlook.example') + names(200, 'strict.example'),
  });

const usual = [
  'list.txt',
  '--world',
  'world.yaml',
  '--helo',
  'probe.example.net',
  '--seed',
  '1',
  '--rate',
  '100',
];
const listening = async (server: http.Server): Promise<number> => {
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

/** A run whose words on standard error can be waited for. */
class Running {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  stderr = '';
  #wake: () => void = () => {};

  constructor(args: readonly string[], cwd: string) {
    const { PATH = '', HOME = '' } = process.env;
    this.child = spawn(process.execPath, [main, 'verify', ...args], {
      cwd,
      env: { PATH, HOME, LANG: 'C.UTF-8' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    onTestFinished(() => void this.child.kill('SIGKILL'));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      this.#wake();
    });
    this.ended = new Promise((resolve) => {
      this.child.on('close', (code) => {
        resolve(code);
        this.#wake();
      });
    });
  }

  async until(wanted: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = wanted.exec(this.stderr);
      if (found) return found;
      if (this.child.exitCode !== null) throw new Error(`${wanted} did not come:\n${this.stderr}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

interface RecordSent {
  readonly alert: string;
  readonly state: string;
  readonly count: number;
  readonly of: number;
  readonly latest: { readonly address: string };
}

test('metrics are served while a list is verified and as long as wished, and say what the file says', async () => {
  const cwd = folder();
  const args = [...usual, '--out', 'out.jsonl', '--metrics-port', '0', '--metrics-linger', '1h'];
  const run = new Running([...args, '--alert', 'blocked>5%/100'], cwd);
  const [, url = ''] = await run.until(/metrics at (http:\/\/127\.0\.0\.1:\d+\/metrics)/);
  await run.until(/metrics stay for 1h/);

  const response = await fetch(url);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const samples = parseMetrics(await response.text());
  const rows: { verdict: string; sub_reason: string }[] = readFileSync(join(cwd, 'out.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(rows).toHaveLength(230);
  expect(sumOf(samples, 'mxlab_verify_results_total')).toBe(230);
  for (const { verdict, sub_reason } of rows)
    expect(sumOf(samples, 'mxlab_verify_results_total', { verdict, sub_reason })).toBe(
      rows.filter((row) => row.verdict === verdict && row.sub_reason === sub_reason).length,
    );
  expect(sumOf(samples, 'mxlab_verify_alerts_total', { state: 'raised' })).toBe(1);
  expect(sumOf(samples, 'process_resident_memory_bytes')).toBeGreaterThan(1e6);

  expect((await fetch(url, { method: 'POST' })).status).toBe(405);
  expect((await fetch(url.replace('/metrics', '/'))).status).toBe(404);
  run.child.kill('SIGINT');
  expect(await run.ended).toBe(0);
  await expect(fetch(url)).rejects.toThrow();
});

test('a port of the metrics that is in use: one sentence, and nothing is asked or begun', async () => {
  const port = await listening(http.createServer());
  const cwd = folder();
  const { code, stdout, stderr } = await mxlab(
    ['verify', ...usual, '--out', 'out.jsonl', '--metrics-port', `${port}`],
    { cwd },
  );
  expect(stderr).toBe(
    `mxlab: no metrics: something listens at 127.0.0.1:${port} already. Nothing was asked; name another --metrics-port, or 0 for a free one.\n`,
  );
  expect(stdout).toBe('');
  expect(existsSync(join(cwd, 'out.jsonl'))).toBe(false);
  expect(code).toBe(2);
});

test('with a port in use, what an earlier run has written stays as it is', async () => {
  const port = await listening(http.createServer());
  const cwd = folder();
  const half = '{"n":1,"address":"somebody0@outlook.example"}\n{"n":2,"addr';
  writeFileSync(join(cwd, 'out.jsonl'), half);
  const args = ['verify', ...usual, '--out', 'out.jsonl', '--resume', '--metrics-port', `${port}`];
  expect((await mxlab(args, { cwd })).code).toBe(2);
  expect(readFileSync(join(cwd, 'out.jsonl'), 'utf8')).toBe(half);
});

test.each([{ redact: false }, { redact: true }])(
  'a command and a webhook are told once of too much, and once when it is over ($redact)',
  async ({ redact }) => {
    const posted: RecordSent[] = [];
    let tries = 0;
    const port = await listening(
      http.createServer(async (request, response) => {
        let text = '';
        for await (const part of request.setEncoding('utf8')) text += part;
        if (tries++ === 0) return void response.writeHead(503).end(); // it is tried again
        posted.push(JSON.parse(text));
        response.end();
      }),
    );
    const cwd = folder();
    const { code, stderr } = await mxlab(
      [
        ...['verify', ...usual, '--out', 'out.jsonl', '--alert', 'blocked>5%/100'],
        ...['--alert-command', 'cat >> told.jsonl; echo "$MXLAB_ALERT_STATE $MXLAB_ALERT" >> env.txt'],
        ...['--alert-webhook', `http://127.0.0.1:${port}/alert`],
        ...(redact ? ['--redact'] : []),
      ],
      { cwd },
    );
    expect(stderr).not.toContain('failed');
    expect(code).toBe(0);
    const told = readFileSync(join(cwd, 'told.jsonl'), 'utf8');
    const records: RecordSent[] = told
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records.map(({ state, alert }) => `${state} ${alert}`)).toEqual([
      'raised blocked>5%/100',
      'cleared blocked>5%/100',
    ]);
    expect(posted).toEqual(records);
    expect(readFileSync(join(cwd, 'env.txt'), 'utf8')).toBe(
      'raised blocked>5%/100\ncleared blocked>5%/100\n',
    );
    expect(told.includes('somebody')).toBe(!redact);
  },
);

test('a hook that fails is told of, and the list goes on', async () => {
  const port = await listening(http.createServer((_, response) => void response.writeHead(404).end()));
  const { code, stdout, stderr } = await mxlab(
    [
      ...['verify', ...usual, '--alert', 'blocked>3'],
      ...[
        '--alert-command',
        'echo "no \x1b[31mmail" >&2; exit 3',
        '--alert-webhook',
        `http://127.0.0.1:${port}/`,
      ],
    ],
    { cwd: folder() },
  );
  expect(stderr).toContain('--alert-command failed: it ended with 3: no \\x1b[31mmail.');
  expect(stderr).toContain('--alert-webhook failed: it answers 404.');
  expect(stdout.trimEnd().split('\n')).toHaveLength(230);
  expect(code).toBe(0);
});

test('a command that cannot be started, since too many files are open, ends nothing', async () => {
  const program = `
    import { openSync } from 'node:fs';
    import { AlertHooks } from './cli/alert-hooks.js';
    import { notAsked } from './verify/list/not-asked.js';
    import { parseThreshold } from './verify/list/threshold.js';
    const hooks = AlertHooks.of({ alertCommand: 'true' }, (line) => console.log(line));
    const latest = notAsked('ada@example.net', 'a test', 0);
    const alert = { state: 'raised', threshold: parseThreshold('blocked>5%'), count: 1, of: 2, at: 0, latest };
    console.log('ready');
    try {
      for (;;) openSync('/dev/null');
    } catch {}
    hooks.tell(alert);
    hooks.tell(alert);
    await hooks.settled();`;
  const child = spawn(
    'sh',
    ['-c', 'ulimit -n 100; exec "$0" --input-type=module -e "$1"', process.execPath, program],
    { cwd: join(main, '../..'), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const [said, wrong, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  const failure = '--alert-command failed: spawn /bin/sh EMFILE.\n';
  expect(wrong).toBe('');
  expect(said).toBe(`ready\n${failure}${failure}`);
  expect(code).toBe(0);
});

test.each([
  [['--alert', 'bloked>5%'], 'did you mean blocked?\n  bloked>5%\n  ^^^^^^\n'],
  [['--plan', '--alert', 'bloked>5%'], 'did you mean blocked?'],
  [['--alert-command', 'true'], "such as --alert 'blocked>5%'"],
  [
    ['--alert', 'blocked>5%', '--alert-webhook', 'http://192.0.2.1/'],
    '192.0.2.1 is not on this machine; add --live',
  ],
  [['--alert', 'blocked>5%', '--alert-webhook', 'file:///etc/passwd'], 'takes a URL such as'],
  [['--alert', 'blocked>5%', '--alert-webhook', 'http://me:secret@127.0.0.1/'], 'no name and password'],
  [['--metrics-linger', '1m'], 'of no use without --metrics-port'],
  [['--metrics-port', '0', '--metrics-linger', 'long'], 'no time such as 30s'],
  [['--metrics-port', '0', '--metrics-host', '192.0.2.1'], '192.0.2.1 is no address of this machine'],
  [['--metrics-port', '70000'], 'a port from 0 to 65535'],
])('%j: one clear sentence, exit code 2, and nothing is begun', async (args, message) => {
  const cwd = folder();
  const { code, stdout, stderr } = await mxlab(['verify', ...usual, '--out', 'out.jsonl', ...args], { cwd });
  expect(stderr).toContain(message);
  expect(stderr).not.toContain('me:secret');
  expect(stdout).toBe('');
  expect(code).toBe(2);
  expect(existsSync(join(cwd, 'out.jsonl'))).toBe(false);
});

test('a few addresses are a list too when somebody looks on', async () => {
  const args = [
    'verify',
    'nobody@strict.example',
    'no address@',
    '--world',
    'world.yaml',
    '--metrics-port',
    '0',
  ];
  const { code, stdout, stderr } = await mxlab(args, { cwd: folder() });
  expect(stdout.trim().split('\n')).toHaveLength(2);
  expect(stderr).toContain('mxlab: metrics at http://127.0.0.1:');
  expect(code).toBe(0);
});
