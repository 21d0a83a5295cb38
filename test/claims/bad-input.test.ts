import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { seededRandom } from '../../src/chance/seeded-random.ts';
import { folderWith, main, mxlab } from '../cli/mxlab.ts';

const world = 'world: One host\nhosts: { mx.strict.example: postfix }\n';
const usual = ['--world', 'world.yaml', '--helo', 'probe.example.net', '--rate', '1000'];

const folder = (files: Readonly<Record<string, string | Buffer>>): string =>
  folderWith({ 'world.yaml': world, ...files });

interface Row {
  readonly n: number;
  readonly address: string;
  readonly sub_reason: string;
  readonly notes: readonly string[];
}

const rowsIn = (text: string): Row[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Row => JSON.parse(line))
    .sort((a, b) => a.n - b.n);

/** A row for each entry, in the order of the list: what it is, and why. */
async function verdictsOf(content: string | Buffer, name: string): Promise<(readonly [string, string])[]> {
  const cwd = folder({ [name]: content });
  const { code, stdout, stderr } = await mxlab(['verify', name, ...usual], { cwd });
  expect(code, stderr).toBe(0);
  const rows = rowsIn(stdout);
  expect(rows.findIndex(({ n }, i) => n !== i + 1)).toBe(-1);
  return rows.map(({ address, sub_reason }) => [address, sub_reason]);
}

/** The first few rows that are not what garbage should be; noise may spell an address, but of no domain that there is. */
const otherThanBadSyntax = (rows: readonly (readonly [string, string])[]) =>
  rows.filter(([, why]) => why !== 'bad-syntax' && why !== 'no-such-domain').slice(0, 3);

const tenMegabytes = 10 * 1024 * 1024;

function garbage(seed: string): Buffer {
  const random = seededRandom(seed);
  const bytes = Buffer.allocUnsafe(tenMegabytes);
  for (let i = 0; i < tenMegabytes; i += 4) bytes.writeUInt32LE(Math.floor(random() * 2 ** 32), i);
  return bytes;
}

test('of 10 MB of garbage every line is bad syntax, and the lists around it are verified', async () => {
  const good = Buffer.from('alice@strict.example\n');
  const rows = await verdictsOf(Buffer.concat([good, garbage('noise'), Buffer.from('\n'), good]), 'list.txt');
  const lines = garbage('noise').filter((byte) => byte === 10).length;
  expect(rows.length).toBeGreaterThan(lines * 0.95); // a few are empty, or begin with #
  expect([rows[0], rows.at(-1)]).toEqual([
    ['alice@strict.example', 'ok'],
    ['alice@strict.example', 'ok'],
  ]);
  expect(otherThanBadSyntax(rows.slice(1, -1))).toEqual([]);
});

test.each([
  ['zeros', Buffer.alloc(tenMegabytes)],
  ['one letter', Buffer.alloc(tenMegabytes, 'x')],
])('10 MB of %s without a line end are one row', async (_, content) => {
  const rows = await verdictsOf(content, 'list.txt');
  expect(rows.map(([address, why]) => [address.length < 5_000, why])).toEqual([[true, 'bad-syntax']]);
});

test('10 MB of garbage as CSV are bad syntax too', async () => {
  const heading = Buffer.from('name,email\nAlice,alice@strict.example\n');
  const rows = await verdictsOf(Buffer.concat([heading, garbage('csv')]), 'list.csv');
  expect(rows[0]).toEqual(['alice@strict.example', 'ok']);
  expect(rows.length).toBeGreaterThan(10_000);
  expect(otherThanBadSyntax(rows.slice(1))).toEqual([]);
});

test('a quote that is never closed ends in a clear sentence before anybody is asked', async () => {
  const cwd = folder({ 'list.csv': `name,email\nAlice,alice@strict.example\n"${'x\n'.repeat(100_000)}` });
  const { code, stdout, stderr } = await mxlab(['verify', 'list.csv', ...usual], { cwd });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(
    /^mxlab: list\.csv: the list is no CSV behind record 2, heading included: [^\n]+\n$/,
  );
});

test('what was read of a pipe before it turned out to be no CSV is answered', async () => {
  const input = `email\nalice@strict.example\nnobody@strict.example\n"${'x\n'.repeat(100_000)}`;
  const { code, stdout, stderr } = await mxlab(['verify', '-', ...usual], { cwd: folder({}), input });
  expect(rowsIn(stdout).map(({ address }) => address)).toEqual([
    'alice@strict.example',
    'nobody@strict.example',
  ]);
  expect(stderr).toContain(
    'standard input: the list is no CSV behind record 3, heading included: the next one is longer than 64 KiB, as if a quote were never closed.',
  );
  expect(code).toBe(2);
});

test('CSV with a BOM, quotes, quotes in quotes and line ends in cells', async () => {
  const csv =
    '\ufeff"name","E-Mail","note"\r\n"Doe, ""Jane""","alice@strict.example","a line\r\nand another"\r\n' +
    '\'Bob\',"nobody@strict.example\r\n",z\r\nCarol\r\n';
  expect(await verdictsOf(csv, 'list.csv')).toEqual([
    ['alice@strict.example', 'ok'],
    ['nobody@strict.example', 'no-such-user'],
    ['', 'bad-syntax'],
  ]);
});

test('no address with CR or LF in it says anything to a host', async () => {
  const csv =
    'email\n"alice@strict.example\r\nRCPT TO:<victim@strict.example>"\n"bob\r\n@strict.example"\n' +
    '"alice@strict.example>\rRSET\r"\n"""a\rb""@strict.example"\nalice@strict.example\n';
  expect(await verdictsOf(csv, 'list.csv')).toEqual([
    ['alice@strict.example\\x0d\\x0aRCPT TO:<victim@strict.example>', 'bad-syntax'],
    ['bob\\x0d\\x0a@strict.example', 'bad-syntax'],
    ['alice@strict.example>\\x0dRSET', 'bad-syntax'],
    ['"a\\x0db"@strict.example', 'bad-syntax'],
    ['alice@strict.example', 'ok'],
  ]);
  const { stdout, code } = await mxlab(
    ['verify', 'a@strict.example\r\nQUIT', 'b\n@strict.example', ...usual],
    {
      cwd: folder({}),
    },
  );
  expect(code).toBe(0);
  expect(stdout.match(/undeliverable · bad-syntax/g)).toHaveLength(2);
  expect(stdout).not.toMatch(/^QUIT|\r/m);
});

test('64 octets are a local part, 65 and more are none', async () => {
  const local = (octets: number) => `${'a'.repeat(octets)}@strict.example`;
  const wide = `${'é'.repeat(35)}@strict.example`;
  expect(await verdictsOf([local(64), local(65), local(70), wide].join('\n'), 'list.txt')).toEqual([
    [local(64), 'no-such-user'],
    [local(65), 'bad-syntax'],
    [local(70), 'bad-syntax'],
    [wide, 'bad-syntax'],
  ]);
});

/** Runs a script of the shell in a mount namespace of its own, with a small disk at `$1`; undefined where that is not allowed. */
function withSmallDisk(script: string, cwd: string, size: string): Promise<string | undefined> {
  const mounted = `mount -t tmpfs -o size=${size} tmpfs "$1" || exit 77\n${script}`;
  const child = spawn('unshare', ['-r', '-m', 'sh', '-c', mounted, 'sh', join(cwd, 'disk')], {
    cwd,
    env: { PATH: process.env.PATH, NODE: process.execPath, MXLAB: main, LANG: 'C.UTF-8' },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let told = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    told += text;
  });
  return new Promise((resolve) => {
    child.on('error', () => resolve(undefined));
    child.on('close', (code) => resolve(code === 0 ? told : undefined));
  });
}

const many = Array.from({ length: 300 }, (_, i) => `user${i}@strict.example`);

function onDisk(): string {
  const cwd = folder({ 'list.txt': `${many.join('\n')}\n` });
  mkdirSync(join(cwd, 'disk'));
  return cwd;
}

test.each(['jsonl', 'csv'])(
  'a disk that is full ends a run in order, and --resume completes it: %s',
  async (format) => {
    const cwd = onDisk();
    const verify = `"$NODE" "$MXLAB" verify list.txt ${usual.join(' ')} --out "$1/out.${format}"`;
    const told = await withSmallDisk(
      `${verify}; echo "ended with $?"; wc -l < "$1/out.${format}"
     mount -o remount,size=8m "$1"; ${verify} --resume; echo "then with $?"; cp "$1/out.${format}" whole`,
      cwd,
      '48k',
    );
    if (told === undefined) return; // no namespaces here
    expect(told).toMatch(
      /out\.\w+ cannot be written: ENOSPC: no space left on device, write\. What is in it stays/,
    );
    expect(told).toMatch(/ended with 2\n[1-9]\d*\n/);
    expect(told).toMatch(/[1-9]\d* have their result already/);
    expect(told).toContain('then with 0');
    const whole = readFileSync(join(cwd, 'whole'), 'utf8');
    const found = [...whole.matchAll(/user\d+@strict\.example(?=[",])/g)].map(([address]) => address);
    expect([...new Set(found)].sort()).toEqual([...many].sort());
    expect(whole.trimEnd().split('\n')).toHaveLength(many.length + (format === 'csv' ? 1 : 0));
  },
);

test('a disk that is full for the cache ends nothing', async () => {
  const cwd = onDisk();
  const verify = `"$NODE" "$MXLAB" verify list.txt ${usual.join(' ')} --cache "$1/known"`;
  const told = await withSmallDisk(
    `${verify} --out first; echo "ended with $?"; mount -o remount,size=8m "$1"; ${verify} --out second`,
    cwd,
    '48k',
  );
  if (told === undefined) return;
  expect(told).toMatch(
    /300 verified: 300 undeliverable\.\nmxlab: \S+ could not be written \(ENOSPC[^)]+\): not all/,
  );
  expect(told).toContain('ended with 0');
  expect(told).toMatch(/[1-9]\d* of them were known/);
  for (const name of ['first', 'second'])
    expect(rowsIn(readFileSync(join(cwd, name), 'utf8'))).toHaveLength(many.length);
});

test('where nothing can be written at all, nobody is asked', async () => {
  const cwd = folder({ 'list.txt': `${many.join('\n')}\n` });
  writeFileSync(join(cwd, 'file'), '');
  for (const out of ['/dev/full', 'no-folder/out.jsonl', 'file/out.jsonl']) {
    const { code, stderr } = await mxlab(['verify', 'list.txt', ...usual, '--out', out], { cwd });
    expect(stderr).toMatch(/^mxlab: \S+ cannot be written: E\w+/);
    expect(code).toBe(2);
  }
  expect(existsSync(join(cwd, 'no-folder'))).toBe(false);
});
