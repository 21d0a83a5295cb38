import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { isIPv6 } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NetworkPlan } from '../world/network-plan.ts';

/** Where the name server of a private network is asked: where resolv.conf says, and where impatient programs ask without looking. */
export const nameServers: readonly string[] = [
  '127.0.0.1',
  '8.8.8.8',
  '8.8.4.4',
  '1.1.1.1',
  '1.0.0.1',
  '9.9.9.9',
];

/** Where the C library asks for names before it looks at any file of ours: nscd, if it runs. */
const nameCache = '/var/run/nscd';

/** One end of a pair of interfaces on which nobody answers. */
const nowhere = 'nowhere0';
const nobody = '02:00:00:00:00:01';

/** What the system refused. */
export class NetworkError extends Error {}

/** The network of a namespace that we have to ourselves. Works only inside of it. */
export class PrivateNetwork {
  #plan: NetworkPlan = { local: [], silent: [], unreachable: [] };

  /** Makes loopback work, and everybody look names up here. Throws a NetworkError where the system refuses. */
  static prepare(): PrivateNetwork {
    if (Object.keys(networkInterfaces()).length > 0)
      throw new NetworkError('this network is in use, so it is not one of our own: it was left as it is');
    ip([
      'link set lo up',
      `link add ${nowhere} type veth peer name nowhere1`,
      `link set ${nowhere} up`,
      'link set nowhere1 up',
      ...nameServers
        .filter((address) => !address.startsWith('127.'))
        .map((address) => `addr add ${address}/32 dev lo`),
    ]);
    const folder = mkdtempSync(join(tmpdir(), 'mxlab-exec-'));
    try {
      replace('/etc/resolv.conf', `nameserver ${nameServers[0]}\noptions timeout:2 attempts:2\n`, folder);
      replace('/etc/nsswitch.conf', namesFromDns(readIfThere('/etc/nsswitch.conf')), folder);
      hide(nameCache);
    } finally {
      rmSync(folder, { recursive: true, force: true }); // what is mounted stays
    }
    return new PrivateNetwork();
  }

  /** Gives the network the addresses of a world, in place of those it had. */
  apply(plan: NetworkPlan): void {
    ip([...commandsFor(this.#plan, 'del'), ...commandsFor(plan, 'add')]);
    this.#plan = plan;
  }
}

/** A permanent neighbour that does not exist swallows what is sent to it: a connection gets no answer at all. */
function commandsFor({ local, silent, unreachable }: NetworkPlan, what: 'add' | 'del'): string[] {
  const bits = (address: string): string => `${address}/${isIPv6(address) ? 128 : 32}`;
  const family = (address: string): string => (isIPv6(address) ? '-6 ' : '');
  return [
    ...local
      .filter((address) => !address.startsWith('127.') && address !== '::1')
      .map(
        (address) =>
          `addr ${what} ${bits(address)} dev lo${isIPv6(address) && what === 'add' ? ' nodad' : ''}`,
      ),
    ...silent.flatMap((address) => [
      `${family(address)}route ${what} ${bits(address)} dev ${nowhere}`,
      `neigh ${what} ${address} lladdr ${nobody} dev ${nowhere}${what === 'add' ? ' nud permanent' : ''}`,
    ]),
    ...unreachable.map((address) => `${family(address)}route ${what} unreachable ${bits(address)}`),
  ];
}

/** Runs commands of ip, all in one process. Options before a command do not go into a batch, so IPv6 has one of its own. */
function ip(commands: readonly string[]): void {
  for (const six of [false, true]) {
    const batch = commands
      .filter((command) => command.startsWith('-6 ') === six)
      .map((command) => command.replace(/^-6 /, ''));
    if (batch.length === 0) continue;
    const { status, stderr, error } = spawnSync('ip', [...(six ? ['-6'] : []), '-batch', '-'], {
      input: `${batch.join('\n')}\n`,
      encoding: 'utf8',
    });
    if (error) throw new NetworkError(`ip cannot be run: ${error.message}`);
    if (status !== 0)
      throw new NetworkError(`the network could not be set up: ${stderr.trim().split('\n')[0]}`);
  }
}

const readIfThere = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

/** Other ways to find names would lead outside. */
function namesFromDns(text: string): string {
  const others = text.split('\n').filter((line) => !/^\s*hosts:/.test(line));
  return `${others.join('\n').trimEnd()}\nhosts: files dns\n`;
}

/** Puts an empty folder in the place of one, for this mount namespace only. */
function hide(path: string): void {
  if (existsSync(path)) mount(['-t', 'tmpfs', '-o', 'ro', 'tmpfs', realpathSync(path)], path);
}

/** Puts a file of ours in the place of one of the system's, for this mount namespace only. A file that is not there is left so. */
function replace(path: string, text: string, folder: string): void {
  const there = statSync(path, { throwIfNoEntry: false });
  if (!there) {
    if (path.endsWith('resolv.conf'))
      throw new NetworkError(`${path} is not there, so no program would know our name server`);
    return;
  }
  const file = join(folder, path.slice(path.lastIndexOf('/') + 1));
  writeFileSync(file, text, { mode: 0o644 });
  mount(['--bind', file, realpathSync(path)], path);
}

function mount(args: readonly string[], path: string): void {
  const { status, stderr, error } = spawnSync('mount', args, { encoding: 'utf8' });
  if (error || status !== 0)
    throw new NetworkError(`${path} could not be replaced: ${error?.message ?? stderr.trim()}`);
}
