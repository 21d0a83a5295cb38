import { expect, test } from 'vitest';
import { type ListOptions, type ListResult, verifyList } from '../../../src/verify/list/verify-list.ts';
import { startLab, type WorldLike } from '../../../src/world/start-lab.ts';

const asker = { helo: 'probe.verifier.example', sender: 'probe@verifier.example', from: '198.51.100.7' };
const quick = { parallel: 2, perSecond: 200, perConnection: 30, perTransaction: 5 };

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

const commandsIn = (lab: Lab): string[][] =>
  lab.dialogues.map(({ events }) =>
    events.flatMap((event) => (event.kind === 'sent' ? event.lines.map((line) => line.slice(0, 4)) : [])),
  );

const names = (count: number, domain: string): string[] =>
  Array.from({ length: count }, (_, i) => `nobody${i}@${domain}`);

const strict: WorldLike = { hosts: { 'mx.strict.example': 'postfix' } };

test('a domain so long that nothing fits in front of it breaks off no list', () =>
  inWorld(strict, async (lab) => {
    const label = 'x'.repeat(60);
    const long = `a@${label}.${label}.${label}.${label}.strict`;
    const wide = `a@${'ü'.repeat(28)}.${'ä'.repeat(28)}.${'ö'.repeat(28)}.${'é'.repeat(28)}.example`;
    const results = await all(lab, [long, wide, 'alice@strict.example']);
    expect(results.map(({ verification }) => verification.verdict)).toContain('deliverable');
    expect(results).toHaveLength(3);
  }));

test.each([
  { perTransaction: 1, perConnection: 3 },
  { perTransaction: 3, perConnection: 4 },
])('no transaction and no connection has more recipients than $perTransaction and $perConnection', (limits) =>
  inWorld(strict, async (lab) => {
    const results = await all(lab, names(20, 'strict.example'), { manners: { ...quick, ...limits } });
    expect(results).toHaveLength(20);
    for (const commands of commandsIn(lab)) {
      const transactions = commands.join(' ').split('MAIL').slice(1);
      const recipients = transactions.map((text) => text.split('RCPT').length - 1);
      expect(Math.max(0, ...recipients)).toBeLessThanOrEqual(limits.perTransaction);
      expect(recipients.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(limits.perConnection);
    }
  }),
);

test('a host that hangs up before the control has said nothing about it', () =>
  inWorld(
    {
      hosts: {
        'mx.curt.example': {
          provider: 'postfix',
          behaviours: [
            { 'canned-reply': { at: 'ehlo', reply: '250 mx.curt.example' } },
            { 'canned-reply': { at: 'rcpt', reply: '250 2.1.5 Ok', then: 'close' } },
          ],
        },
      },
    },
    async (lab) => {
      const [result] = await all(lab, ['alice@curt.example']);
      const { controls } = result?.verification.evidence ?? { controls: [] };
      expect(controls.filter(({ result: got }) => got === 'accepted')).toEqual([]);
      expect(result?.verification.subReason).not.toBe('catch-all');
    },
  ));

test('who is queued when a block shows is not asked any more', () =>
  inWorld(
    {
      hosts: {
        'mx.mining.example': {
          provider: 'postfix',
          behaviours: [
            {
              'block-list': {
                at: 'mail',
                grows: { on: 'unknown-recipients', after: 12, lasts: '24h' },
                reply: '550 5.7.1 Your network is on our block list',
              },
            },
          ],
        },
      },
    },
    async (lab) => {
      const results = await all(lab, names(200, 'mining.example'));
      expect(results).toHaveLength(200);
      const mails = commandsIn(lab)
        .flat()
        .filter((verb) => verb === 'MAIL').length;
      expect(mails).toBeLessThan(12);
    },
  ));

test('a block in the greeting stops the questions too', () =>
  inWorld(
    {
      hosts: {
        'mx.banner.example': {
          provider: 'postfix',
          behaviours: [
            {
              'canned-reply': {
                at: 'greeting',
                reply: '554 5.7.1 Client host blocked using zen.spamhaus.org',
                then: 'close',
              },
            },
          ],
        },
      },
    },
    async (lab) => {
      expect(await all(lab, names(100, 'banner.example'))).toHaveLength(100);
      expect(lab.dialogues.length).toBeLessThan(5);
    },
  ));

test('a host that cannot be dialled is not dialled for every address', () =>
  inWorld(
    { hosts: { 'mx.off.example': { absent: 'timed-out' }, 'mx.strict.example': 'postfix' } },
    async (lab) => {
      const began = lab.clock.now();
      const results = await all(lab, names(100, 'off.example'), { wait: 0 });
      expect(results.every(({ verification }) => verification.subReason === 'timeout')).toBe(true);
      expect(lab.clock.now() - began).toBeLessThan(20 * 60_000);
    },
  ));

test('who reads no further ends the run', () =>
  inWorld({ hosts: { 'mx.grey.example': 'greylister', 'mx.strict.example': 'postfix' } }, async (lab) => {
    let closed = false;
    function* endless() {
      try {
        for (let key = 0; ; key++)
          yield { key, address: key % 2 ? `a${key}@grey.example` : `a${key}@strict.example` };
      } finally {
        closed = true;
      }
    }
    for await (const _ of verifyList(lab, endless(), { ...asker, manners: quick })) break;
    await lab.clock.sleep(60_000);
    expect(closed).toBe(true);
    const sessions = lab.dialogues.length;
    await lab.clock.sleep(24 * 3_600_000);
    expect(lab.dialogues.length).toBe(sessions);
  }));

test('a run can be ended while the list is waiting for its next line', () =>
  inWorld(strict, async (lab) => {
    const stop = new AbortController();
    async function* slow() {
      yield { key: 1, address: 'alice@strict.example' };
      await new Promise(() => {});
    }
    const results: ListResult[] = [];
    const signal = stop.signal;
    for await (const result of verifyList(lab, slow(), { ...asker, manners: quick, signal })) {
      results.push(result);
      stop.abort();
    }
    expect(results).toHaveLength(1);
  }));
