import net, { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadKnowledge } from '../../src/knowledge/knowledge.ts';
import { liveDial } from '../../src/probe/live-dial.ts';
import { loadScenarios } from '../../src/scenario/load.ts';
import type { ScenarioResult } from '../../src/scenario/result.ts';
import { runScenarios } from '../../src/scenario/run.ts';
import { ProviderShelf } from '../../src/sim/load-profiles.ts';
import { RealClock } from '../../src/time/real-clock.ts';
import { folderWith } from '../cli/mxlab.ts';

/** A real host that thinks for a moment before each word, and counts its visitors. */
async function slowHost(): Promise<{ readonly port: number; readonly visits: () => number }> {
  let visits = 0;
  const clock = new RealClock();
  const server = net.createServer((socket) => {
    visits++;
    const say = (line: string): void => void clock.alarm(30, () => socket.write(`${line}\r\n`));
    socket.on('error', () => {}).on('data', () => say('250 real.example.net'));
    say('220 real.example.net');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, visits: () => visits };
}

async function run(
  text: string,
  target?: { readonly host: string; readonly port: number },
): Promise<ScenarioResult | undefined> {
  const shelf = new ProviderShelf();
  const loaded = await loadScenarios(join(folderWith({ 'x.yaml': text }), 'x.yaml'), { shelf });
  if ('issues' in loaded) throw new Error(JSON.stringify(loaded.issues));
  const results: ScenarioResult[] = [];
  const options = {
    seed: '1',
    shelf,
    knowledge: await loadKnowledge(),
    dialWorld: liveDial({ clock: new RealClock() }),
    parallel: 1,
    bail: false,
    realTime: false,
    sendData: true,
    signal: new AbortController().signal,
    stopwatch: () => 0,
    ...(target ? { target } : {}),
  };
  await runScenarios(loaded.scenarios, options, { onScenarioEnd: (result) => void results.push(result) });
  return results[0];
}

const steps = '  - connect: mx.example.net\n  - ehlo: probe.example.net\n';
const withReal = (port: number): string =>
  `scenario: One host is real\nhosts:\n  mx.example.net: { address: "127.0.0.1:${port}" }\n  mx.example.com: accept-all\nsteps:\n${steps}`;

test('where a host is real, so is the time that we wait for it', async () => {
  const { port, visits } = await slowHost();
  const result = await run(`${withReal(port)}  - attempt: ada@example.com\n`);
  expect(result?.steps.flatMap(({ checks }) => checks).filter(({ passed }) => !passed)).toEqual([]);
  expect(result).toMatchObject({ passed: true, steps: [{}, {}, { verb: 'attempt' }] });
  expect(result?.simulated).toBeGreaterThanOrEqual(59);
  expect(visits()).toBe(1);
});

test('with a target, a scenario with a real host has no simulated twin to be compared with', async () => {
  const named = await slowHost();
  const target = await slowHost();
  const result = await run(withReal(named.port), { host: '127.0.0.1', port: target.port });
  expect(result).toMatchObject({ passed: true });
  expect(result?.simulatedTwin).toBeUndefined();
  expect([named.visits(), target.visits()]).toEqual([0, 1]);
});
