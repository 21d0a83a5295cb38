import { isAddressLiteral } from '../smtp/mailbox.ts';

const quotedString = /^"(?:[^"\\]|\\.)*"$/;
const label = /^[\p{L}\p{N}_](?:[\p{L}\p{N}\p{M}_-]*[\p{L}\p{N}\p{M}_])?$/u;

/**
 * What a host makes sure of that wants no more than to know where an address leads, as Postfix does without
 * strict_rfc821_envelopes: no blank outside quotes, and a domain that can stand in DNS. Any length, underscores and
 * UTF-8 will do, and a name without domain is taken for a local one.
 */
export function isLenientAddress(address: string): boolean {
  const at = address.lastIndexOf('@');
  const local = at < 0 ? address : address.slice(0, at);
  if (!quotedString.test(local) && !/^[^\s"]+$/.test(local)) return false;
  return at < 0 || isDomain(address.slice(at + 1));
}

function isDomain(domain: string): boolean {
  if (domain.startsWith('[')) return isAddressLiteral(domain);
  return domain
    .replace(/\.$/, '')
    .split('.')
    .every((part) => part.length <= 63 && label.test(part)); // RFC 1035 2.3.4
}
