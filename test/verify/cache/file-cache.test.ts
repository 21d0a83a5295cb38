import { appendFileSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { FileCache, type FileCacheOptions } from '../../../src/verify/cache/file-cache.ts';
import { facts, hour, newPath, now, refused } from './sample.ts';

const open = (path: string, options: Partial<FileCacheOptions> = {}): FileCache =>
  FileCache.open(path, { now, ...options });

const alice = 'alice@strict.example';
const named = (n: number): string => `user${n}@strict.example`;

function filled(path: string, count: number, options: Partial<FileCacheOptions> = {}): FileCache {
  const cache = open(path, options);
  for (let n = 0; n < count; n++) cache.keepResult(named(n), refused(named(n)), now);
  return cache;
}

const heldIn = (cache: FileCache, count: number, at = now): number =>
  Array.from({ length: count }, (_, n) => cache.result(named(n), at)).filter((kept) => kept !== undefined)
    .length;

test('what is kept is there for the next process, word for word', () => {
  const path = newPath();
  const first = open(path);
  first.keepResult(alice, refused(alice), now);
  first.keepFacts('strict.example', facts, now);
  first.close();
  const again = open(path);
  expect(again.result(alice, now + hour)).toMatchObject({
    at: now,
    verification: { address: alice, confidence: 0.98 },
  });
  const { raw: _, ...reply } = refused(alice).evidence.reply ?? { raw: [] };
  expect(again.result(alice, now)?.verification.evidence).toMatchObject({
    reply,
    tries: 2,
    says: expect.any(String),
  });
  expect(again.facts('strict.example', now)).toMatchObject({
    controls: facts.controls,
    exchangers: facts.exchangers,
  });
  expect(again.result('bob@strict.example', now)).toBeUndefined();
  expect(again.facts('other.example', now)).toBeUndefined();
  again.close();
});

test('the latest of several counts, and what was written just now is found at once', () => {
  const cache = open(newPath());
  cache.keepResult(alice, refused(alice), now);
  cache.keepResult(alice, refused(alice, { confidence: 0.6 }), now + hour);
  expect(cache.result(alice, now + hour)).toMatchObject({
    at: now + hour,
    verification: { confidence: 0.6 },
  });
});

test('nothing outlives its time, nor the time that nothing is kept longer than', () => {
  const path = newPath();
  const cache = open(path);
  cache.keepResult(alice, refused(alice, { expires: now + hour }), now);
  expect(cache.result(alice, now + hour - 1)).toBeDefined();
  expect(cache.result(alice, now + hour)).toBeUndefined();
  cache.keepResult(alice, refused(alice), now);
  cache.keepFacts('strict.example', facts, now);
  const short = open(path, { keepFor: hour });
  expect(short.result(alice, now + hour - 1)).toBeDefined();
  expect(short.result(alice, now + hour)).toBeUndefined();
  expect(short.facts('strict.example', now + hour)).toBeUndefined();
  expect(short.facts('strict.example', now)?.expires).toBe(now + hour);
});

test('what was found out from another place is not seen', () => {
  const path = newPath();
  open(path, { scope: 'live from 192.0.2.1' }).keepResult(alice, refused(alice), now);
  expect(open(path, { scope: 'live from 192.0.2.2' }).result(alice, now)).toBeUndefined();
  expect(open(path, { scope: 'live from 192.0.2.1' }).result(alice, now)).toBeDefined();
});

test('with hashed keys no address, no local part and no word of a host stands in the file', () => {
  const path = newPath();
  const cache = open(path, { hashed: true });
  cache.keepResult(alice, refused(alice), now);
  cache.keepFacts(
    'strict.example',
    { ...facts, deferred: { address: 'dubi@strict.example', until: now + hour } },
    now,
  );
  cache.close();
  expect(readFileSync(path, 'utf8')).not.toMatch(/alice|dubi|@|postmaster@|no such user/i);
  const again = open(path); // the file says of itself that it is hashed
  expect(again.hashed).toBe(true);
  again.keepResult('bob@strict.example', refused('bob@strict.example'), now);
  expect(readFileSync(path, 'utf8')).not.toMatch(/bob/i);
  expect(again.result(alice, now)?.verification).toMatchObject({
    address: alice,
    verdict: 'undeliverable',
    evidence: {
      reply: { code: 550, enhanced: '5.1.1', lines: [] },
      controls: [{ address: '***@strict.example' }],
    },
  });
  expect(again.facts('strict.example', now)).toMatchObject({ controls: { accepted: 0, refused: 1 } });
});

test('two files hash the same address in two ways', () => {
  const keys = [newPath(), newPath()].map((path) => {
    open(path, { hashed: true }).keepResult(alice, refused(alice), now);
    return /"k":"([^"]+)"/.exec(readFileSync(path, 'utf8'))?.[1];
  });
  expect(keys[0]).toHaveLength(22);
  expect(keys[0]).not.toBe(keys[1]);
});

test('a file that was cut off at any byte has all but the last line, and takes more', () => {
  const path = newPath();
  filled(path, 3).close();
  const whole = readFileSync(path, 'utf8');
  const beforeLast = whole.lastIndexOf('\n', whole.length - 2) + 1;
  for (let cut = whole.length - 2; cut >= beforeLast; cut -= 17) {
    writeFileSync(path, whole.slice(0, cut));
    const cache = open(path);
    cache.keepResult(alice, refused(alice), now);
    cache.close();
    const again = open(path);
    expect([heldIn(again, 3), again.result(alice, now)?.verification.address]).toEqual([2, alice]);
    again.close();
  }
});

test.each([
  ['garbage', 'nonsense\n\n{"k":"short"}\n'],
  ['a line without an end', `${'x'.repeat(3_000_000)}\n`],
  [
    'a line of another shape',
    '{"k":"AAAAAAAAAAAAAAAAAAAAAA","at":1767603600000,"until":1999999999999,"result":{"verdict":"maybe"}}\n',
  ],
  [
    'broken JSON behind a good beginning',
    '{"k":"AAAAAAAAAAAAAAAAAAAAAA","at":1767603600000,"until":1999999999999,"result":{\n',
  ],
])('%s between the lines costs nothing else', (_, rubbish) => {
  const path = newPath();
  filled(path, 5).close();
  appendFileSync(path, rubbish);
  const cache = open(path);
  cache.keepResult(alice, refused(alice), now);
  expect([heldIn(cache, 5), cache.result(alice, now)?.at]).toEqual([5, now]);
  cache.close();
  expect(heldIn(open(path), 5)).toBe(5);
});

test('a line that was altered is no answer', () => {
  const path = newPath();
  open(path).keepResult(alice, refused(alice), now);
  writeFileSync(path, readFileSync(path, 'utf8').replace('"undeliverable"', '"surely"'));
  expect(open(path).result(alice, now)).toBeUndefined();
});

test.each([
  ['Dear Alice,\nhow are you?\n', /is no cache of mxlab verify\. It was left as it is/],
  ['{"n":1,"address":"alice@example.net"}\n', /is no cache of mxlab verify/],
  ['{"mxlab":"verify-cache","version":1', /is no cache/],
  [
    `{"mxlab":"verify-cache","version":2,"hashed":false,"salt":"${'0'.repeat(32)}"}\n{"new":"thing"}\n`,
    /was written by a newer mxlab: its format is 2, and this one reads 1\. It was left as it is/,
  ],
  ['x'.repeat(10_000), /is no cache/],
])('a file that is none of ours is refused, and stays as it is: %#', (content, message) => {
  const path = newPath();
  writeFileSync(path, content);
  expect(() => open(path)).toThrow(message);
  expect(readFileSync(path, 'utf8')).toBe(content);
  expect(readdirSync(dirname(path))).toEqual(['cache.jsonl']);
});

test('what is no file at all is refused', () => {
  expect(() => open('/dev/null')).toThrow('/dev/null is no regular file');
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  expect(() => open('/nowhere/at/all')).toThrow(/cannot be used as a cache: ENOENT/);
});

test('a folder gets a file, an empty file becomes a cache, and a link leads to one', () => {
  const folder = dirname(newPath());
  expect(open(folder).path).toMatch(/verify-cache\.jsonl$/);
  const empty = newPath();
  writeFileSync(empty, '');
  filled(empty, 2).close();
  const link = join(dirname(empty), 'link');
  symlinkSync(empty, link);
  expect(heldIn(open(link), 2)).toBe(2);
  expect(readdirSync(dirname(empty)).sort()).toEqual(['cache.jsonl', 'link']);
});

test('only its owner may read it', () => {
  const path = newPath();
  open(path).close();
  expect(statSync(path).mode & 0o077).toBe(0);
});

test('two who have it open lose nothing of each other', () => {
  const path = newPath();
  const [a, b] = [open(path), open(path)];
  for (let n = 0; n < 200; n++) (n % 2 ? a : b).keepResult(named(n), refused(named(n)), now);
  a.close();
  b.close();
  expect(heldIn(open(path), 200)).toBe(200);
});

test('lines that hold no more go when they are most of the file, also under the eyes of another process', () => {
  const path = newPath();
  const old = filled(path, 5_000, { keepFor: hour });
  old.keepResult(alice, refused(alice), now);
  const bigger = open(path, { now: now + 2 * hour });
  const before = statSync(path);
  expect(before.size).toBeLessThan(5_000);
  expect(readdirSync(dirname(path))).toEqual(['cache.jsonl']);
  expect(before.mode & 0o777).toBe(0o600);
  old.keepResult('bob@strict.example', refused('bob@strict.example'), now + 2 * hour); // it has the old file open
  bigger.keepResult('carol@strict.example', refused('carol@strict.example'), now + 2 * hour);
  old.keepResult('dan@strict.example', refused('dan@strict.example'), now + 2 * hour);
  expect([old.trouble, bigger.trouble]).toEqual([undefined, undefined]);
  const last = open(path, { now: now + 2 * hour });
  for (const name of ['bob', 'carol', 'dan'])
    expect(last.result(`${name}@strict.example`, now + 2 * hour)?.verification.verdict, name).toBe(
      'undeliverable',
    );
});

test('a cache that is being written anew by somebody else is left to them', () => {
  const path = newPath();
  filled(path, 5_000, { keepFor: hour }).close();
  writeFileSync(`${path}.lock`, '');
  const { size } = statSync(path);
  open(path, { now: now + 2 * hour }).close();
  expect(statSync(path).size).toBe(size);
});

test('a file that takes no more is no reason to end: the cache says so', () => {
  const path = newPath();
  const cache = filled(path, 3);
  writeFileSync(path, ''); // nothing can be added to a file that was emptied
  cache.keepResult(alice, refused(alice), now);
  expect(cache.trouble).toMatch(/emptied/);
  expect(() => cache.keepResult(alice, refused(alice), now)).not.toThrow();
});

test('what is too long for a line is not kept', () => {
  const path = newPath();
  const cache = open(path);
  cache.keepResult(alice, refused(alice, { notes: ['x'.repeat(100_000)] }), now);
  expect(cache.result(alice, now)).toBeUndefined();
  expect(cache.trouble).toBeUndefined();
});
