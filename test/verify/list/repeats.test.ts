import { expect, test } from 'vitest';
import type { HostDialogue } from '../../../src/sim/host-dialogue.ts';
import { type ListOptions, type ListResult, verifyList } from '../../../src/verify/list/verify-list.ts';
import { startLab, type WorldLike } from '../../../src/world/start-lab.ts';

const asker = { helo: 'probe.verifier.example', sender: 'probe@verifier.example', from: '198.51.100.7' };

const commandsOf = ({ events }: HostDialogue) =>
  events.flatMap((event) => (event.kind === 'sent' ? event.lines : []));

/** Results in the order of the list, and how often hosts were asked about an address. */
async function verified(
  world: WorldLike,
  addresses: Iterable<string>,
  options: Partial<ListOptions> = {},
): Promise<{ results: ListResult[]; asked: (address: string) => number }> {
  const lab = await startLab(world, { clock: 'virtual' });
  try {
    const entries = [...addresses].map((address, key) => ({ key, address }));
    const results: ListResult[] = [];
    for await (const result of verifyList(lab, entries, { ...asker, ...options })) results.push(result);
    results.sort((a, b) => a.key - b.key);
    const commands = lab.dialogues.flatMap(commandsOf);
    const asked = (address: string) =>
      commands.filter((command) => command === `RCPT TO:<${address}>`).length;
    return { results, asked };
  } finally {
    await lab.close();
  }
}

const strict: WorldLike = { hosts: { 'mx.strict.example': 'postfix' } };

test('an address that stands there three times is asked about once, whatever the letters of its domain', async () => {
  const list = [
    'alice@strict.example',
    ' alice@Strict.Example ',
    'Alice@strict.example',
    'alice@strict.example',
  ];
  const { results, asked } = await verified(strict, list);
  expect(results.map(({ key, address }) => [key, address])).toEqual(
    list.map((address, key) => [key, address]),
  );
  expect(results.map(({ verification }) => verification.address)).toEqual(list.map((text) => text.trim()));
  expect(asked('alice@strict.example')).toBe(1);
  expect(asked('Alice@strict.example')).toBe(1); // another mailbox, for all that we know. RFC 5321 2.4
  expect(results.map(({ verification }) => verification.cached)).toEqual([
    undefined,
    { at: expect.any(Number), age: 0 },
    undefined,
    { at: expect.any(Number), age: 0 },
  ]);
});

test('who comes long after the first has the answer of the first', async () => {
  const others = Array.from({ length: 30 }, (_, i) => `other${i}@strict.example`);
  const { results, asked } = await verified(
    strict,
    ['nobody@strict.example', ...others, 'nobody@strict.example'],
    { window: 1 },
  );
  expect(asked('nobody@strict.example')).toBe(1);
  const [first, last] = [results[0]?.verification, results.at(-1)?.verification];
  expect(last).toMatchObject({ verdict: 'undeliverable', subReason: 'no-such-user' });
  expect(last?.cached?.at).toBeGreaterThan(0);
  expect(last?.evidence).toEqual(first?.evidence);
});

test('all wait together for a greylist', async () => {
  const grey: WorldLike = { hosts: { 'mx.grey.example': 'greylister' } };
  const { results, asked } = await verified(grey, Array(20).fill('alice@grey.example'));
  expect(new Set(results.map(({ verification }) => verification.verdict))).toEqual(new Set(['deliverable']));
  expect(results).toHaveLength(20);
  expect(asked('alice@grey.example')).toBe(2);
});

test('when the run ends first, nobody has an answer', async () => {
  const end = new AbortController();
  const grey: WorldLike = { hosts: { 'mx.grey.example': 'greylister' } };
  const { results } = await verified(grey, Array(3).fill('alice@grey.example'), {
    signal: end.signal,
    observe: ({ kind }) => kind === 'put-off' && end.abort(),
  });
  expect(results.map(({ unfinished }) => unfinished)).toEqual([true, true, true]);
  expect(results.map(({ verification }) => verification.cached)).toEqual([undefined, undefined, undefined]);
});

test('what is no address is told of each time', async () => {
  const { results } = await verified(strict, ['no address', 'no address']);
  expect(results.map(({ verification }) => verification.subReason)).toEqual(['bad-syntax', 'bad-syntax']);
});

test('a list of nothing else is read only so far ahead', async () => {
  let read = 0;
  function* many(): Generator<string> {
    for (; read < 500; read++) yield 'alice@strict.example';
  }
  const lab = await startLab(strict, { clock: 'virtual' });
  try {
    let before = 0;
    let i = 0;
    const entries = (function* () {
      for (const address of many()) yield { key: i++, address };
    })();
    for await (const _ of verifyList(lab, entries, { ...asker, window: 4, mostWaiting: 20 })) {
      before ||= read;
    }
    expect(before).toBeLessThan(30);
    expect(read).toBe(500);
  } finally {
    await lab.close();
  }
});
