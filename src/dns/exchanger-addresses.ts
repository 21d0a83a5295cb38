import { isIP } from 'node:net';
import { canonicalName } from './name.ts';
import type { Lookup, LookupFailure, MxRecord, Resolver } from './resolver.ts';

/** One MX record with what its target turned out to be. */
export interface Attended {
  readonly host: string;
  readonly preference: number;
  /** In order of trying; none when the host cannot be used. */
  readonly addresses: readonly string[];
  /** Why there may be more addresses than we know. */
  readonly trouble?: { readonly why: LookupFailure; readonly detail: string };
  /** The host has addresses, but only of kinds that are not used here. */
  readonly elsewhere: boolean;
  readonly warnings: readonly string[];
}

type Family = 4 | 6;

/** Looks up the addresses of a mail exchanger, and what is wrong with it. */
export async function attend(
  resolver: Resolver,
  { preference, exchange }: MxRecord,
  families: readonly Family[],
): Promise<Attended> {
  const host = canonicalName(exchange);
  if (isIP(host) > 0) {
    const warning = `DNS-08: the MX names the address ${host} where a host name belongs; it is not used`;
    return { host, preference, addresses: [], elsewhere: false, warnings: [warning] };
  }
  const answers = await Promise.all(families.map((family) => resolver.addresses(host, family)));
  const addresses = answers.flatMap((answer) => (answer.kind === 'found' ? answer.records : []));
  const trouble = answers.find((answer) => answer.kind === 'failed');
  const elsewhere = addresses.length === 0 && !trouble && (await hasOthers(resolver, host, families));
  return {
    host,
    preference,
    addresses,
    elsewhere,
    ...(trouble && { trouble: { why: trouble.why, detail: trouble.detail } }),
    warnings: warningsAbout(host, answers, addresses.length > 0, elsewhere),
  };
}

async function hasOthers(resolver: Resolver, host: string, families: readonly Family[]): Promise<boolean> {
  const others = ([4, 6] as const).filter((family) => !families.includes(family));
  const answers = await Promise.all(others.map((family) => resolver.addresses(host, family)));
  return answers.some(({ kind }) => kind === 'found');
}

function warningsAbout(
  host: string,
  answers: readonly Lookup<string>[],
  usable: boolean,
  elsewhere: boolean,
): string[] {
  const warnings: string[] = [];
  const alias = answers.find((answer) => answer.kind === 'found' && answer.canonical !== undefined);
  if (alias?.kind === 'found') {
    warnings.push(
      `DNS-07: the MX names ${host}, an alias of ${alias.canonical}; it was followed all the same`,
    );
  }
  const failed = answers.find((answer) => answer.kind === 'failed');
  if (failed) warnings.push(`DNS-01: not every address of ${host} could be looked up (${failed.why})`);
  else if (elsewhere) warnings.push(`DNS-12: ${host} has addresses only of a kind that is not used here`);
  else if (!usable) {
    const missing = answers.some(({ kind }) => kind === 'no-such-domain')
      ? 'does not exist'
      : 'has no address';
    warnings.push(`DNS-08: the MX names ${host}, which ${missing}`);
  }
  return warnings;
}
