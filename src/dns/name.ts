import { domainToASCII } from 'node:url';
import ipaddr from 'ipaddr.js';

/** A name as it is compared: A-labels, small letters, no trailing dot. RFC 1034 3.1, RFC 5890 2.3.2.1 */
export function canonicalName(name: string): string {
  const dotted = name.replace(/[\u3002\uff0e\uff61]/g, '.').replace(/\.$/, ''); // other full stops: RFC 3490 3.1
  return dotted
    .split('.')
    .map((label) => (/[^\x00-\x7f]/.test(label) ? domainToASCII(label) || label : label.toLowerCase()))
    .join('.');
}

/** `1.2.0.192.in-addr.arpa` for `192.0.2.1`, `…ip6.arpa` for an IPv6 address. RFC 1035 3.5, RFC 3596 2.5 */
export function reverseName(address: string): string {
  const parsed = ipaddr.parse(address);
  const bytes = parsed.toByteArray();
  if (parsed.kind() === 'ipv4') return `${bytes.reverse().join('.')}.in-addr.arpa`;
  const nibbles = bytes.flatMap((byte) => [byte >> 4, byte & 15]).reverse();
  return `${nibbles.map((nibble) => nibble.toString(16)).join('.')}.ip6.arpa`;
}
