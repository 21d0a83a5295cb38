import { expect, test } from 'vitest';
import { ListMetrics } from '../../../src/report/metrics/list-metrics.ts';
import type { ListEvent } from '../../../src/verify/list/list-event.ts';
import { type ListResult, verifyList } from '../../../src/verify/list/verify-list.ts';
import { startLab } from '../../../src/world/start-lab.ts';
import { parseMetrics, sumOf } from './text-format.ts';

const asker = { helo: 'probe.verifier.example', sender: 'probe@verifier.example', from: '198.51.100.7' };
const manners = { parallel: 2, perSecond: 200, perConnection: 30, perTransaction: 5 };

const world = {
  hosts: {
    'mx.strict.example': { provider: 'postfix', mailboxes: { '*': 'unknown', real: 'exists' } },
    'mx.grey.example': { provider: 'greylister', mailboxes: { '*': 'unknown', real: 'exists' } },
    'mx.blocks.example': { provider: 'outlook', situation: 'blocklisted' },
    'mx.drops.example': { provider: 'postfix', behaviours: [{ disconnect: { at: 'rcpt', every: 4 } }] },
    'mx.gone.example': { absent: 'refused' },
  },
} as const;

const domains = ['strict', 'grey', 'blocks', 'drops', 'gone', 'nowhere'];

test('what is counted is what the results say and what the hosts have seen', async () => {
  const lab = await startLab(world, { clock: 'virtual' });
  try {
    const metrics = new ListMetrics();
    const list = Array.from({ length: 120 }, (_, key) => ({
      key,
      address: `${key % 3 ? 'real+' : 'x'}${key}@${domains[key % domains.length]}.example`,
    }));
    const results: ListResult[] = [];
    const kinds = new Set<string>();
    const observe = (event: ListEvent): void => {
      kinds.add(event.kind);
      metrics.observe(event);
    };
    for await (const result of verifyList(lab, list, { ...asker, manners, observe })) results.push(result);
    const samples = parseMetrics(await metrics.text());
    const counted = (name: string, labels = {}): number => sumOf(samples, `mxlab_verify_${name}`, labels);

    for (const { verification: one } of results) {
      const same = results.filter(
        ({ verification: { verdict, subReason } }) => verdict === one.verdict && subReason === one.subReason,
      );
      const labels = { verdict: one.verdict, sub_reason: one.subReason };
      expect(counted('results_total', labels), JSON.stringify(labels)).toBe(same.length);
    }
    expect(counted('results_total')).toBe(120);
    expect(counted('addresses_read_total')).toBe(120);
    expect(counted('addresses_done_total')).toBe(120);
    for (const gauge of ['addresses_in_flight', 'retries_waiting', 'connections_open'])
      expect(counted(gauge), gauge).toBe(0);
    expect(counted('put_off_total', { sub_reason: 'greylisted' })).toBeGreaterThan(0);

    expect(counted('connections_opened_total')).toBe(lab.dialogues.length);
    expect(counted('connections_ended_total')).toBe(lab.dialogues.length);
    expect(
      counted('connections_ended_total', { operator: 'drops.example', ending: 'disconnected' }),
    ).toBeGreaterThan(0);
    expect(counted('connections_failed_total', { operator: 'gone.example', why: 'refused' })).toBeGreaterThan(
      0,
    );
    for (const name of ['strict', 'grey', 'blocks', 'drops']) {
      const own = lab.dialogues.filter(({ host }) => host === `mx.${name}.example`);
      expect(own.length, name).toBeGreaterThan(0);
      const operator = `${name}.example`;
      expect(counted('connections_opened_total', { operator }), name).toBe(own.length);
      const replies = own.flatMap(({ events }) => events.filter(({ kind }) => kind === 'received'));
      expect(counted('replies_total', { operator }), name).toBe(replies.length);
    }
    expect(counted('stage_duration_seconds_count')).toBe(counted('replies_total'));
    expect(counted('blocks_total', { operator: 'blocks.example' })).toBeGreaterThan(0);
    expect(counted('operator_pace_ratio', { operator: 'blocks.example' })).toBe(0);
    expect(counted('dns_questions_total', { type: 'MX', result: 'no-such-domain' })).toBeGreaterThan(0);
    expect(counted('dns_duration_seconds_count')).toBe(counted('dns_questions_total'));
    expect([...kinds]).toEqual(expect.arrayContaining(['put-off', 'taken-up', 'not-connected', 'paced']));
  } finally {
    await lab.close();
  }
});

test('a list of thousands of operators makes no more series than one of fifty, and loses no count', async () => {
  const metrics = new ListMetrics({ operators: 5 });
  for (let i = 0; i < 5_000; i++) metrics.observe({ kind: 'connected', operator: `o${i}.example`, took: 1 });
  for (let i = 0; i < 100; i++) metrics.observe({ kind: 'connected', operator: 'busy.example', took: 1 });
  const samples = parseMetrics(await metrics.text()).filter(
    ({ name }) => name === 'mxlab_verify_connections_opened_total',
  );
  expect(samples).toHaveLength(6);
  expect(sumOf(samples, 'mxlab_verify_connections_opened_total')).toBe(5_100);
  expect(samples.find(({ labels }) => labels.operator === 'busy.example')?.value).toBeGreaterThan(90);
});

test('what a name server says of names breaks no line', async () => {
  const metrics = new ListMetrics();
  const hostile = [
    'a"b\\c.example',
    'a\nmxlab_verify_results_total 99\n',
    'x\x1b[31m',
    'y'.repeat(5_000),
    'other',
    '',
  ];
  for (const operator of hostile) metrics.observe({ kind: 'connected', operator, took: 1 });
  const names = parseMetrics(await metrics.text()).flatMap(({ name, labels: { operator } }) =>
    name === 'mxlab_verify_connections_opened_total' ? [operator] : [],
  );
  expect(names).toHaveLength(hostile.length);
  expect(names).toContain('a"b\\c.example');
  expect(names.join('')).not.toMatch(/[\n\x1b]/);
  expect(Math.max(...names.map((name) => name?.length ?? 0))).toBeLessThanOrEqual(100);
});
