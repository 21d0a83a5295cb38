/** One mail exchanger of a domain. RFC 1035 3.3.9 */
export interface MxRecord {
  readonly preference: number;
  /** Without its trailing dot; `''` is the root, that is a null MX (RFC 7505 3). */
  readonly exchange: string;
}

/** Why a look-up gave no answer either way. All of them mean: try again later. */
export type LookupFailure = 'servfail' | 'timeout' | 'refused' | 'bad-reply';

/** What the name system says. A name that does not exist, one without such records and no answer are kept apart. */
export type Lookup<T> =
  | {
      readonly kind: 'found';
      /** At least one, in the order of the answer. */
      readonly records: readonly T[];
      /** The name that aliases (CNAME) led to, when the name asked for is one. */
      readonly canonical?: string;
    }
  | { readonly kind: 'no-data' }
  | { readonly kind: 'no-such-domain' }
  | { readonly kind: 'failed'; readonly why: LookupFailure; readonly detail: string };

/**
 * The door to the name system. Names are taken as fully qualified: no search list completes them
 * (RFC 5321 2.3.5, rule DNS-16). Non-ASCII names are asked for as A-labels. Whatever happens is a value.
 */
export interface Resolver {
  mx(domain: string): Promise<Lookup<MxRecord>>;
  addresses(host: string, family: 4 | 6): Promise<Lookup<string>>;
  /** Each record as one text, its pieces joined. */
  txt(domain: string): Promise<Lookup<string>>;
  /** The names of an IPv4 or IPv6 address. */
  ptr(address: string): Promise<Lookup<string>>;
}
