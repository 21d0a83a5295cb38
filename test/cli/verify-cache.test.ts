import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
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
  'alice@all.example',
  'alice@grey.example',
  'alice@outlook.example',
  'no address',
];

const folder = (): string => folderWith({ 'world.yaml': world, 'list.txt': `${list.join('\n')}\n` });
const usual = ['--world', 'world.yaml', '--helo', 'probe.example.net', '--seed', '1'];
const verify = (cwd: string, ...args: string[]) => mxlab(['verify', ...args, ...usual], { cwd });

interface Row {
  readonly address: string;
  readonly class: string;
  readonly cached: boolean;
  readonly age: number | null;
}
const rowsIn = (text: string): Row[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
const answers = (text: string) =>
  rowsIn(text)
    .map((row) => `${row.address} ${row.class}`)
    .sort();

test('a second run takes from the cache what still holds, and says so', async () => {
  const cwd = folder();
  const first = await verify(cwd, 'list.txt', '--cache', 'known.jsonl');
  expect(rowsIn(first.stdout).filter(({ cached }) => cached)).toEqual([]);
  const second = await verify(cwd, 'list.txt', '--cache', 'known.jsonl');
  expect(answers(second.stdout)).toEqual(answers(first.stdout));
  const asked = rowsIn(second.stdout).filter(({ cached }) => !cached);
  expect(asked.map(({ address }) => address)).toEqual(['no address']); // nobody was asked about that
  expect(rowsIn(second.stdout).find(({ cached }) => cached)).toMatchObject({ age: expect.any(Number) });
  expect(second.stderr).toContain('5 of them were known');
  const { stdout } = await verify(cwd, 'alice@grey.example', '--cache', 'known.jsonl');
  expect(stdout).toMatch(/From the cache: found out .*2026-01-05 09:\d\d UTC\./);
});

test('--cache-for keeps nothing longer, --sender asks for itself', async () => {
  const cwd = folder();
  await verify(cwd, 'alice@strict.example', '--cache', '.');
  const row = async (...args: string[]) =>
    rowsIn(
      (await verify(cwd, 'alice@strict.example', '--format', 'jsonl', '--cache', '.', ...args)).stdout,
    )[0];
  expect(await row('--cache-for', '1h')).toMatchObject({ cached: true });
  expect(await row('--cache-for', '0s')).toMatchObject({ cached: false });
  expect(await row('--sender', 'me@example.net')).toMatchObject({ cached: false });
  expect(existsSync(join(cwd, 'verify-cache.jsonl'))).toBe(true);
});

test.each([['--cache-hashed'], ['--redact']])('with %s nobody has a name in the file', async (flag) => {
  const cwd = folder();
  const first = await verify(cwd, 'list.txt', '--cache', 'known.jsonl', flag);
  const file = readFileSync(join(cwd, 'known.jsonl'), 'utf8');
  expect(file).not.toMatch(/alice|nobody|@|User unknown|example|\d\.\d+\.\d+\.\d/);
  expect(file.split('\n').length).toBeGreaterThan(list.length);
  const second = await verify(cwd, 'list.txt', '--cache', 'known.jsonl', flag);
  expect(answers(second.stdout)).toEqual(answers(first.stdout));
  expect(rowsIn(second.stdout).filter(({ cached }) => cached)).toHaveLength(5);
});

test('two at the same time fill one cache', async () => {
  const cwd = folder();
  const lists = [0, 1].map((half) => {
    const name = `half${half}.txt`;
    const addresses = Array.from({ length: 300 }, (_, i) => `user${i * 2 + half}@strict.example\n`);
    writeFileSync(join(cwd, name), addresses.join(''));
    return name;
  });
  const quick = ['--rate', '1000', '--cache', 'known.jsonl'];
  const ends = await Promise.all(lists.map((name) => verify(cwd, name, ...quick)));
  expect(ends.map(({ code }) => code)).toEqual([0, 0]);
  for (const name of lists) {
    const { stderr } = await verify(cwd, name, ...quick);
    expect(stderr).toContain('300 of them were known');
  }
  expect(readdirSync(cwd).sort()).toEqual([
    'half0.txt',
    'half1.txt',
    'known.jsonl',
    'list.txt',
    'world.yaml',
  ]);
});

test.each([
  ['Dear Alice,\n', [], /letter is no cache of mxlab verify\. It was left as it is\./],
  ['{"mxlab":"verify-cache","version":9,"hashed":true}\n', [], /written by a newer mxlab/],
  [
    `{"mxlab":"verify-cache","version":1,"hashed":false,"salt":"${'0'.repeat(32)}"}\n`,
    ['--redact'],
    /has addresses in it, and --redact wants none: name another file/,
  ],
  [
    `{"mxlab":"verify-cache","version":1,"hashed":false,"salt":"${'0'.repeat(32)}"}\n`,
    ['--cache-hashed'],
    /has addresses in it, and --cache-hashed wants none/,
  ],
])('what cannot be the cache stays as it is, and nothing is asked: %#', async (content, args, message) => {
  const cwd = folder();
  appendFileSync(join(cwd, 'letter'), content);
  const { code, stdout, stderr } = await verify(cwd, 'list.txt', '--cache', 'letter', ...args);
  expect(stderr).toMatch(message);
  expect([code, stdout]).toEqual([2, '']);
  expect(readFileSync(join(cwd, 'letter'), 'utf8')).toBe(content);
});

test.each([
  [['--cache-for', '7d'], /name it with --cache/],
  [['--cache-hashed'], /name it with --cache/],
  [['--cache', 'x', '--cache-for', 'long'], /--cache-for long is no time such as 12h or 7d/],
  [['--cache', '/dev/full'], /\/dev\/full is no regular file/],
  [
    ['--cache', 'no/such/folder/x'],
    /no\/such\/folder\/x cannot be used as a cache: ENOENT: no such file or directory\.$/m,
  ],
])('%j: one clear sentence, and exit code 2', async (args, message) => {
  const { code, stdout, stderr } = await verify(folder(), 'list.txt', ...args);
  expect(stderr).toMatch(message);
  expect([code, stdout]).toEqual([2, '']);
});
