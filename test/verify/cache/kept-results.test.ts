import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FileCache } from '../../../src/verify/cache/file-cache.ts';
import { MemoryCache } from '../../../src/verify/cache/memory-cache.ts';
import type { KeptResult, ResultCache } from '../../../src/verify/cache/result-cache.ts';
import { type ListResult, verifyList } from '../../../src/verify/list/verify-list.ts';
import type { Verification } from '../../../src/verify/verification.ts';
import { verifyAddress } from '../../../src/verify/verify-address.ts';
import type { RunningLab } from '../../../src/world/running-lab.ts';
import { startLab, type WorldLike } from '../../../src/world/start-lab.ts';
import { newPath } from './sample.ts';

const asker = { helo: 'probe.verifier.example', sender: 'probe@verifier.example', from: '198.51.100.7' };
const mailboxes = { '*': 'unknown', alice: 'exists', bob: 'exists' } as const;

async function inWorld<T>(hosts: WorldLike['hosts'], work: (lab: RunningLab) => Promise<T>): Promise<T> {
  const lab = await startLab({ hosts }, { clock: 'virtual' });
  try {
    return await work(lab);
  } finally {
    await lab.close();
  }
}

const rcptsAt = (lab: RunningLab): number =>
  lab.dialogues.flatMap(({ events }) =>
    events.flatMap((event) =>
      event.kind === 'sent' ? event.lines.filter((line) => /^RCPT/.test(line)) : [],
    ),
  ).length;

test('what a host put off is kept until it may be asked again, and no longer', () =>
  inWorld({ 'mx.grey.example': { provider: 'greylister', mailboxes } }, async (lab) => {
    const options = { ...asker, cache: new MemoryCache(), wait: 0 };
    const first = await verifyAddress(lab, 'alice@grey.example', options);
    expect(first.subReason).toBe('greylisted');
    const sessions = lab.dialogues.length;
    const again = await verifyAddress(lab, 'alice@grey.example', options);
    expect(again).toMatchObject({ subReason: 'greylisted', cached: { age: expect.any(Number) } });
    expect(lab.dialogues.length).toBe(sessions);
    await lab.clock.sleep((first.retryableFrom ?? 0) - lab.clock.now());
    const later = await verifyAddress(lab, 'alice@grey.example', options);
    expect(later).toMatchObject({ verdict: 'deliverable', evidence: { rule: 'V045' } });
    expect(later.cached).toBeUndefined();
  }));

test.each([false, true])('how a connection ended is asked once; hashed: %s', (hashed) =>
  inWorld(
    { 'mx.resets.example': { provider: 'postfix', mailboxes, behaviours: [{ disconnect: { at: 'rcpt' } }] } },
    async (lab) => {
      const path = newPath();
      const run = async () => {
        const cache = FileCache.open(path, { now: lab.clock.now(), hashed });
        const found = await verifyAddress(lab, 'alice@resets.example', { ...asker, cache, wait: 0 });
        cache.close();
        return found;
      };
      expect(await run()).toMatchObject({ verdict: 'unknown', evidence: { ending: { stage: 'rcpt' } } });
      const sessions = lab.dialogues.length;
      expect(await run()).toMatchObject({ verdict: 'unknown', cached: { age: expect.any(Number) } });
      expect(lab.dialogues.length).toBe(sessions);
      if (hashed) expect(readFileSync(path, 'utf8')).not.toContain('alice');
    },
  ),
);

test.each([false, true])(
  'in another run a domain answers for its controls from the file; hashed: %s',
  (hashed) =>
    inWorld({ 'mx.all.example': 'accept-all' }, async (lab) => {
      const path = newPath();
      const run = async (address: string) => {
        const cache = FileCache.open(path, { now: lab.clock.now(), hashed });
        const found = await verifyAddress(lab, address, { ...asker, cache });
        cache.close();
        return found;
      };
      expect((await run('alice@all.example')).verdict).toBe('accept-all');
      const before = rcptsAt(lab);
      expect(await run('bob@all.example')).toMatchObject({
        verdict: 'accept-all',
        confidence: expect.closeTo(0.997),
      });
      expect(rcptsAt(lab)).toBe(before + 1);
    }),
);

test('the facts of a domain go when its exchangers are others', async () => {
  const cache = new MemoryCache();
  const world = (host: string): WorldLike => ({
    hosts: { [host]: { provider: 'postfix', mailboxes } },
    domains: { 'moves.example': [host] },
  });
  for (const host of ['mx1.old.example', 'mx1.new.example']) {
    const lab = await startLab(world(host), { clock: 'virtual' });
    await verifyAddress(lab, `${host === 'mx1.old.example' ? 'alice' : 'bob'}@moves.example`, {
      ...asker,
      cache,
    });
    await lab.close();
  }
  expect(cache.facts('moves.example', Date.UTC(2026, 0, 5, 10))).toMatchObject({
    exchangers: 'mx1.new.example',
    controls: { accepted: 0, refused: 1 },
    probes: [{ host: 'mx1.new.example' }],
  });
});

/** A door of somebody else's, behind a network. */
class Remote implements ResultCache {
  readonly kept = new Map<string, KeptResult>();
  readonly asked: string[] = [];

  async result(address: string): Promise<KeptResult | undefined> {
    this.asked.push(address);
    await Promise.resolve();
    return this.kept.get(address);
  }

  async keepResult(address: string, verification: Verification, now: number): Promise<void> {
    this.kept.set(address, { verification, at: now });
  }

  async facts(): Promise<undefined> {}
  async keepFacts(): Promise<void> {}
}

test('any door will do: it hears of addresses as they go over the wire, and of none that is none', () =>
  inWorld({ 'mx.xn--bcher-kva.example': { provider: 'postfix', mailboxes } }, async (lab) => {
    const cache = new Remote();
    const list = [
      'alice@bücher.example',
      'Bob@XN--BCHER-KVA.EXAMPLE',
      'no address',
      'alice@xn--bcher-kva.example',
    ];
    const run = async () => {
      const results: ListResult[] = [];
      const entries = list.map((address, key) => ({ key, address }));
      for await (const result of verifyList(lab, entries, { ...asker, cache })) results.push(result);
      return results.sort((a, b) => a.key - b.key);
    };
    const first = await run();
    expect([...cache.kept.keys()].sort()).toEqual([
      'Bob@xn--bcher-kva.example',
      'alice@xn--bcher-kva.example',
    ]);
    const second = await run();
    expect(second.map(({ verification }) => verification.verdict)).toEqual(
      first.map(({ verification }) => verification.verdict),
    );
    expect(
      second.map(({ verification }) => [verification.address, verification.cached !== undefined]),
    ).toEqual([
      [list[0], true],
      [list[1], true],
      [list[2], false],
      [list[3], true],
    ]);
  }));

test('a cache that breaks is a defect, and is told of', () =>
  inWorld({ 'mx.strict.example': 'postfix' }, async (lab) => {
    const cache = new MemoryCache();
    cache.keepResult = () => {
      throw new Error('the cache is gone');
    };
    await expect(verifyAddress(lab, 'alice@strict.example', { ...asker, cache })).rejects.toThrow('is gone');
    const run = async () => {
      for await (const _ of verifyList(lab, [{ key: 1, address: 'alice@strict.example' }], {
        ...asker,
        cache,
      }));
    };
    await expect(run()).rejects.toThrow('the cache is gone');
  }));

test('in memory the oldest go first', () => {
  const cache = new MemoryCache({ most: 2 });
  const expires = 1_000;
  for (const name of ['a', 'b', 'c']) cache.keepResult(name, { expires } as Verification, 0);
  expect(['a', 'b', 'c'].filter((name) => cache.result(name, 10))).toEqual(['b', 'c']);
  expect(cache.result('c', 1_000)).toBeUndefined();
});
