import type { Issue } from '../datafile/issue.ts';
import { closest } from '../datafile/suggest.ts';
import { situationNames, situationOf } from '../sim/common-situations.ts';
import { isProfile, type ProviderShelf } from '../sim/load-profiles.ts';
import type { WorldLike } from '../world/start-lab.ts';
import { UsageError } from './exit.ts';

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
      if (!situationOf(profile, one))
        throw new UsageError(unknownSituation(one, name, situationNames(profile)));
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
  const hint =
    near === undefined ? `mxlab providers ${provider} tells all ${known.length}.` : `did you mean ${near}?`;
  return `${provider} has no situation called ${name || '""'}; ${hint}`;
}
