import { expect, test } from 'vitest';
import { lay } from '../../page/src/lay.ts';
import type { PageRow, PageStep } from '../../src/report/html/page-data.ts';

const step = (rows: readonly PageRow[], more: Partial<PageStep> = {}): PageStep => ({
  number: 1,
  title: '',
  verb: 'noop',
  named: false,
  branch: '',
  place: 'a.yaml:1:1',
  atMs: 0,
  passed: true,
  recipients: [],
  checks: [],
  rows,
  ...more,
});

const connected = (host: string, at = 0): PageRow => ({ kind: 'connected', at, host, address: '192.0.2.1' });
const secured = (host: string): PageRow => ({ kind: 'secured', at: 0, host, text: 'TLS 1.3' });
const left = (host: string): PageRow => ({ kind: 'left', at: 0, host, how: 'closed', text: '', due: true });
const reply = (host: string, at = 0, elapsedMs = 0): PageRow => ({
  kind: 'reply',
  at,
  host,
  provider: `${host}-provider`,
  stage: 'ehlo',
  code: 250,
  enhanced: '',
  lines: ['250 ok'],
  oddities: [],
  unsolicited: false,
  elapsedMs,
  reason: 'accept',
  explained: 0,
});

test('lifelines begin with a connection, turn into TLS, and end', () => {
  const [first, second, third] = lay(
    [step([connected('a'), reply('a'), secured('a')]), step([reply('a')]), step([reply('a'), left('a')])],
    'main',
  );
  expect(first?.rows.map(({ line, edge }) => [line, edge])).toEqual([
    ['clear', 'begins'],
    ['clear', undefined],
    ['tls', undefined],
  ]);
  expect([first?.through, first?.after]).toEqual(['none', 'tls']);
  expect([second?.through, second?.after]).toEqual(['tls', 'tls']);
  expect(third?.rows.at(-1)).toMatchObject({ line: 'tls', edge: 'ends' });
  expect([third?.through, third?.after]).toEqual(['none', 'none']);
});

test('another host is named where no connection says so', () => {
  const [laid] = lay([step([connected('a'), connected('b'), reply('a'), reply('b'), reply('b')])], 'main');
  expect(laid?.rows.map(({ turnsTo }) => turnsTo)).toEqual([false, false, true, true, false]);
  expect(laid?.rows.map(({ provider }) => provider)).toEqual(
    ['a', 'b', 'a', 'b', 'b'].map((host) => `${host}-provider`),
  );
});

test('the time stands where it changes, and rows have keys of their own', () => {
  const [laid] = lay([step([reply('a'), reply('a'), reply('a', 5_000)])], 'twin');
  expect(laid?.rows.map(({ time }) => time)).toEqual(['0.000', undefined, '5.000']);
  expect(laid?.rows.map(({ key }) => key)).toEqual(['twin-0.0', 'twin-0.1', 'twin-0.2']);
});

test('a long wait for a reply is told once: by the pause, or beside the arrow', () => {
  const pause: PageRow = { kind: 'pause', at: 30_000, ms: 30_000, text: '30 s later' };
  const [laid] = lay(
    [step([pause, reply('a', 30_000, 30_000), reply('a', 30_000, 20_000), reply('a', 30_000, 999)])],
    'main',
  );
  expect(laid?.rows.map(({ elapsed }) => elapsed)).toEqual([undefined, undefined, 20_000, undefined]);
});

test.each([
  [1_000, 1],
  [60_000, 2],
  [300_000, 3],
  [7_200_000, 4],
  [172_800_000, 5],
])('a pause of %d ms is drawn %d apart', (ms, gap) => {
  const [laid] = lay([step([{ kind: 'pause', at: ms, ms, text: '' }])], 'main');
  expect(laid?.rows[0]?.gap).toBe(gap);
});

test('branches and rounds are named as they begin', () => {
  const laid = lay(
    ['', '1', '1', '2', '', '1/2', '2/2 3'].map((branch) => step([], { branch })),
    'main',
  );
  expect(laid.map(({ strand }) => strand)).toEqual([
    undefined,
    'branch 1',
    undefined,
    'branch 2',
    undefined,
    'round 1 of 2',
    'round 2 of 2, branch 3',
  ]);
});
