import { isIP } from 'node:net';
import { InvalidArgumentError } from 'commander';
import type { Issue } from '../datafile/issue.ts';
import { closest } from '../datafile/suggest.ts';
import { isProfile, type ProviderShelf } from '../sim/load-profiles.ts';
import type { Pace, WorldLike } from '../world/start-lab.ts';
import { UsageError } from './exit.ts';

/** A port to listen on; 0 is a free one. */
export function port(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('It must be a port from 0 to 65535.');
  return Number(text);
}

/** How the clock of the hosts goes: `real`, `manual`, or so many times as fast, such as `60x`. */
export function pace(text: string): Pace {
  if (text === 'real' || text === 'manual') return text;
  const times = Number(/^(\d{1,6}(?:\.\d{1,3})?)x$/.exec(text)?.[1]);
  if (!(times > 0))
    throw new InvalidArgumentError('It must be real, manual, or so many times as fast, such as 60x.');
  return times;
}

/** An address to listen at, or an IPv4 network of such. */
export function listenAddress(text: string): string {
  const address = text === 'localhost' ? '127.0.0.1' : text.replace(/^\[(.*)\]$/, '$1');
  const [base = '', bits] = address.split('/');
  const network = bits !== undefined && isIP(base) === 4 && /^\d{1,2}$/.test(bits) && Number(bits) <= 30;
  if (!network && (bits !== undefined || isIP(base) === 0))
    throw new InvalidArgumentError(
      'It must be an address such as 127.0.0.1, or an IPv4 network such as 127.0.1.0/24.',
    );
  return address;
}

/** Hosts as asked for on the command line, or what is wrong with a profile they name. */
export type HostsAsked = { readonly hosts: WorldLike['hosts'] } | { readonly issues: readonly Issue[] };

/**
 * Makes hosts of arguments such as `outlook:blocklisted,greylisted`: `mx.outlook.example`, and `mx2.outlook.example` when one
 * provider is named twice. Throws a UsageError for names that are not known.
 */
export async function hostsAsked(
  args: readonly string[],
  shelf: ProviderShelf,
  implicitTls: boolean,
): Promise<HostsAsked> {
  const hosts: Record<string, WorldLike['hosts'][string]> = {};
  const count = new Map<string, number>();
  for (const arg of args) {
    const [name = '', situations] = arg.split(/:(.*)/s);
    const profile = await shelf.get(name);
    if (profile === undefined) throw new UsageError(unknownProvider(name, await shelf.names()));
    if (!isProfile(profile)) return { issues: profile };
    const situation = situations === undefined ? [] : situations.split(',').map((one) => one.trim());
    for (const one of situation) {
      if (!Object.hasOwn(profile.situations, one))
        throw new UsageError(unknownSituation(one, name, Object.keys(profile.situations)));
    }
    const number = (count.get(name) ?? 0) + 1;
    count.set(name, number);
    hosts[`mx${number === 1 ? '' : number}.${name}.example`] = {
      provider: name,
      ...(situation.length > 0 ? { situation } : {}),
      ...(implicitTls ? { tls: 'implicit' as const } : {}),
    };
  }
  return { hosts };
}

function unknownProvider(name: string, known: readonly string[]): string {
  if (/\.ya?ml$/.test(name)) return `${name} is a file; a world is served with --world ${name}.`;
  const near = closest(name, known);
  const hint = near === undefined ? `known: ${known.join(', ')}.` : `did you mean ${near}?`;
  return `there is no provider called ${name || '""'}; ${hint}`;
}

function unknownSituation(name: string, provider: string, known: readonly string[]): string {
  const near = closest(name, known);
  const hint = near === undefined ? `known: ${known.join(', ') || 'none'}.` : `did you mean ${near}?`;
  return `${provider} has no situation called ${name || '""'}; ${hint}`;
}

/** A sentence about an address that cannot be listened at; `undefined` for any other error. */
export function listenFault(error: unknown, option: string): string | undefined {
  const {
    code,
    address = '',
    port: taken = 0,
  } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  switch (code) {
    case 'EADDRINUSE':
      return `port ${taken} on ${address} is taken, perhaps by another mxlab serve; choose another with ${option}.`;
    case 'EACCES':
      return `port ${taken} on ${address} may not be listened on without more rights; choose one above 1023 with ${option}.`;
    case 'EADDRNOTAVAIL':
      return `${address} is not an address of this machine.`;
    default:
      return undefined;
  }
}
