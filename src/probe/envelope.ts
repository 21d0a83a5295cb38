import { needsSmtpUtf8, parseMailbox } from '../smtp/mailbox.ts';
import type { Command } from './command.ts';
import {
  type MailParameters,
  noParameters,
  type RcptParameters,
  type WrittenParameters,
  writeParameters,
} from './parameters.ts';

/**
 * MAIL FROM. An empty address is the null reverse-path. SMTPUTF8 is added where the address needs it.
 * Throws a TypeError on an address or parameter that does not fit the grammar.
 */
export function mail(address: string, parameters?: MailParameters): Command {
  if (address !== '') assertMailbox(address);
  const utf8 = needsSmtpUtf8(address);
  const asked =
    utf8 && parameters?.SMTPUTF8 === undefined ? { ...parameters, SMTPUTF8: true as const } : parameters;
  return envelopeCommand(
    'mail',
    `MAIL FROM:<${address}>`,
    asked ? writeParameters(asked) : noParameters,
    utf8,
  );
}

/** RCPT TO. `postmaster` may stand without a domain (RFC 5321 4.5.1). Throws a TypeError like `mail`. */
export function rcpt(address: string, parameters?: RcptParameters): Command {
  if (!/^postmaster$/i.test(address)) assertMailbox(address);
  const written = parameters ? writeParameters(parameters) : noParameters;
  return envelopeCommand('rcpt', `RCPT TO:<${address}>`, written, needsSmtpUtf8(address));
}

/** RFC 6531 3.4: a host without SMTPUTF8 must not be given such an address. */
function envelopeCommand(
  stage: 'mail' | 'rcpt',
  path: string,
  { text, needs }: WrittenParameters,
  utf8: boolean,
): Command {
  const all = utf8 ? [...needs, 'SMTPUTF8'] : needs;
  return all.length > 0 ? { stage, line: path + text, needs: all } : { stage, line: path + text };
}

function assertMailbox(address: string): void {
  const mailbox = parseMailbox(address);
  if ('fault' in mailbox)
    throw new TypeError(`${JSON.stringify(address)} is not an address: ${mailbox.fault}`);
}
