import { reverseName } from '../../dns/name.ts';
import type { Lookup, MxRecord, Resolver } from '../../dns/resolver.ts';
import type { Clock } from '../../time/clock.ts';
import { formatDuration, minutes } from '../../time/duration.ts';
import type { AskedAndAnswered } from './finding.ts';

/** Of one check; a name with a thousand records does not fill the screen. */
const mostKept = 60;
const mostText = 200;
/** One check takes no longer, however many names lead to others and however slow they are. RFC 7208 4.6.4 */
const patience = minutes(1);

/** A resolver that remembers what it was asked and what it answered, and that answers for a minute. */
export class Witness implements Resolver {
  readonly #resolver: Resolver;
  readonly #clock: Clock;
  readonly #end: number;
  readonly #kept = new Map<string, string>();

  constructor(resolver: Resolver, clock: Clock) {
    this.#resolver = resolver;
    this.#clock = clock;
    this.#end = clock.now() + patience;
  }

  /** In the order of asking; what was asked twice is there once. */
  get evidence(): readonly AskedAndAnswered[] {
    return [...this.#kept].map(([asked, answered]) => ({ asked, answered }));
  }

  mx(domain: string): Promise<Lookup<MxRecord>> {
    const shown = ({ preference, exchange }: MxRecord): string => `${preference} ${exchange || '.'}`;
    return this.#keep(`MX ${domain}`, () => this.#resolver.mx(domain), shown);
  }

  addresses(host: string, family: 4 | 6): Promise<Lookup<string>> {
    const asked = `${family === 4 ? 'A' : 'AAAA'} ${host}`;
    return this.#keep(asked, () => this.#resolver.addresses(host, family));
  }

  txt(domain: string): Promise<Lookup<string>> {
    return this.#keep(
      `TXT ${domain}`,
      () => this.#resolver.txt(domain),
      (text) => `"${text}"`,
    );
  }

  ptr(address: string): Promise<Lookup<string>> {
    return this.#keep(`PTR ${reverseName(address)}`, () => this.#resolver.ptr(address));
  }

  async #keep<T>(
    asked: string,
    ask: () => Promise<Lookup<T>>,
    shown: (record: T) => string = String,
  ): Promise<Lookup<T>> {
    if (this.#clock.now() >= this.#end) {
      const detail = `no more was asked after ${formatDuration(patience)}`;
      return { kind: 'failed', why: 'timeout', detail };
    }
    if (this.#kept.size < mostKept) this.#kept.set(asked, '');
    const lookup = await ask();
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

/** Of what the name system says, as much as belongs into a line. */
export const shortened = (text: string): string =>
  text.length <= mostText ? text : `${text.slice(0, mostText)}...`;
