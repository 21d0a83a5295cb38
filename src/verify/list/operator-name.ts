import { isAddressLiteral } from '../../smtp/mailbox.ts';

/** Names below which registries of countries sell theirs: `co.uk`, `com.au`. The usual ones; a full list is publicsuffix.org. */
const registries = new Set('ac co com edu gob gouv gov ltd me mil ne net nom or org plc sch'.split(' '));

/** Who runs a host: the end of its name that is registered, `google.com` of `aspmx.l.google.com`, `example.co.uk`. */
export function operatorName(host: string): string {
  if (isAddressLiteral(host)) return host;
  const labels = host.toLowerCase().replace(/\.$/, '').split('.');
  const wide = labels.at(-1)?.length === 2 && registries.has(labels.at(-2) ?? '');
  return labels.slice(wide ? -3 : -2).join('.');
}
