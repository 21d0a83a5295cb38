import type { Environment } from '../../probe/environment.ts';
import { checkBlockList } from './block-list.ts';
import type { Finding, Judged, PreflightCheck } from './finding.ts';
import { checkHelo } from './helo.ts';
import type { BlockList } from './lists.ts';
import { checkOwnAddress, plainAddress } from './own-address.ts';
import { checkReverseName } from './reverse-name.ts';
import { checkHeloSpf, checkSenderDomain, checkSpf, senderDomain } from './sender.ts';
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
  const addresses = [...new Set((named.length > 0 ? named : seen).map(plainAddress))];
  const own = await Promise.all(
    (addresses.length > 0 ? addresses : [undefined]).map((address) =>
      ofAddress(environment, address, options),
    ),
  );
  const sender = options.sender === '' ? [] : await ofSender(environment, options);
  return [...own.flat(), ...sender, ...ways.flatMap(({ findings }) => findings)];
}

function waysOut(
  environment: Environment,
  { sources = [], domains = [], port = 25 }: PreflightOptions,
): Promise<Awaited<ReturnType<typeof checkWayOut>>[]> {
  const from: readonly (string | undefined)[] = sources.length > 0 ? sources : [undefined];
  return Promise.all(from.map((source) => checkWayOut(environment, { domains, port, from: source })));
}

/** Where names are looked up, and how long that takes. */
type Names = Pick<Environment, 'resolver' | 'clock'>;

function ofAddress(
  names: Names,
  address: string | undefined,
  options: PreflightOptions,
): Promise<readonly Finding[]> {
  const hidden = checkOwnAddress(address);
  return hidden || address === undefined
    ? ofUnknown(names, address, hidden, options)
    : ofKnown(names, address, options);
}

/** Only the name in EHLO can be looked at. */
async function ofUnknown(
  names: Names,
  address: string | undefined,
  hidden: Judged | undefined,
  { helo, quiet }: PreflightOptions,
): Promise<readonly Finding[]> {
  const name = await witnessed(names, 'helo', helo, (witness) => checkHelo(witness, helo, { names: [] }));
  if (!hidden || quiet) return name;
  return [{ check: 'own-address', about: address ?? 'unknown', evidence: [], ...hidden }, ...name];
}

async function ofKnown(
  names: Names,
  address: string,
  { helo, sender, lists }: PreflightOptions,
): Promise<readonly Finding[]> {
  let confirmed: readonly string[] = [];
  const reverse = await witnessed(names, 'reverse-name', address, async (witness) => {
    const found = await checkReverseName(witness, address);
    confirmed = found.confirmed;
    return found.judged;
  });
  const domain = senderDomain(sender, helo);
  const others = await Promise.all([
    witnessed(names, 'helo', helo, (witness) => checkHelo(witness, helo, { address, names: confirmed })),
    witnessed(names, 'spf', domain, (witness) => checkSpf(witness, { ip: address, sender, helo })),
    domain === helo
      ? []
      : witnessed(names, 'spf', helo, (witness) => checkHeloSpf(witness, { ip: address, helo })),
    ...lists.map((list) =>
      witnessed(names, 'block-list', list.zone, (witness) => checkBlockList(witness, list, address)),
    ),
  ]);
  return [...reverse, ...others.flat()];
}

function ofSender(names: Names, { sender, helo }: PreflightOptions): Promise<readonly Finding[]> {
  const domain = senderDomain(sender, helo);
  return witnessed(names, 'sender-domain', domain, (witness) => checkSenderDomain(witness, domain));
}

/** Makes one check; none where it has nothing to say. */
async function witnessed(
  { resolver, clock }: Names,
  check: PreflightCheck,
  about: string,
  work: (witness: Witness) => Promise<Judged | undefined>,
): Promise<readonly Finding[]> {
  const witness = new Witness(resolver, clock);
  const judged = await work(witness);
  return judged ? [{ check, about, evidence: witness.evidence, ...judged }] : [];
}
