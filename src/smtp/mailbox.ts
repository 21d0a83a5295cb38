import { isIP } from 'node:net';

/** The two sides of an address. `domain` keeps the brackets of an address literal. */
export interface Mailbox {
  readonly local: string;
  readonly domain: string;
}

/** An address that is wrong, and why. */
export interface MailboxFault {
  readonly fault: string;
}

/** atext plus non-ASCII: RFC 5321 4.1.2 with RFC 6531 3.3. */
const atom = /^[\w!#$%&'*+/=?^`{|}~\u0080-\u{10ffff}-]+$/u;
const quotedString = /^"(?:[\x20\x21\x23-\x5b\x5d-\x7e\u0080-\u{10ffff}]|\\[\x20-\x7e])*"$/u;
const label = /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]*[\p{L}\p{N}\p{M}])?$/u;

/** The common case, at a tenth of the cost: plain ASCII, and short enough for every limit to be kept. */
const common =
  /^([\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*)@([A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*(?:\.[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*)*)$/;
const commonLength = 64;

const octets = (text: string): number => Buffer.byteLength(text);

/** Reads `local@domain`, without angle brackets. RFC 5321 4.1.2, limits of 4.5.3.1.1 to .3. */
export function parseMailbox(address: string): Mailbox | MailboxFault {
  const parts = address.length <= commonLength ? common.exec(address) : null;
  if (parts) return { local: parts[1] as string, domain: parts[2] as string };
  const at = address.lastIndexOf('@');
  if (at < 0) return { fault: 'there is no @' };
  const local = address.slice(0, at);
  const domain = address.slice(at + 1);
  const fault = faultOfLocal(local) ?? faultOfDomain(domain);
  if (fault !== undefined) return { fault };
  if (octets(address) > 254) return { fault: 'it is longer than 254 octets' }; // path of 256 with its brackets, RFC 5321 4.5.3.1.3
  return { local, domain };
}

function faultOfLocal(local: string): string | undefined {
  if (local === '') return 'nothing stands before the @';
  if (octets(local) > 64) return 'the local part is longer than 64 octets'; // RFC 5321 4.5.3.1.1
  if (local.startsWith('"'))
    return quotedString.test(local) ? undefined : 'the quoted local part is malformed';
  return local.split('.').every((word) => atom.test(word))
    ? undefined
    : 'the local part has a character or dot out of place';
}

function faultOfDomain(domain: string): string | undefined {
  if (domain === '') return 'nothing stands behind the @';
  if (domain.startsWith('['))
    return isAddressLiteral(domain) ? undefined : 'the address literal is malformed';
  if (octets(domain) > 255) return 'the domain is longer than 255 octets'; // RFC 5321 4.5.3.1.2
  const labels = domain.split('.');
  const wrong = labels.find((part) => part.length > 63 || !label.test(part));
  return wrong === undefined ? undefined : 'the domain has a character or dot out of place';
}

/** `[192.0.2.1]` or `[IPv6:2001:db8::1]`. RFC 5321 4.1.3 */
export function isAddressLiteral(text: string): boolean {
  const inside = /^\[(.*)\]$/.exec(text)?.[1];
  if (inside === undefined) return false;
  const v6 = /^IPv6:(.*)$/i.exec(inside)?.[1];
  return v6 === undefined ? isIP(inside) === 4 : isIP(v6) === 6;
}

export function needsSmtpUtf8(address: string): boolean {
  return /[^\x00-\x7f]/.test(address);
}
