import { reverseName } from '../../dns/name.ts';
import type { Lookup, MxRecord, Resolver } from '../../dns/resolver.ts';
import type { AskedAndAnswered } from './finding.ts';

/** Of one check; a name with a thousand records does not fill the screen. */
const mostKept = 60;
const mostText = 200;

/** A resolver that remembers what it was asked and what it answered. */
export class Witness implements Resolver {
  readonly #resolver: Resolver;
  readonly #kept = new Map<string, string>();

  constructor(resolver: Resolver) {
    this.#resolver = resolver;
  }

  /** In the order of asking; what was asked twice is there once. */
  get evidence(): readonly AskedAndAnswered[] {
    return [...this.#kept].map(([asked, answered]) => ({ asked, answered }));
  }

  mx(domain: string): Promise<Lookup<MxRecord>> {
    const shown = ({ preference, exchange }: MxRecord): string => `${preference} ${exchange || '.'}`;
    return this.#keep(`MX ${domain}`, this.#resolver.mx(domain), shown);
  }

  addresses(host: string, family: 4 | 6): Promise<Lookup<string>> {
    return this.#keep(`${family === 4 ? 'A' : 'AAAA'} ${host}`, this.#resolver.addresses(host, family));
  }

  txt(domain: string): Promise<Lookup<string>> {
    return this.#keep(`TXT ${domain}`, this.#resolver.txt(domain), (text) => `"${text}"`);
  }

  ptr(address: string): Promise<Lookup<string>> {
    return this.#keep(`PTR ${reverseName(address)}`, this.#resolver.ptr(address));
  }

  async #keep<T>(
    asked: string,
    answer: Promise<Lookup<T>>,
    shown: (record: T) => string = String,
  ): Promise<Lookup<T>> {
    if (this.#kept.size < mostKept) this.#kept.set(asked, '');
    const lookup = await answer;
    if (this.#kept.has(asked)) this.#kept.set(asked, said(lookup, shown));
    return lookup;
  }
}

function said<T>(lookup: Lookup<T>, shown: (record: T) => string): string {
  switch (lookup.kind) {
    case 'found':
      return shortened(
        lookup.records
          .slice(0, 20)
          .map((record) => shortened(shown(record)))
          .join(', '),
      );
    case 'no-data':
      return 'no such record';
    case 'no-such-domain':
      return 'no such name (NXDOMAIN)';
    case 'failed':
      return shortened(`no answer (${lookup.detail})`);
    default:
      return lookup satisfies never;
  }
}

const shortened = (text: string): string =>
  text.length <= mostText ? text : `${text.slice(0, mostText)}...`;
