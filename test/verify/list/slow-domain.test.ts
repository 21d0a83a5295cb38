import { expect, test } from 'vitest';
import { verifyList } from '../../../src/verify/list/verify-list.ts';
import { startLab } from '../../../src/world/start-lab.ts';

const asker = { helo: 'probe.verifier.example', sender: 'probe@verifier.example', from: '198.51.100.7' };

const names = (count: number, domain: string): string[] =>
  Array.from({ length: count }, (_, i) => `nobody${i}@${domain}`);

test('many addresses in a row of slow hosts keep nobody else waiting, whoever serves them', async () => {
  const lab = await startLab(
    {
      hosts: {
        'mx.slow.example': {
          provider: 'postfix',
          behaviours: [{ tarpit: { delay: '20s', at: 'rcpt' } }],
        },
        'mx.quick.example': 'postfix',
      },
      domains: {
        'slow.example': ['mx.slow.example'],
        'also-slow.example': ['mx.slow.example'],
        'quick.example': ['mx.quick.example'],
      },
    },
    { clock: 'virtual' },
  );
  const list = [
    ...names(200, 'slow.example'),
    ...names(200, 'also-slow.example'),
    ...names(40, 'quick.example'),
  ].map((address, key) => ({ key, address }));
  const order: string[] = [];
  const manners = { perSecond: 100 };
  for await (const { address } of verifyList(lab, list, { ...asker, manners, window: 100 }))
    order.push(address.slice(address.indexOf('@') + 1));
  await lab.close();
  expect(order).toHaveLength(440);
  const before = order.slice(0, order.lastIndexOf('quick.example'));
  expect(before.filter((domain) => domain !== 'quick.example').length).toBeLessThan(60);
});

test('what waits for a slow operator is bounded', async () => {
  const lab = await startLab({ hosts: { 'mx.slow.example': 'postfix' } }, { clock: 'virtual' });
  let read = 0;
  let done = 0;
  let most = 0;
  function* list() {
    for (const address of names(300, 'slow.example')) {
      most = Math.max(most, ++read - done);
      yield { key: read, address };
    }
  }
  for await (const _ of verifyList(lab, list(), { ...asker, window: 20, mostWaiting: 50 })) done++;
  await lab.close();
  expect(done).toBe(300);
  expect(most).toBeLessThanOrEqual(20 + 50 + 20 + 1); // worked on, waiting, not yet taken, and the one being read
});

test('no connection is kept idle until the host tires of it', async () => {
  const lab = await startLab({ hosts: { 'mx.example.net': 'postfix' } }, { clock: 'virtual' });
  const list = names(8, 'example.net').map((address, key) => ({ key, address }));
  const manners = { perSecond: 1 / 200, perTransaction: 1, parallel: 2 };
  let results = 0;
  for await (const { verification } of verifyList(lab, list, { ...asker, manners })) {
    expect(verification.subReason).toBe('no-such-user');
    results++;
  }
  const pauses = lab.dialogues.flatMap(({ events }) =>
    events.slice(1).map(({ at }, i) => at - (events[i]?.at ?? at)),
  );
  await lab.close();
  expect(results).toBe(8);
  expect(lab.dialogues.length).toBeGreaterThan(1);
  expect(Math.max(...pauses)).toBeLessThan(5 * 60_000);
});
