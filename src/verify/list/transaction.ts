import type { AttemptOutcome } from '../../probe/attempt.ts';
import * as commands from '../../probe/command.ts';
import * as envelope from '../../probe/envelope.ts';
import { isAccepted, outcomeOf } from '../../probe/outcome.ts';
import type { Session } from '../../probe/session.ts';
import type { Got } from '../../probe/withheld.ts';
import { needsSmtpUtf8 } from '../../smtp/mailbox.ts';

/** What came of asking about several recipients in one transaction. */
export interface Asked {
  /** In the order of the recipients; undefined where the session ended before their turn came. */
  readonly outcomes: readonly (AttemptOutcome | undefined)[];
  /** The session takes another transaction. */
  readonly open: boolean;
}

/**
 * MAIL and a RCPT for each, in one write where the host takes that (RFC 2920 3.1), then RSET: nothing is ever sent. What is said to
 * MAIL holds for all.
 */
export async function askTogether(
  session: Session,
  sender: string,
  recipients: readonly string[],
): Promise<Asked> {
  const utf8 = recipients.some(needsSmtpUtf8) && session.capabilities.has('SMTPUTF8');
  const mail = envelope.mail(sender, utf8 ? { SMTPUTF8: true } : undefined);
  const rcpts = recipients.map((recipient) => envelope.rcpt(recipient));
  const sendable = session.capabilities.has('SMTPUTF8') || !recipients.some(needsSmtpUtf8);
  const together = session.capabilities.has('PIPELINING') && sendable;
  const got = together
    ? await session.pipeline([mail, ...rcpts, commands.rset])
    : await oneByOne(session, sender, recipients, utf8);
  return read(got, recipients.length, session);
}

async function oneByOne(
  session: Session,
  sender: string,
  recipients: readonly string[],
  utf8: boolean,
): Promise<readonly Got[]> {
  const got: Got[] = [await session.mail(sender, utf8 ? { SMTPUTF8: true } : {})];
  if (!isAccepted(got[0] as Got)) return got;
  for (const recipient of recipients) {
    const last = await session.rcpt(recipient);
    got.push(last);
    if (isOver(last, session)) return got;
  }
  return [...got, await session.rset()];
}

function read(got: readonly Got[], count: number, session: Session): Asked {
  const [mail, ...rest] = got as [Got, ...Got[]];
  if (!isAccepted(mail)) {
    const outcome = outcomeOf(mail);
    return { outcomes: Array.from({ length: count }, () => outcome), open: !isOver(mail, session) };
  }
  const outcomes: (AttemptOutcome | undefined)[] = [];
  for (let i = 0; i < count; i++) {
    const own = rest[i];
    if (own === undefined) outcomes.push(undefined);
    else {
      const before = rest[i - 1];
      const fellSilent = before !== undefined && before.kind !== 'reply' && before.kind !== 'withheld';
      outcomes.push(fellSilent ? undefined : outcomeOf(own));
    }
  }
  const last = got.at(-1);
  return { outcomes, open: session.ended === undefined && !(last && isOver(last, session)) };
}

function isOver(got: Got, session: Session): boolean {
  return session.ended !== undefined || (got.kind === 'reply' && got.reply.code === 421);
}
