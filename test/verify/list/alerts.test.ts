import { describe, expect, test } from 'vitest';
import { Alerts } from '../../../src/verify/list/alerts.ts';
import type { ListEvent } from '../../../src/verify/list/list-event.ts';
import { notAsked } from '../../../src/verify/list/not-asked.ts';
import { parseThreshold, type Threshold } from '../../../src/verify/list/threshold.ts';
import type { SubReason, Verdict } from '../../../src/verify/vocabulary.ts';

function read(text: string): Threshold {
  const threshold = parseThreshold(text);
  if ('fault' in threshold) throw new Error(threshold.fault);
  return threshold;
}

const result = (verdict: Verdict, subReason: SubReason): ListEvent => ({
  kind: 'result',
  unfinished: false,
  verification: { ...notAsked('ada@example.net', 'a test', 0), verdict, subReason },
});
const good = result('deliverable', 'ok');
const blocked = result('unknown', 'blocklisted');

/** Feeds results, and tells of each alert as it comes: its state, how many count, and of how many. */
function alertsOf(text: string, events: readonly (ListEvent | { readonly wait: number })[]): string[] {
  const told: string[] = [];
  let now = 0;
  const alerts = new Alerts([read(text)], { now: () => now }, (event) => {
    if (event.kind === 'alert') told.push(`${event.alert.state} ${event.alert.count}/${event.alert.of}`);
  });
  for (const event of events)
    if ('wait' in event) now += event.wait;
    else alerts.observe(event);
  return told;
}

const times = (count: number, event: ListEvent): ListEvent[] => Array.from({ length: count }, () => event);

describe('an alert', () => {
  test('comes once when a share is passed, and once when it is well below again', () => {
    const events = [...times(90, good), ...times(20, blocked), ...times(100, good)];
    expect(alertsOf('blocked>10%/100', events)).toEqual(['raised 11/100', 'cleared 8/100']);
  });

  test('does not come for just as much as there may be', () => {
    for (const share of [7, 29, 57, 58]) {
      const events = [...times(100 - share, good), ...times(share, blocked)];
      expect(alertsOf(`blocked>${share}%/100`, events)).toEqual([]);
      expect(alertsOf(`blocked>${share}%/100`, [...events, blocked])).toEqual([`raised ${share + 1}/100`]);
    }
  });

  test('does not come and go with each result at the threshold', () => {
    const around = Array.from({ length: 200 }, (_, i) => (i % 10 === 0 ? blocked : good));
    expect(alertsOf('blocked>9%/100', around)).toEqual(['raised 2/20']);
  });

  test('is not raised by the first few results', () => {
    expect(alertsOf('blocked>5%/100', times(19, blocked))).toEqual([]);
    expect(alertsOf('blocked>5%/3', times(3, blocked))).toEqual(['raised 3/3']);
  });

  test('counts results, too', () => {
    expect(alertsOf('blocked>2/10', [...times(3, blocked), ...times(10, good)])).toEqual([
      'raised 3/3',
      'cleared 1/10',
    ]);
    expect(alertsOf('unknown>0', [good, blocked])).toEqual(['raised 1/2']);
  });

  test('forgets what is longer ago than its window of time', () => {
    const slow = Array.from({ length: 30 }, () => [blocked, { wait: 60_000 }]).flat();
    expect(alertsOf('blocked>10/10m', slow)).toEqual([]);
    expect(alertsOf('blocked>8/10m', slow)).toEqual(['raised 9/9']);
    expect(alertsOf('blocked>8/10m', [...times(9, blocked), { wait: 660_000 }, good])).toEqual([
      'raised 9/9',
      'cleared 0/1',
    ]);
  });

  test('is not about what the end of a run has left unfinished', () => {
    const left = times(50, blocked).map((event) => ({ ...event, unfinished: true }) as ListEvent);
    expect(alertsOf('blocked>0', left)).toEqual([]);
  });
});

test.each([
  ['bloked>5%', 'did you mean blocked?', '^^^^^^'],
  ['blocked', 'needs > and how much', '       ^'],
  ['blocked>', 'neither a share', '        ^'],
  ['blocked>five', 'neither a share', '        ^^^^'],
  ['blocked>100%', 'neither a share', '        ^^^^'],
  ['blocked>0.5', 'neither a share', '        ^^^'],
  ['blocked>5%/', 'neither a number of results', '           ^'],
  ['blocked>5%/soon', 'neither a number of results', '           ^^^^'],
  ['blocked>5%/0', 'neither a number of results', '           ^'],
  ['blocked>2000', 'cannot be passed by 1000 results', '        ^^^^'],
])('%s is no threshold', (text, why, carets) => {
  const read = parseThreshold(text);
  if (!('fault' in read)) throw new Error('it is one');
  expect(read.fault).toContain(why);
  expect(' '.repeat(read.at) + '^'.repeat(read.length)).toBe(carets);
});

test('thresholds as they are meant', () => {
  expect(read('blocked>5%')).toMatchObject({
    what: 'blocked',
    above: 0.05,
    unit: 'share',
    window: { results: 1_000 },
  });
  expect(read(' unknown > 30% / 500 ')).toMatchObject({
    what: 'unknown',
    above: 0.3,
    window: { results: 500 },
  });
  expect(read('greylisted>200/10m')).toMatchObject({ above: 200, unit: 'results', window: { ms: 600_000 } });
});
