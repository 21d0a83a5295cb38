import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Measure } from './measure.ts';
import { listOf, operators, parallel, perConnection, world } from './verify-world.ts';

const here = (name: string): string => new URL(name, import.meta.url).pathname;
const main = here('../../src/cli/main.js');
const smtplib = ['python3', here('../../../test/bench/verify-smtplib.py'), `${parallel}`];

/** Everybody who is measured, and the most recipients that it may name in one connection. */
const contestants = {
  ours: [process.execPath, here('verify-ours.js')],
  'a loop of smtplib, a session for each address': [...smtplib, '1'],
  'a loop of smtplib that keeps its connections': [...smtplib, `${perConnection}`],
  'email-deep-validator of npm': [process.execPath, here('verify-npm.js'), 'emailDeepValidator'],
  '@devmehq/email-validator-js of npm': [process.execPath, here('verify-npm.js'), 'devmehq'],
} satisfies Record<string, readonly string[]>;

/** One way to the hosts, in ms, as to a server some countries away; and addresses for each of them. */
const faraway = { ms: 20, each: 500 };
/** So quick that a short list would be over before compilers have warmed up. */
const nextDoor = { ms: 0, each: 4_000 };

/**
 * Our verifier beside smtplib and validators of npm, at the same hosts: in a private network whose hosts run in a process of their own,
 * at the end of a road. The best of the others counts. What it is without the road, where nobody waits for anybody and only the work
 * counts, is told.
 */
export async function measureVerify(): Promise<Measure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'mxlab-bench-'));
  const packageFile = here('../../package.json'); // the program asks it for its version
  if (!existsSync(packageFile)) symlinkSync('../package.json', packageFile);
  try {
    const file = join(folder, 'world.yaml');
    writeFileSync(file, world);
    return [...(await beside(file, faraway)), ...(await beside(file, nextDoor))];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function beside(file: string, { ms, each }: typeof faraway): Promise<Measure[]> {
  const addresses = listOf(each);
  const rates: { peer: string; rate: number }[] = [];
  for (const [peer, command] of Object.entries(contestants))
    rates.push({ peer, rate: addresses.length / (await secondsOf(file, ms, addresses, command)) });
  const [ours, ...others] = rates;
  const best = Math.max(...others.map(({ rate }) => rate));
  const what = `verify, ${addresses.length} addresses at ${operators} operators ${ms === 0 ? 'next door' : `${2 * ms} ms away and back`}, ${parallel} connections to each`;
  return others.map(({ peer, rate }) => ({
    what,
    unit: 'addresses/s',
    ours: ours?.rate ?? 0,
    peer,
    theirs: rate,
    ...(rate === best && ms > 0 ? { atLeast: 5 } : {}),
  }));
}

/**
 * Runs a contestant inside of the network; it prints how long it took and whether it was right, and the road how much it took at once,
 * which only those of npm exceed: they do not wait for the answer to QUIT.
 */
async function secondsOf(
  file: string,
  ms: number,
  addresses: readonly string[],
  command: readonly string[],
): Promise<number> {
  const road = [process.execPath, here('verify-road.js'), `${ms}`];
  const child = spawn(process.execPath, [main, 'exec', '--world', file, '--', ...road, ...command], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(`${addresses.join('\n')}\n`);
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  await once(child, 'close');
  const [, seconds, wrong] = /([\d.]+) seconds, (\d+) wrong/.exec(printed) ?? [];
  const [, connections, recipients] = /(\d+) connections, (\d+) recipients at most/.exec(printed) ?? [];
  const polite = Number(connections) <= parallel && Number(recipients) <= perConnection;
  if (seconds === undefined || wrong !== '0' || (command === contestants.ours && !polite))
    throw new Error(`${command.join(' ')} printed: ${printed}`);
  return Number(seconds);
}
