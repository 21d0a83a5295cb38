import { type Exchanger, type ExchangerSearch, findExchangers } from '../dns/exchangers.ts';
import { parseMailbox } from '../smtp/mailbox.ts';
import type { ReplyLimits } from '../smtp/reply-parser.ts';
import type { Outcome } from '../transcript/ending.ts';
import type { Transcript } from '../transcript/transcript.ts';
import { type Call, callAt, type TlsWish, takeLeave } from './call.ts';
import * as envelope from './envelope.ts';
import type { Environment } from './environment.ts';
import { outcomeOf } from './outcome.ts';
import type { Patience } from './patience.ts';
import type { SessionOptions } from './session.ts';
import { deliver, type Mailing } from './transaction.ts';
import type { Withheld } from './withheld.ts';

export interface AttemptOptions {
  /** All of one domain. */
  readonly recipients: readonly string[];
  /** Empty for the null reverse-path. */
  readonly sender: string;
  /** The name we introduce ourselves with. */
  readonly helo: string;
  /** Our own address. */
  readonly from?: string;
  readonly port?: number;
  /** `opportunistic` unless said otherwise: a host whose TLS fails is called again in clear. */
  readonly tls?: TlsWish;
  readonly verifyTls?: boolean;
  readonly ca?: string | readonly string[];
  /** Sent when there is one; otherwise no DATA is said. */
  readonly message?: string | Buffer;
  readonly patience?: Patience;
  readonly limits?: ReplyLimits;
  /** Addresses to try in all. RFC 5321 5.1 asks for two at least. */
  readonly mostAddresses?: number;
  /** The address of a host to call at first, such as the one that asked us to come back; then the others in their order. */
  readonly prefer?: string;
}

/** DNS names no host to go to, or does not say. */
export interface NoHost {
  readonly kind: 'no-host';
  readonly search: Exclude<ExchangerSearch, { kind: 'found' }>;
}

export type AttemptOutcome = Outcome | Withheld | NoHost;

export interface RecipientOutcome {
  readonly address: string;
  readonly outcome: AttemptOutcome;
}

/** One try at delivering, or at finding out. */
export interface Attempt {
  /** Of the stage that decided. With several recipients: completed where one was accepted. */
  readonly outcome: AttemptOutcome;
  /** In the order given. */
  readonly recipients: readonly RecipientOutcome[];
  /** The host that decided. */
  readonly host?: string;
  readonly address?: string;
  /** What stood in the way at each host before the one that decided, or at all of them. */
  readonly obstacles: readonly AttemptOutcome[];
  /** One for each connection, in order. */
  readonly transcripts: readonly Transcript[];
  readonly exchangers: ExchangerSearch;
}

/** Addresses of hosts that are tried for one question. */
export const usualMostAddresses = 5;

/**
 * Finds the hosts of a domain and calls at them in order until one has spoken about the recipients. Goes on to the next
 * after a failed connection, and after any refusal up to EHLO and TLS (rules DNS-03, DNS-14); what is said to MAIL and
 * RCPT is final. Rejects with a TypeError, before anything is looked up, on addresses that are none or of two domains.
 */
export async function attempt(environment: Environment, options: AttemptOptions): Promise<Attempt> {
  const domain = domainOf(options);
  const exchangers = await findExchangers(environment.resolver, domain, environment.random);
  const transcripts: Transcript[] = [];
  if (exchangers.kind !== 'found') {
    const outcome = { kind: 'no-host', search: exchangers } as const;
    return { ...forAll(options, outcome), obstacles: [], transcripts, exchangers };
  }
  const obstacles: AttemptOutcome[] = [];
  let result: Pick<Attempt, 'outcome' | 'recipients' | 'host' | 'address'> | undefined;
  for (const { host, address } of destinations(exchangers.exchangers, options)) {
    const { final, ...tried } = await tryAt(environment, options, { host, address }, transcripts);
    result = { ...tried, host, address };
    if (final) break;
    obstacles.push(tried.outcome);
  }
  if (!result) throw new TypeError('at least one address must be tried');
  return { ...result, obstacles, transcripts, exchangers };
}

function domainOf({ recipients, sender }: AttemptOptions): string {
  envelope.mail(sender);
  const domains = new Set<string>();
  for (const recipient of recipients) {
    const mailbox = parseMailbox(recipient);
    if ('fault' in mailbox)
      throw new TypeError(`${JSON.stringify(recipient)} is not an address: ${mailbox.fault}`);
    domains.add(mailbox.domain.toLowerCase());
  }
  const [domain] = domains;
  if (domain === undefined || domains.size > 1)
    throw new TypeError('an attempt takes recipients of one domain');
  return domain;
}

function destinations(
  exchangers: readonly Exchanger[],
  { prefer, mostAddresses = usualMostAddresses }: AttemptOptions,
): readonly { host: string; address: string }[] {
  const all = exchangers.flatMap(({ host, addresses }) => addresses.map((address) => ({ host, address })));
  const preferred = all.filter(({ address }) => address === prefer);
  return [...preferred, ...all.filter(({ address }) => address !== prefer)].slice(0, mostAddresses);
}

type Tried = Pick<Attempt, 'outcome' | 'recipients'> & { readonly final: boolean };

async function tryAt(
  environment: Environment,
  options: AttemptOptions,
  at: { readonly host: string; readonly address: string },
  transcripts: Transcript[],
): Promise<Tried> {
  const wish = options.tls ?? 'opportunistic';
  const call = async (tls: TlsWish): Promise<Call> => {
    const made = await callAt(environment, sessionOptions(options, at), { helo: options.helo, tls });
    transcripts.push(made.session.transcript);
    if (made.obstacle) await takeLeave(made.session, { last: made.obstacle, open: false });
    return made;
  };
  let { session, obstacle, tlsBroke } = await call(wish);
  if (tlsBroke && wish === 'opportunistic') ({ session, obstacle } = await call('none')); // on a new connection: rule TLS-07
  if (obstacle) return { ...forAll(options, outcomeOf(obstacle)), final: false };
  const { decisive, recipients, open } = await deliver(session, mailingOf(options));
  await takeLeave(session, { last: decisive, open });
  return {
    outcome: outcomeOf(decisive),
    recipients: recipients.map(({ address, got }) => ({ address, outcome: outcomeOf(got) })),
    final: true,
  };
}

function mailingOf({ sender, recipients, message }: AttemptOptions): Mailing {
  return { sender, recipients, ...(message === undefined ? {} : { message }) };
}

function sessionOptions(
  { from, port = 25, verifyTls, ca, patience, limits }: AttemptOptions,
  at: { readonly host: string; readonly address: string },
): SessionOptions {
  return {
    ...at,
    port,
    ...(from === undefined ? {} : { from }),
    ...(verifyTls === undefined ? {} : { verifyTls }),
    ...(ca === undefined ? {} : { ca }),
    ...(patience ? { patience } : {}),
    ...(limits ? { limits } : {}),
  };
}

function forAll(
  { recipients }: AttemptOptions,
  outcome: AttemptOutcome,
): Pick<Attempt, 'outcome' | 'recipients'> {
  return { outcome, recipients: recipients.map((address) => ({ address, outcome })) };
}
