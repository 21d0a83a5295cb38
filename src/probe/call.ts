import type { Environment } from './environment.ts';
import { isAccepted } from './outcome.ts';
import { Session, type SessionOptions } from './session.ts';
import type { Got } from './withheld.ts';

/** TLS where it is offered, TLS or nothing, or none. */
export type TlsWish = 'opportunistic' | 'required' | 'none';

/** A session up to the point where mail may be spoken of, or what stood in the way. */
export interface Call {
  readonly session: Session;
  /** Absent when the session is ready for MAIL. */
  readonly obstacle?: Got;
  /** The obstacle is TLS; in clear the host may be as good as any. */
  readonly tlsBroke?: true;
}

/** Connects to a host, introduces us, and secures the session as wished. RFC 5321 3.1, 3.2; RFC 3207 4 */
export async function callAt(
  environment: Environment,
  options: SessionOptions,
  { helo, tls }: { readonly helo: string; readonly tls: TlsWish },
): Promise<Call> {
  const { session, greeting } = await Session.open(environment, options);
  if (!isAccepted(greeting)) return { session, obstacle: greeting };
  const hello = await session.hello(helo);
  if (!isAccepted(hello)) return { session, obstacle: hello };
  if (tls === 'none' || session.tls) return { session };
  const offered = session.capabilities.has('STARTTLS');
  if (!offered && tls === 'opportunistic') return { session };
  const secured = await session.starttls();
  if (!isAccepted(secured)) {
    if (secured.kind === 'reply' && secured.reply.code !== 421 && tls === 'opportunistic') return { session }; // 454: go on in clear
    return { session, obstacle: secured, tlsBroke: true };
  }
  const again = await session.hello(helo); // RFC 3207 4.2
  return isAccepted(again)
    ? { session }
    : { session, obstacle: again, ...(session.ended ? { tlsBroke: true } : {}) };
}

/** Ends a session in good order: RSET where a transaction is open, QUIT, and the line is put down (rule SES-21). */
export async function takeLeave(
  session: Session,
  { last, open }: { readonly last?: Got | undefined; readonly open: boolean },
): Promise<void> {
  const leaving = last?.kind === 'reply' && last.reply.code === 421; // the host is closing: RFC 5321 3.8
  if (!session.ended && !leaving) {
    const reset = open ? await session.rset() : undefined;
    if (reset?.kind !== 'reply' || reset.reply.code !== 421) await session.quit();
  }
  await session.disconnect('close');
}
