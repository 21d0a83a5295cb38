import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Measure } from './measure.ts';
import { addresses, operators, parallel, world } from './verify-world.ts';

const here = (name: string): string => new URL(name, import.meta.url).pathname;
const main = here('../../src/cli/main.js');
const python = here('../../../test/bench/verify-smtplib.py');
const validators = ['devmehq', 'emailDeepValidator'];

/** Our verifier beside smtplib and validators of npm, at the same hosts: in a private network whose hosts run in a process of their own. */
export async function measureVerify(): Promise<Measure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'mxlab-bench-'));
  const packageFile = here('../../package.json'); // the program asks it for its version
  if (!existsSync(packageFile)) symlinkSync('../package.json', packageFile);
  try {
    const file = join(folder, 'world.yaml');
    writeFileSync(file, world);
    const perSecond = async (command: readonly string[]): Promise<number> =>
      addresses.length / (await secondsOf(file, command));
    const ours = await perSecond([process.execPath, here('verify-ours.js')]);
    const loop = await perSecond(['python3', python, `${parallel}`, 'fresh']);
    const reused = await perSecond(['python3', python, `${parallel}`, 'reuse']);
    const others = [];
    for (const name of validators)
      others.push({ name, rate: await perSecond([process.execPath, here('verify-npm.js'), name]) });
    const npm = others.reduce((a, b) => (b.rate > a.rate ? b : a));
    const what = `verify, ${addresses.length} addresses at ${operators} operators, ${parallel} connections to each`;
    const shared = { what, unit: 'addresses/s', ours };
    const best = Math.max(loop, npm.rate);
    return [
      {
        ...shared,
        peer: 'a loop of smtplib, a session for each address',
        theirs: loop,
        ...(loop === best ? { atLeast: 5 } : {}),
      },
      { ...shared, peer: `${npm.name} of npm`, theirs: npm.rate, ...(loop === best ? {} : { atLeast: 5 }) },
      { ...shared, peer: 'a loop of smtplib that keeps its connections', theirs: reused },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a contestant inside of the network; it prints how long it took, and whether it was right. */
async function secondsOf(file: string, command: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [main, 'exec', '--world', file, '--', ...command], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.on('error', () => {}); // most do not read it
  child.stdin.end(`${addresses.join('\n')}\n`);
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  await once(child, 'close');
  const [, seconds, wrong] = /([\d.]+) seconds, (\d+) wrong/.exec(printed) ?? [];
  if (seconds === undefined || wrong !== '0') throw new Error(`${command.join(' ')} printed: ${printed}`);
  return Number(seconds);
}
