import { domainToASCII } from 'node:url';
import {
  isAddressLiteral,
  type Mailbox,
  type MailboxFault,
  needsSmtpUtf8,
  parseMailbox,
} from '../smtp/mailbox.ts';

/** An address that may be asked about. */
export interface Asked extends Mailbox {
  /** As given, without the spaces around it. */
  readonly address: string;
  /** As it goes over the wire: the domain in A-labels (RFC 5891) unless the local part needs SMTPUTF8 anyway. */
  readonly wire: string;
}

/** Reads an address; a fault is a sentence's end, such as `there is no @`. RFC 5321 4.1.2, RFC 6531 3.3 */
export function readAddress(text: string): Asked | MailboxFault {
  const address = text.trim();
  if (/[\x00-\x1f\x7f-\x9f]/.test(address)) return { fault: 'it has a control character in it' };
  const mailbox = parseMailbox(address);
  if ('fault' in mailbox) return mailbox;
  const domain = wireDomain(mailbox.domain);
  if (domain === undefined) return { fault: 'the domain is no name that DNS could have' };
  const wire = `${mailbox.local}@${domain}`;
  if (!isSendable(wire)) return { fault: 'its domain is too long in the letters of DNS' };
  return { address, local: mailbox.local, domain, wire };
}

/** Whether an address, in the form it has on the wire, keeps to the length of a path. RFC 5321 4.5.3.1.3 */
export function isSendable(wire: string): boolean {
  return Buffer.byteLength(wire) <= 254;
}

function wireDomain(domain: string): string | undefined {
  if (isAddressLiteral(domain)) return domain;
  if (!needsSmtpUtf8(domain)) return domain.toLowerCase();
  const ascii = domainToASCII(domain);
  return ascii === '' || ascii.length > 253 ? undefined : ascii;
}
