import type { ExchangerSearch } from './exchangers.ts';

/** Why there is no host to go to, in a phrase. */
export function describeSearch(search: Exclude<ExchangerSearch, { kind: 'found' }>): string {
  switch (search.kind) {
    case 'null-mx':
      return 'the domain says that it takes no mail (null MX)';
    case 'no-such-domain':
      return 'the domain does not exist (NXDOMAIN)';
    case 'no-mail-host':
      return 'the domain has neither an MX nor an address';
    case 'no-usable-address':
      return `no exchanger has an address that can be used: ${search.hosts.join(', ')}`;
    case 'dns-trouble':
      return search.detail;
    default:
      return search satisfies never;
  }
}
