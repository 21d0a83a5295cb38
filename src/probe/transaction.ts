import type { Capabilities } from '../smtp/capabilities.ts';
import { needsSmtpUtf8 } from '../smtp/mailbox.ts';
import { withCrlf } from '../smtp/message-data.ts';
import type { Reply } from '../smtp/reply.ts';
import * as envelope from './envelope.ts';
import { isAccepted } from './outcome.ts';
import type { MailParameters } from './parameters.ts';
import type { Session } from './session.ts';
import type { Got } from './withheld.ts';

/** What is to be delivered, or only asked about. */
export interface Mailing {
  readonly sender: string;
  readonly recipients: readonly string[];
  /** Without one, the transaction goes no further than RCPT (rule SES-21). */
  readonly message?: string | Buffer;
}

/** What became of a mailing in one session. */
export interface Delivery {
  /** What decided it: the ending if there was one, the reply to the message, or to MAIL or RCPT. */
  readonly decisive: Got;
  /** In the order of the recipients. */
  readonly recipients: readonly { readonly address: string; readonly got: Got }[];
  /** A transaction is still open. */
  readonly open: boolean;
}

/** Recipients that every host takes in one transaction. RFC 5321 4.5.3.1.8 */
const usualRoom = 100;

interface Transaction {
  readonly decisive: Got;
  /** One for each recipient of the batch. */
  readonly got: readonly Got[];
  /** The host has accepted somebody, and no message has closed the transaction. */
  readonly open: boolean;
  /** Nothing more can be asked in this session. */
  readonly over: boolean;
}

/** Runs as many transactions as it takes: hosts may take only so many recipients at once (rules SYN-13, EXT-12). */
export async function deliver(session: Session, mailing: Mailing): Promise<Delivery> {
  const results = new Map<number, Got>();
  let left = mailing.recipients.map((_, i) => i);
  let last: Transaction;
  do {
    const batch = left.slice(0, roomFor(session.capabilities));
    const addresses = batch.map((i) => mailing.recipients[i] as string);
    last = await transact(session, { ...mailing, recipients: addresses });
    const again =
      last.got.some(isAccepted) && !last.over ? batch.filter((_, k) => isTooMany(last.got[k])) : [];
    for (const [k, i] of batch.entries()) results.set(i, last.got[k] as Got);
    left = [...again, ...left.slice(batch.length)];
    if (left.length > 0 && last.open && !last.over) await session.rset();
  } while (left.length > 0 && !last.over && !session.ended);
  const recipients = mailing.recipients.map((address, i) => ({
    address,
    got: results.get(i) ?? last.decisive,
  }));
  const decisive =
    mailing.message === undefined && !last.over ? summary(recipients.map(({ got }) => got)) : last.decisive;
  return { decisive, recipients, open: last.open };
}

async function transact(session: Session, { sender, recipients, message }: Mailing): Promise<Transaction> {
  const mail = await session.mail(sender, mailParameters(session.capabilities, recipients, message));
  if (!isAccepted(mail)) return { decisive: mail, got: recipients.map(() => mail), open: false, over: true };
  const got = await nameRecipients(session, recipients);
  const broken = got.find(endsSession);
  if (broken) return { decisive: broken, got, open: session.ended === undefined, over: true };
  if (message === undefined || !got.some(isAccepted))
    return { decisive: summary(got), got, open: true, over: false };
  const goAhead = await session.data();
  const asked = goAhead.kind === 'reply' && goAhead.reply.code === 354 && !goAhead.unsolicited;
  const verdict = asked ? await session.message(message) : goAhead;
  return {
    decisive: verdict,
    got: got.map((own) => (isAccepted(own) ? verdict : own)), // one result for all: RFC 5321 4.1.1.4
    open: !asked && session.ended === undefined,
    over: endsSession(verdict) || verdict.kind === 'withheld',
  };
}

/** RCPT for each: in one group where the host takes groups, one by one otherwise. */
async function nameRecipients(session: Session, recipients: readonly string[]): Promise<readonly Got[]> {
  const { capabilities } = session;
  const sendable = capabilities.has('SMTPUTF8') || !recipients.some(needsSmtpUtf8);
  if (recipients.length > 1 && sendable && capabilities.has('PIPELINING')) {
    return session.pipeline(recipients.map((recipient) => envelope.rcpt(recipient)));
  }
  const got: Got[] = [];
  for (const recipient of recipients) {
    const broken = got.at(-1);
    got.push(broken && endsSession(broken) ? broken : await session.rcpt(recipient));
  }
  return got;
}

/** What MAIL should say about what follows, as far as the host wants to hear it. */
function mailParameters(
  offered: Capabilities,
  recipients: readonly string[],
  message: string | Buffer | undefined,
): MailParameters {
  const utf8 = offered.has('SMTPUTF8') && recipients.some(needsSmtpUtf8); // RFC 6531 3.4
  if (message === undefined) return utf8 ? { SMTPUTF8: true } : {};
  const text = message.toString(typeof message === 'string' ? undefined : 'latin1');
  const eightBit = /[^\x00-\x7f]/.test(text);
  const size = Buffer.byteLength(withCrlf(text), typeof message === 'string' ? 'utf8' : 'latin1');
  return {
    ...(offered.has('SIZE') ? { SIZE: size } : {}), // RFC 1870 6.1
    ...(eightBit ? { BODY: '8BITMIME' as const } : {}), // RFC 6152 3
    ...(utf8 ? { SMTPUTF8: true as const } : {}),
  };
}

/** Recipients in one transaction, as the host announces them. RFC 9422 4 */
function roomFor(offered: Capabilities): number {
  const announced = offered
    .get('LIMITS')
    ?.flatMap((limit) => /^RCPTMAX=([1-9]\d{0,5})$/i.exec(limit)?.[1] ?? []);
  return Math.min(usualRoom, ...(announced ?? []).map(Number));
}

/** "Put the rest in another transaction": 452, and 552 in this place. RFC 5321 4.5.3.1.10 */
function isTooMany(got: Got | undefined): boolean {
  if (got?.kind !== 'reply' || ![452, 552].includes(got.reply.code)) return false;
  const { enhanced }: Reply = got.reply;
  return enhanced === undefined || enhanced.endsWith('.5.3');
}

function endsSession(got: Got): boolean {
  return got.kind === 'reply' ? got.reply.code === 421 : got.kind !== 'withheld';
}

/** The outcome of several recipients: accepted where one was. */
function summary(got: readonly Got[]): Got {
  return (got.find(isAccepted) ?? got[0]) as Got;
}
