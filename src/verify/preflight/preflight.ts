import type { Resolver } from '../../dns/resolver.ts';
import type { Environment } from '../../probe/environment.ts';
import { checkBlockList } from './block-list.ts';
import type { Finding, Judged, PreflightCheck } from './finding.ts';
import { checkHelo } from './helo.ts';
import type { BlockList } from './lists.ts';
import { checkOwnAddress, isSeenOutside } from './own-address.ts';
import { checkReverseName } from './reverse-name.ts';
import { checkSenderDomain, checkSpf, senderDomain } from './sender.ts';
import { checkWayOut } from './way-out.ts';
import { Witness } from './witness.ts';

export interface PreflightOptions {
  /** The name in EHLO. */
  readonly helo: string;
  /** The envelope sender; empty for the null reverse-path. */
  readonly sender: string;
  /** 25 unless said otherwise. */
  readonly port?: number;
  /** Our own addresses that connections come from; the machine chooses without them. */
  readonly sources?: readonly string[];
  /** The addresses that others see, where they are not those. */
  readonly publicAddresses?: readonly string[];
  /** Domains whose exchangers may be connected to, the most important first. */
  readonly domains?: readonly string[];
  readonly lists: readonly BlockList[];
  /** Connects to nobody: whatever is said of the port and of an address that is not named is left out. */
  readonly quiet?: boolean;
}

/**
 * Looks at what decides how hosts take us, before any of them is asked about an address: the way out, our address and its name, the name
 * in EHLO, block lists, SPF. Connects to at most three hosts from each source, never beyond the banner. Rejects only with what our own
 * surroundings refuse.
 */
export async function preflight(
  environment: Environment,
  options: PreflightOptions,
): Promise<readonly Finding[]> {
  const { sources = [], publicAddresses = [], quiet = false } = options;
  const ways = quiet ? [] : await waysOut(environment, options);
  const named = publicAddresses.length > 0 ? publicAddresses : sources;
  const seen = ways.flatMap(({ local }) => (local === undefined ? [] : [local]));
  const addresses = [...new Set(named.length > 0 ? named : seen)];
  const { resolver } = environment;
  const own = await Promise.all(
    (addresses.length > 0 ? addresses : [undefined]).map((address) => ofAddress(resolver, address, options)),
  );
  const sender = options.sender === '' ? [] : [await ofSender(resolver, options)];
  return [...own.flat(), ...sender, ...ways.flatMap(({ findings }) => findings)];
}

function waysOut(
  environment: Environment,
  { sources = [], domains = [], port = 25 }: PreflightOptions,
): Promise<Awaited<ReturnType<typeof checkWayOut>>[]> {
  const from: readonly (string | undefined)[] = sources.length > 0 ? sources : [undefined];
  return Promise.all(from.map((source) => checkWayOut(environment, { domains, port, from: source })));
}

async function ofAddress(
  resolver: Resolver,
  address: string | undefined,
  { helo, sender, lists, quiet }: PreflightOptions,
): Promise<readonly Finding[]> {
  const hidden = checkOwnAddress(address);
  if (address === undefined || !isSeenOutside(address)) {
    const name = await witnessed(resolver, 'helo', helo, (witness) =>
      checkHelo(witness, helo, { names: [] }),
    );
    if (!hidden || (quiet && address === undefined)) return [name];
    return [{ check: 'own-address', about: address ?? 'unknown', evidence: [], ...hidden }, name];
  }
  let names: readonly string[] = [];
  const reverse = await witnessed(resolver, 'reverse-name', address, async (witness) => {
    const { judged, confirmed } = await checkReverseName(witness, address);
    names = confirmed;
    return judged;
  });
  return Promise.all([
    reverse,
    witnessed(resolver, 'helo', helo, (witness) => checkHelo(witness, helo, { address, names })),
    witnessed(resolver, 'spf', senderDomain(sender, helo), (witness) =>
      checkSpf(witness, { ip: address, sender, helo }),
    ),
    ...lists.map((list) =>
      witnessed(resolver, 'block-list', list.zone, (witness) => checkBlockList(witness, list, address)),
    ),
  ]);
}

function ofSender(resolver: Resolver, { sender, helo }: PreflightOptions): Promise<Finding> {
  const domain = senderDomain(sender, helo);
  return witnessed(resolver, 'sender-domain', domain, (witness) => checkSenderDomain(witness, domain));
}

async function witnessed(
  resolver: Resolver,
  check: PreflightCheck,
  about: string,
  work: (witness: Witness) => Promise<Judged>,
): Promise<Finding> {
  const witness = new Witness(resolver);
  const judged = await work(witness);
  return { check, about, evidence: witness.evidence, ...judged };
}
