/** The public names, and nothing else. */
export { version } from './cli/version.ts';
export { seededRandom } from './chance/seeded-random.ts';
export { renderIssue } from './datafile/render-issue.ts';
export type { Issue } from './datafile/issue.ts';
export { type Exchanger, type ExchangerSearch, findExchangers } from './dns/exchangers.ts';
export type { Lookup, MxRecord, Resolver } from './dns/resolver.ts';
export { SystemResolver } from './dns/system-resolver.ts';
export { type Zone, zoneSchema } from './dns/zone.ts';
export { ZoneResolver } from './dns/zone-resolver.ts';
