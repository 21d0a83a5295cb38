import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderWith, mxlab } from './mxlab.ts';

const world = `world: Some hosts
hosts:
  mx.strict.example: postfix
  mx.all.example: accept-all
  mx.grey.example: { provider: greylister, mailboxes: { "*": unknown, alice: exists } }
  mx.outlook.example: { provider: outlook, situation: blocklisted }
`;

const list = [
  'alice@strict.example',
  'nobody@strict.example',
  'anybody@all.example',
  'alice@grey.example',
  'nobody@grey.example',
  'alice@outlook.example',
  'no address',
  'alice@nowhere.example',
];

const classes = {
  'alice@strict.example': 'deliverable',
  'nobody@strict.example': 'undeliverable',
  'anybody@all.example': 'accept-all',
  'alice@grey.example': 'deliverable',
  'nobody@grey.example': 'undeliverable',
  'alice@outlook.example': 'unknown',
  'no address': 'undeliverable',
  'alice@nowhere.example': 'undeliverable',
};

const folder = (): string => folderWith({ 'world.yaml': world, 'list.txt': `${list.join('\n')}\n` });
const usual = ['--world', 'world.yaml', '--helo', 'probe.example.net', '--seed', '1'];

const rowsIn = (text: string): { n: number; address: string; class: string }[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

const byAddress = (rows: ReturnType<typeof rowsIn>) =>
  Object.fromEntries(rows.map((row) => [row.address, row.class]));

test('an address is told of as a person reads it', async () => {
  const { code, stdout } = await mxlab(['verify', 'alice@strict.example', ...usual], { cwd: folder() });
  expect(stdout).toContain('alice@strict.example\n  deliverable · ok · 0.98 (high)');
  expect(stdout).toContain('said to RCPT TO: 250 2.1.5 Ok');
  expect(stdout).toMatch(/Control \w+@strict\.example was refused: 550 5\.1\.1/);
  expect(code).toBe(0);
});

test('a greylist costs no time in a simulated world', async () => {
  const { stdout } = await mxlab(['verify', 'alice@grey.example', ...usual, '--format', 'jsonl'], {
    cwd: folder(),
  });
  expect(rowsIn(stdout)).toEqual([
    expect.objectContaining({ n: 1, verdict: 'deliverable', sub_reason: 'ok', exists: 'yes', tries: 2 }),
  ]);
});

test('a list gives a row for each, from a file and from a pipe', async () => {
  const { stdout, stderr, code } = await mxlab(['verify', 'list.txt', ...usual], { cwd: folder() });
  expect(byAddress(rowsIn(stdout))).toEqual(classes);
  expect(stderr).toContain('8 verified: 2 deliverable, 1 accept-all, 4 undeliverable, 1 unknown.');
  expect(code).toBe(0);
});

test('a results file is gone on with where it was cut off', async () => {
  const cwd = folder();
  const out = join(cwd, 'out.jsonl');
  await mxlab(['verify', 'list.txt', ...usual, '--out', 'out.jsonl'], { cwd });
  const whole = rowsIn(readFileSync(out, 'utf8'));
  expect(byAddress(whole)).toEqual(classes);
  for (const cut of [1, 400, 1_500, 2_500]) {
    truncateSync(out, cut);
    const { stderr, code } = await mxlab(['verify', 'list.txt', ...usual, '--out', 'out.jsonl', '--resume'], {
      cwd,
    });
    expect(code, stderr).toBe(0);
    const rows = rowsIn(readFileSync(out, 'utf8'));
    expect(byAddress(rows)).toEqual(classes);
    expect(rows.map(({ n }) => n).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  }
});

test('CSV in and out', async () => {
  const cwd = folder();
  writeFileSync(join(cwd, 'list.csv'), '\ufeffname;e-mail\n"A; B";alice@strict.example\nC;"x@all.example"\n');
  await mxlab(['verify', 'list.csv', ...usual, '--out', 'out.csv'], { cwd });
  const [heading, ...rows] = readFileSync(join(cwd, 'out.csv'), 'utf8').trimEnd().split('\n');
  expect(heading).toMatch(/^n,address,class,verdict,sub_reason/);
  expect(rows.map((row) => row.split(',').slice(0, 3).join()).sort()).toEqual([
    '1,alice@strict.example,deliverable',
    '2,x@all.example,accept-all',
  ]);
});

test('with --redact nobody has a name', async () => {
  const cwd = folder();
  for (const args of [['list.txt'], ['alice@strict.example', 'nobody@strict.example']]) {
    const { stdout, stderr } = await mxlab(['verify', ...args, ...usual, '--redact'], { cwd });
    expect(stdout).toContain('***@strict.example');
    expect(stdout + stderr).not.toMatch(/alice|nobody@|nobody>|anybody|"no address/);
  }
});

test.each([
  [['verify'], /name an address, a file/],
  [['verify', 'nothing-there'], /nothing-there is neither an address nor a file/],
  [['verify', 'alice@example.net', 'list.txt'], /either addresses or one file; list\.txt is a file/],
  [
    ['verify', 'alice@example.net', '--dns', '192.0.2.1'],
    /outside of this machine: nothing was asked\. Add --live/,
  ],
  [['verify', 'list.txt', '--world', 'nothing.yaml'], /nothing\.yaml/],
  [['verify', 'list.txt', ...usual, '--resume'], /name it with --out/],
  [['verify', 'list.txt', ...usual, '--column', 'mail'], /no column called mail/],
  [['verify', 'list.txt', ...usual, '--out', 'list.txt'], /list\.txt is there already/],
  [['verify', 'list.txt', ...usual, '--out', '/dev/full'], /\/dev\/full cannot be written: ENOSPC/],
  [['verify', 'list.txt', ...usual, '--wait', 'soon'], /--wait soon is no time/],
  [['verify', 'list.txt', ...usual, '--sender', 'me'], /--sender me is no address/],
])('%j: one clear sentence, and exit code 2', async (args, message) => {
  const { code, stdout, stderr } = await mxlab(args, { cwd: folder() });
  expect(stderr).toMatch(message);
  expect(stderr).not.toContain('should not have happened');
  expect(stdout).toBe('');
  expect(code).toBe(2);
});

test('a list that is wrong begins no results file', async () => {
  const cwd = folder();
  const { code } = await mxlab(['verify', 'list.txt', ...usual, '--column', 'mail', '--out', 'out.csv'], {
    cwd,
  });
  expect(code).toBe(2);
  expect(existsSync(join(cwd, 'out.csv'))).toBe(false);
});

test('a file that is no results file is left as it is', async () => {
  const cwd = folder();
  appendFileSync(join(cwd, 'letter.jsonl'), 'Dear Alice,\nhow are you?\n');
  const { code, stderr } = await mxlab(
    ['verify', 'list.txt', ...usual, '--out', 'letter.jsonl', '--resume'],
    { cwd },
  );
  expect(stderr).toContain('letter.jsonl:1 is no row of results');
  expect(code).toBe(2);
  expect(readFileSync(join(cwd, 'letter.jsonl'), 'utf8')).toBe('Dear Alice,\nhow are you?\n');
});

test('an address that names a host nobody has breaks no list off', async () => {
  const { code, stdout, stderr } = await mxlab(['verify', '-', ...usual], {
    cwd: folder(),
    input: 'ada@[198.51.100.9]\nnobody@strict.example\n',
  });
  expect(byAddress(rowsIn(stdout))).toEqual({
    'ada@[198.51.100.9]': 'not-answered',
    'nobody@strict.example': 'undeliverable',
  });
  expect(code, stderr).toBe(0);
});

test('an address of ours that is none is a wrong argument', async () => {
  const { code, stderr } = await mxlab(['verify', 'alice@strict.example', ...usual, '--from', 'nonsense'], {
    cwd: folder(),
  });
  expect(stderr).toContain('--from nonsense is no IP address');
  expect(code).toBe(2);
});
