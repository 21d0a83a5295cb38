import { expect, test } from 'vitest';
import type { HostDialogue } from '../../../src/sim/host-dialogue.ts';
import { MemoryCache } from '../../../src/verify/cache/memory-cache.ts';
import { type ListOptions, type ListResult, verifyList } from '../../../src/verify/list/verify-list.ts';
import { startLab, type WorldLike } from '../../../src/world/start-lab.ts';

const asker = { helo: 'probe.verifier.example', sender: 'probe@verifier.example', from: '198.51.100.7' };
const quick = { parallel: 3, perSecond: 200, perConnection: 30, perTransaction: 5 };

type Lab = Awaited<ReturnType<typeof startLab>>;

async function inWorld<T>(world: WorldLike, work: (lab: Lab) => Promise<T>): Promise<T> {
  const lab = await startLab(world, { clock: 'virtual' });
  try {
    return await work(lab);
  } finally {
    await lab.close();
  }
}

async function all(
  lab: Lab,
  addresses: readonly string[],
  options: Partial<ListOptions> = {},
): Promise<ListResult[]> {
  const entries = addresses.map((address, key) => ({ key, address }));
  const results: ListResult[] = [];
  for await (const result of verifyList(lab, entries, { ...asker, manners: quick, ...options }))
    results.push(result);
  return results;
}

const verdicts = (results: readonly ListResult[]) =>
  Object.fromEntries(results.map(({ address, verification }) => [address, verification.verdict]));

const commandsOf = ({ events }: HostDialogue) =>
  events.flatMap((event) => (event.kind === 'sent' ? event.lines : []));

test('every entry has exactly one result, whatever its host is like', () =>
  inWorld(
    {
      hosts: {
        'mx.strict.example': 'postfix',
        'mx.all.example': 'accept-all',
        'mx.grey.example': { provider: 'greylister', mailboxes: { '*': 'unknown', alice: 'exists' } },
        'mx.hangs-up.example': {
          provider: 'postfix',
          behaviours: [{ disconnect: { at: 'rcpt', every: 3 } }],
        },
        'mx.one-each.example': { provider: 'outlook', situation: 'second-recipient' },
      },
    },
    async (lab) => {
      const domains = ['strict', 'all', 'grey', 'hangs-up', 'one-each'];
      const addresses = domains.flatMap((domain) =>
        ['alice', 'nobody', 'bob', 'nix', 'carol'].map((local) => `${local}@${domain}.example`),
      );
      const results = await all(lab, [...addresses, 'no address', 'alice@nowhere.example']);
      expect(results.map(({ key }) => key).sort((a, b) => a - b)).toEqual(results.map((_, i) => i));
      expect(verdicts(results)).toMatchObject({
        'alice@strict.example': 'deliverable',
        'nobody@strict.example': 'undeliverable',
        'alice@all.example': 'accept-all',
        'alice@grey.example': 'deliverable',
        'nobody@grey.example': 'undeliverable',
        'alice@hangs-up.example': 'deliverable',
        'nix@hangs-up.example': 'undeliverable',
        'alice@one-each.example': 'deliverable',
        'nobody@one-each.example': 'undeliverable',
        'no address': 'undeliverable',
        'alice@nowhere.example': 'undeliverable',
      });
    },
  ));

test('one operator never sees more than its limits, however many domains it serves', () =>
  inWorld(
    {
      hosts: { 'mx1.big.example': 'postfix', 'mx2.big.example': 'postfix' },
      domains: Object.fromEntries(
        Array.from({ length: 20 }, (_, i) => [`d${i}.example`, ['mx1.big.example', 'mx2.big.example']]),
      ),
    },
    async (lab) => {
      let open = 0;
      let peak = 0;
      lab.listen({
        opened: () => {
          open++;
          peak = Math.max(peak, open);
        },
        closed: () => void open--,
      });
      const began = lab.clock.now();
      const addresses = Array.from({ length: 300 }, (_, i) => `nobody${i}@d${i % 20}.example`);
      const manners = { parallel: 2, perSecond: 5, perConnection: 12, perTransaction: 3 };
      const results = await all(lab, addresses, { manners });
      expect(results).toHaveLength(300);
      expect(peak).toBe(2);
      const rcpts = lab.dialogues.map(
        (dialogue) => commandsOf(dialogue).filter((line) => line.startsWith('RCPT')).length,
      );
      expect(Math.max(...rcpts)).toBeLessThanOrEqual(12 + 3);
      const total = rcpts.reduce((sum, count) => sum + count, 0);
      expect(total).toBeGreaterThanOrEqual(300);
      expect((lab.clock.now() - began) / 1_000).toBeGreaterThanOrEqual((total - 10) / 5);
    },
  ));

test('connections and transactions are shared', () =>
  inWorld({ hosts: { 'mx.example.net': 'postfix' } }, async (lab) => {
    await all(
      lab,
      Array.from({ length: 60 }, (_, i) => `nobody${i}@example.net`),
    );
    expect(lab.dialogues.length).toBeLessThan(10);
    const lines = lab.dialogues.flatMap(commandsOf);
    const count = (verb: string) => lines.filter((line) => line.startsWith(verb)).length;
    expect(count('MAIL')).toBeLessThan(count('RCPT') / 3);
  }));

test('a block stops the questions to that operator, and no others', () =>
  inWorld(
    {
      hosts: {
        'mx.blocks.example': { provider: 'outlook', situation: 'blocklisted' },
        'mx.strict.example': 'postfix',
      },
    },
    async (lab) => {
      const told: string[] = [];
      const addresses = [
        ...Array.from({ length: 50 }, (_, i) => `a${i}@blocks.example`),
        'alice@strict.example',
      ];
      const results = await all(lab, addresses, {
        manners: { ...quick, parallel: 1, perTransaction: 1 },
        observe: (event) =>
          event.kind === 'paced' && event.stopped && told.push(`${event.operator}: ${event.stopped}`),
      });
      expect(results).toHaveLength(51);
      expect(verdicts(results)['alice@strict.example']).toBe('deliverable');
      const asked = results.filter(({ verification }) => verification.evidence.tries > 0);
      expect(asked.length).toBeLessThan(10);
      expect(told[0]).toContain('blocklisted');
      const rest = results.filter(({ verification }) => verification.evidence.tries === 0);
      expect(rest.every(({ verification }) => /^Not asked: /.test(verification.notes[0] ?? ''))).toBe(true);
    },
  ));

test('several addresses of ours take turns', () =>
  inWorld({ hosts: { 'mx.example.net': 'postfix' } }, async (lab) => {
    const sources = ['198.51.100.7', '198.51.100.8', '198.51.100.9'];
    await all(
      lab,
      Array.from({ length: 40 }, (_, i) => `nobody${i}@example.net`),
      { sources, manners: { ...quick, perConnection: 5 } },
    );
    expect(new Set(lab.dialogues.map(({ client }) => client))).toEqual(new Set(sources));
  }));

test('a greylist hears of a recipient from the same address of ours every time', () =>
  inWorld(
    { hosts: { 'mx.grey.example': { provider: 'greylister', mailboxes: { '*': 'exists' } } } },
    async (lab) => {
      const sources = ['198.51.100.7', '203.0.113.8', '192.0.2.9'];
      const addresses = Array.from({ length: 12 }, (_, i) => `person${i}@grey.example`);
      const from = new Map<string, Set<string>>();
      await all(lab, addresses, { sources, manners: quick });
      let asked = 0;
      for (const { client, events } of lab.dialogues) {
        const lines = events.flatMap((event) => (event.kind === 'sent' ? event.lines : []));
        for (const line of lines.filter((one) => one.startsWith('RCPT TO:<person'))) {
          from.set(line, (from.get(line) ?? new Set()).add(client));
          asked++;
        }
      }
      expect(asked).toBeGreaterThan(addresses.length); // they came back
      expect([...from.values()].map(({ size }) => size)).toEqual(addresses.map(() => 1));
      expect(new Set([...from.values()].flatMap((clients) => [...clients]))).toEqual(new Set(sources));
    },
  ));

test('who is called off gives what there is, and leaves nothing out', () =>
  inWorld({ hosts: { 'mx.grey.example': 'greylister', 'mx.strict.example': 'postfix' } }, async (lab) => {
    const stop = new AbortController();
    const results: ListResult[] = [];
    const entries = Array.from({ length: 30 }, (_, key) => ({
      key,
      address: key % 2 ? `alice${key}@grey.example` : `nobody${key}@strict.example`,
    }));
    for await (const result of verifyList(lab, entries, { ...asker, manners: quick, signal: stop.signal })) {
      results.push(result);
      if (results.length === 15) stop.abort();
    }
    const keys = results.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toHaveLength(30);
    const open = results.filter(({ unfinished }) => unfinished);
    expect(open.length).toBeGreaterThan(0);
    const why = open.map(({ verification: { subReason, notes } }) => [subReason, ...notes].join(' '));
    expect(why.filter((words) => !/greylisted|the run was ended/.test(words))).toEqual([]);
  }));

test('a list that breaks off is told of', () =>
  inWorld({ hosts: { 'mx.example.net': 'postfix' } }, async (lab) => {
    function* broken() {
      yield { key: 1, address: 'alice@example.net' };
      throw new Error('the disk is gone');
    }
    const run = async () => {
      for await (const _ of verifyList(lab, broken(), { ...asker, manners: quick }));
    };
    await expect(run()).rejects.toThrow('the disk is gone');
  }));

test('what is known already is not asked', () =>
  inWorld({ hosts: { 'mx.example.net': 'postfix' } }, async (lab) => {
    const cache = new MemoryCache();
    const [first] = await all(lab, ['alice@example.net'], { cache });
    const sessions = lab.dialogues.length;
    const [again] = await all(lab, ['alice@example.net'], { cache });
    expect(first?.verification.cached).toBeUndefined();
    expect(again?.verification).toMatchObject({
      ...first?.verification,
      cached: { age: expect.any(Number) },
    });
    expect(lab.dialogues.length).toBe(sessions);
  }));
