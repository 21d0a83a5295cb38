import ipaddr from 'ipaddr.js';
import { canonicalName, reverseName } from '../../dns/name.ts';
import type { Lookup, Resolver } from '../../dns/resolver.ts';
import { isAddressLiteral } from '../../smtp/mailbox.ts';
import { expandMacros, fittingName, type MacroPiece } from './macro.ts';
import { type Directive, isSpf, type Mechanism, type Prefixes, parseSpf, type Qualifier } from './record.ts';

export type SpfResult = Qualifier | 'none' | 'temperror' | 'permerror';

/** Whether a domain lets an address send in its name, and what decided that. */
export interface SpfFinding {
  readonly result: SpfResult;
  /** The directive that matched, as written, with the domain whose record has it. */
  readonly by?: string;
  /** What is wrong, where the result is an error or there is none. */
  readonly why?: string;
  /** Terms that cost look-ups, of the ten that there may be. RFC 7208 4.6.4 */
  readonly lookups: number;
}

export interface SpfQuestion {
  /** The address of the client. */
  readonly ip: string;
  readonly domain: string;
  /** `local@domain`; the local part is `postmaster` where there is none. RFC 7208 2.4, 4.3 */
  readonly sender: string;
  /** The name of HELO or EHLO, for the macro h. */
  readonly helo: string;
}

/** RFC 7208 4.6.4 */
const mostLookups = 10;
const mostVoids = 2;
const mostHosts = 10;

/** Ends an evaluation at whatever depth it is. */
class Broken extends Error {
  readonly result: 'temperror' | 'permerror';

  constructor(result: 'temperror' | 'permerror', why: string) {
    super(why);
    this.result = result;
  }
}

/** The function check_host() of RFC 7208 4. Whatever the records say is a value; never rejects for their sake. */
export async function checkHost(resolver: Resolver, question: SpfQuestion): Promise<SpfFinding> {
  const evaluation = new Evaluation(resolver, question);
  try {
    const found = await evaluation.check(question.domain);
    return { ...found, lookups: evaluation.lookups };
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    return { result: error.result, why: error.message, lookups: evaluation.lookups };
  }
}

type Found = Omit<SpfFinding, 'lookups'>;

class Evaluation {
  readonly #resolver: Resolver;
  readonly #ip: ipaddr.IPv4 | ipaddr.IPv6;
  readonly #family: 4 | 6;
  readonly #question: SpfQuestion;
  #names: readonly string[] | undefined;
  #voids = 0;
  lookups = 0;

  constructor(resolver: Resolver, question: SpfQuestion) {
    this.#resolver = resolver;
    this.#question = question;
    this.#ip = ipaddr.process(question.ip); // an IPv4 address in IPv6 clothes is one: RFC 7208 5
    this.#family = this.#ip.kind() === 'ipv4' ? 4 : 6;
  }

  async check(asked: string): Promise<Found> {
    const domain = canonicalName(asked);
    if (!isWellFormed(domain)) return { result: 'none', why: `${asked} is no domain name` }; // RFC 7208 4.3
    const text = await this.#recordOf(domain);
    if (text === undefined) return { result: 'none', why: `${domain} has no SPF record` };
    const record = parseSpf(text);
    if ('fault' in record) throw new Broken('permerror', `in the record of ${domain}, ${record.fault}`);
    for (const directive of record.directives) {
      if (await this.#matches(directive.mechanism, domain)) return foundBy(directive, domain);
    }
    if (!record.redirect) return { result: 'neutral', why: `nothing in the record of ${domain} matches` }; // RFC 7208 4.7
    this.#count(`redirect= of ${domain}`);
    const target = await this.#expand(record.redirect, domain);
    const found = await this.check(target);
    if (found.result === 'none')
      throw new Broken('permerror', `redirect= of ${domain} leads to ${target}, which has no SPF record`); // RFC 7208 6.1
    return found;
  }

  /** RFC 7208 4.4, 4.5 */
  async #recordOf(domain: string): Promise<string | undefined> {
    const texts = await this.#sure(this.#resolver.txt(domain), `TXT of ${domain}`);
    const records = texts.filter(isSpf);
    if (records.length > 1) throw new Broken('permerror', `${domain} has ${records.length} SPF records`);
    return records[0];
  }

  async #matches(mechanism: Mechanism, domain: string): Promise<boolean> {
    if (mechanism.kind === 'all') return true;
    if ('network' in mechanism) return this.#isWithin(mechanism.network, mechanism.prefix);
    this.#count(`${mechanism.kind} of ${domain}`);
    const target = mechanism.domain ? await this.#expand(mechanism.domain, domain) : domain;
    switch (mechanism.kind) {
      case 'include':
        return this.#includes(target, domain);
      case 'exists':
        return (
          isWellFormed(target) &&
          (await this.#found(this.#resolver.addresses(target, 4), `A of ${target}`)).length > 0
        ); // A even for IPv6: RFC 7208 5.7
      case 'a':
        return (
          isWellFormed(target) &&
          this.#isAmong(
            await this.#found(this.#addresses(target), `address of ${target}`),
            mechanism.prefixes,
          )
        );
      case 'mx':
        return isWellFormed(target) && this.#isExchanger(target, mechanism.prefixes);
      case 'ptr':
        return (await this.#ownNames()).some((name) => name === target || name.endsWith(`.${target}`));
      default:
        return mechanism satisfies never;
    }
  }

  /** RFC 7208 5.2 */
  async #includes(target: string, domain: string): Promise<boolean> {
    const { result } = await this.check(target);
    if (result === 'none')
      throw new Broken('permerror', `${domain} includes ${target}, which has no SPF record`);
    return result === 'pass';
  }

  /** RFC 7208 5.4 */
  async #isExchanger(target: string, prefixes: Prefixes): Promise<boolean> {
    const records = await this.#found(this.#resolver.mx(target), `MX of ${target}`);
    if (records.length > mostHosts)
      throw new Broken('permerror', `${target} has more than ${mostHosts} MX records`);
    for (const { exchange } of records) {
      if (exchange === '') continue; // a null MX: RFC 7505 3
      const addresses = await this.#sure(this.#addresses(exchange), `address of ${exchange}`);
      if (this.#isAmong(addresses, prefixes)) return true;
    }
    return false;
  }

  /** The names of the client that lead back to it; what fails here is passed over. RFC 7208 5.5 */
  async #ownNames(): Promise<readonly string[]> {
    if (this.#names) return this.#names;
    const pointers = await this.#resolver.ptr(this.#ip.toString());
    if (pointers.kind === 'failed') return [];
    this.#countVoid(pointers, `PTR of ${this.#ip}`);
    const names: string[] = [];
    for (const name of pointers.kind === 'found' ? pointers.records.slice(0, mostHosts) : []) {
      const back = await this.#addresses(name);
      if (back.kind === 'found' && this.#isAmong(back.records, { v4: 32, v6: 128 }))
        names.push(canonicalName(name));
    }
    this.#names = names;
    return names;
  }

  #addresses(host: string): Promise<Lookup<string>> {
    return this.#resolver.addresses(host, this.#family);
  }

  #isAmong(addresses: readonly string[], { v4, v6 }: Prefixes): boolean {
    return addresses.some((address) => this.#isWithin(address, this.#family === 4 ? v4 : v6));
  }

  #isWithin(network: string, prefix: number): boolean {
    if (!ipaddr.isValid(network)) return false;
    const other = ipaddr.parse(network);
    if (other.kind() !== this.#ip.kind()) return false;
    return this.#ip.kind() === 'ipv4'
      ? (this.#ip as ipaddr.IPv4).match(other as ipaddr.IPv4, prefix)
      : (this.#ip as ipaddr.IPv6).match(other as ipaddr.IPv6, prefix);
  }

  #count(what: string): void {
    if (++this.lookups > mostLookups)
      throw new Broken('permerror', `${what} is one look-up more than the ${mostLookups} that there may be`);
  }

  /** The records of a term that counts. */
  async #found<T>(asked: Promise<Lookup<T>>, what: string): Promise<readonly T[]> {
    const lookup = await asked;
    this.#countVoid(lookup, what);
    return this.#sure(lookup, what);
  }

  #countVoid({ kind }: Lookup<unknown>, what: string): void {
    if ((kind === 'no-data' || kind === 'no-such-domain') && ++this.#voids > mostVoids)
      throw new Broken(
        'permerror',
        `${what} is one more than the ${mostVoids} look-ups that may find nothing`,
      );
  }

  /** The records, none where there are none. */
  async #sure<T>(asked: Lookup<T> | Promise<Lookup<T>>, what: string): Promise<readonly T[]> {
    const lookup = await asked;
    if (lookup.kind === 'failed') throw new Broken('temperror', `${what}: ${lookup.detail}`);
    return lookup.kind === 'found' ? lookup.records : [];
  }

  async #expand(pieces: readonly MacroPiece[], domain: string): Promise<string> {
    return fittingName(canonicalName(await expandMacros(pieces, (letter) => this.#value(letter, domain))));
  }

  /** RFC 7208 7.2 */
  #value(letter: string, domain: string): string | Promise<string> {
    const { sender, helo } = this.#question;
    const at = sender.lastIndexOf('@');
    const local = at > 0 ? sender.slice(0, at) : 'postmaster'; // RFC 7208 4.3
    const senderDomain = sender.slice(at + 1);
    switch (letter) {
      case 's':
        return `${local}@${senderDomain}`;
      case 'l':
        return local;
      case 'o':
        return senderDomain;
      case 'd':
        return domain;
      case 'i':
        return this.#family === 4 ? this.#ip.toString() : nibblesOf(this.#ip.toString());
      case 'v':
        return this.#family === 4 ? 'in-addr' : 'ip6';
      case 'h':
        return helo;
      default:
        return this.#ownName(domain);
    }
  }

  /** The domain itself, one below it, any, or `unknown`. RFC 7208 7.3 */
  async #ownName(domain: string): Promise<string> {
    const names = await this.#ownNames();
    return (
      names.find((name) => name === domain) ??
      names.find((name) => name.endsWith(`.${domain}`)) ??
      names[0] ??
      'unknown'
    );
  }
}

function foundBy({ qualifier, text }: Directive, domain: string): Found {
  return { result: qualifier, by: `${text} of ${domain}` };
}

/** Several labels, none of them empty or too long, and no address literal. RFC 7208 2.3, 4.3 */
function isWellFormed(name: string): boolean {
  const labels = name.split('.');
  return (
    !isAddressLiteral(name) &&
    name.length <= 253 &&
    labels.length > 1 &&
    labels.every((label) => label !== '' && label.length <= 63)
  );
}

/** The 32 digits of an IPv6 address with dots between them. */
function nibblesOf(address: string): string {
  return reverseName(address)
    .replace(/\.ip6\.arpa$/, '')
    .split('.')
    .reverse()
    .join('.');
}
