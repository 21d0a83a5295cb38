import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { AlertHooks } from '../../src/cli/alert-hooks.ts';
import { ManualClock } from '../../src/time/manual-clock.ts';
import type { Alert } from '../../src/verify/list/alerts.ts';
import { parseThreshold, type Threshold } from '../../src/verify/list/threshold.ts';

const threshold = parseThreshold('unknown>5%') as Threshold;
const alert: Alert = {
  state: 'raised',
  threshold,
  count: 30,
  of: 100,
  at: 0,
  latest: {
    address: 'alice@example.net',
    verdict: 'unknown',
    subReason: 'greylisted',
    exists: 'unknown',
    confidence: 0,
    expires: 0,
    evidence: { rule: 'V999', controls: [], tries: 1, elapsed: 0, transcripts: [] },
    notes: [],
  },
};

/** Tells how long somebody has been asleep. */
class WatchedClock extends ManualClock {
  readonly sleeps: number[] = [];

  override sleep(delay: number): Promise<void> {
    this.sleeps.push(delay);
    return super.sleep(delay);
  }
}

function hooked(flags: { alertCommand?: string; alertWebhook?: string }) {
  const said: string[] = [];
  const clock = new WatchedClock();
  const hooks = AlertHooks.of({ ...flags, metricsHost: '' }, (line) => void said.push(line), clock);
  hooks.tell(alert);
  return { hooks, said, clock };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

const isAlive = (pid: number): boolean => {
  try {
    return /^State:\s+[^ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

test('a command that does not end is ended after 30 s, with what it has started', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mxlab-hooks-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'pids');
  const { hooks, said, clock } = hooked({
    alertCommand: `trap '' TERM; sleep 600 & echo $$ $! > ${file}.new; mv ${file}.new ${file}; wait`,
  });
  await until(() => existsSync(file));
  const pids = readFileSync(file, 'utf8').split(' ').map(Number);
  expect(pids.map(isAlive)).toEqual([true, true]);
  clock.advance(29_999);
  expect(pids.map(isAlive)).toEqual([true, true]);
  clock.advance(1);
  await hooks.settled();
  expect(said).toEqual(['--alert-command failed: it was ended after 30 s.']);
  await until(() => !pids.some(isAlive));
});

test('a webhook that never answers is asked three times, for 10 s each', async () => {
  let asked = 0;
  const server = http.createServer(() => void asked++);
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { hooks, said, clock } = hooked({ alertWebhook: `http://127.0.0.1:${port}/` });
  for (let n = 1; n <= 3; n++) {
    await until(() => asked === n);
    clock.advance(9_999);
    expect(clock.sleeps).toHaveLength(n - 1);
    clock.advance(1);
    if (n === 3) break;
    await until(() => clock.sleeps.length === n);
    clock.advance(clock.sleeps.at(-1) ?? 0);
  }
  await hooks.settled();
  expect(clock.sleeps).toEqual([1_000, 2_000]);
  expect(said).toEqual(['--alert-webhook failed: no answer within 10 s.']);
});
