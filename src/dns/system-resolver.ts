import { promises as dns, setServers } from 'node:dns';
import { canonicalName, reverseName } from './name.ts';
import type { Lookup, LookupFailure, MxRecord, Resolver } from './resolver.ts';

export interface SystemResolverOptions {
  /** Name servers as `address` or `address:port`; without them, those the machine is set up with. */
  readonly servers?: readonly string[];
  /** ms that the first try waits for a server; later tries wait longer. */
  readonly timeout?: number;
  readonly tries?: number;
}

/** How many aliases are followed in a row. */
const longestChain = 8;

/** Asks the machine's name servers, through c-ares and past the hosts file. */
export class SystemResolver implements Resolver {
  readonly #dns: dns.Resolver;

  constructor({ servers, timeout = 5_000, tries = 2 }: SystemResolverOptions = {}) {
    this.#dns = new dns.Resolver({ timeout, tries });
    if (servers) this.#dns.setServers([...servers]);
  }

  /** Sends all look-ups of this process, those of other people's modules as well, to these name servers. */
  static redirect(servers: readonly string[]): void {
    dns.setServers(servers);
    setServers(servers);
  }

  mx(domain: string): Promise<Lookup<MxRecord>> {
    return lookUp(async () => {
      const records = await this.#dns.resolveMx(canonicalName(domain));
      return records.map(({ priority, exchange }) => ({
        preference: priority,
        exchange: exchange.replace(/\.$/, ''),
      }));
    });
  }

  async addresses(host: string, family: 4 | 6): Promise<Lookup<string>> {
    const name = canonicalName(host);
    // Never asked of a name server. RFC 6761 6.3
    if (/^(?:.+\.)?localhost$/.test(name))
      return { kind: 'found', records: [family === 4 ? '127.0.0.1' : '::1'] };
    const [found, canonical] = await Promise.all([
      lookUp(() => (family === 4 ? this.#dns.resolve4(name) : this.#dns.resolve6(name))),
      this.#aliasTarget(name),
    ]);
    return found.kind === 'found' && canonical !== undefined ? { ...found, canonical } : found;
  }

  txt(domain: string): Promise<Lookup<string>> {
    return lookUp(async () =>
      (await this.#dns.resolveTxt(canonicalName(domain))).map((pieces) => pieces.join('')),
    );
  }

  ptr(address: string): Promise<Lookup<string>> {
    return lookUp(() => this.#dns.resolvePtr(reverseName(address)));
  }

  /** c-ares follows aliases without telling, so they are asked for as well. */
  async #aliasTarget(name: string): Promise<string | undefined> {
    let target: string | undefined;
    for (let hops = 0; hops < longestChain; hops++) {
      const alias = await lookUp(() => this.#dns.resolveCname(target ?? name));
      const next = alias.kind === 'found' ? alias.records[0] : undefined;
      if (next === undefined) break;
      target = canonicalName(next);
    }
    return target;
  }
}

/** c-ares' codes: ENOTFOUND is NXDOMAIN, ENODATA an answer without such records. */
const failures: Readonly<Record<string, LookupFailure>> = {
  ESERVFAIL: 'servfail',
  ETIMEOUT: 'timeout',
  ECONNREFUSED: 'timeout', // nobody serves names at that address: as good as no answer
  ECANCELLED: 'timeout',
  EREFUSED: 'refused',
};

async function lookUp<T>(ask: () => Promise<T[]>): Promise<Lookup<T>> {
  try {
    const records = await ask();
    return records.length > 0 ? { kind: 'found', records } : { kind: 'no-data' };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined || !code.startsWith('E')) throw error;
    if (code === 'ENODATA') return { kind: 'no-data' };
    // A name that breaks the rules for names cannot exist either.
    if (code === 'ENOTFOUND' || code === 'EBADNAME') return { kind: 'no-such-domain' };
    return { kind: 'failed', why: failures[code] ?? 'bad-reply', detail: message };
  }
}
