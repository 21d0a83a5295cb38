import { z } from 'zod';
import { minutes, seconds } from '../time/duration.ts';
import type { Behaviour } from './behaviour.ts';
import type { Decision } from './decision.ts';
import type { Exchange } from './exchange.ts';
import { replySchema, thenSchema } from './options.ts';
import { type Wording, wording } from './wording.ts';

/** Recipients by whose name a host can be asked for an answer, where its profile does not list them as mailboxes. */
export const magicNames = {
  full: 'the mailbox is over quota',
  disabled: 'the mailbox is switched off',
  greylist: 'put off until five minutes after the first try',
  ratelimit: 'too much mail from this client',
  blocked: 'this client is on a block list',
  tls: 'refused without TLS',
  slow: 'answered after 30 seconds',
  silent: 'never answered',
  close: 'the connection ends without a word (FIN)',
  reset: 'the connection ends without a word (RST)',
  later: 'accepted, and refused after the message',
} as const;

/** Names whose answer is words; the others are deeds. */
const worded = ['full', 'disabled', 'greylist', 'ratelimit', 'blocked', 'tls', 'later'] as const;
type Worded = (typeof worded)[number];

const wordsSchema = z.strictObject({
  reply: replySchema,
  at: z.enum(['rcpt', 'message']).optional().describe('where this provider says it'),
  then: thenSchema.optional(),
});

export const magicSchema = z
  .strictObject(
    Object.fromEntries(worded.map((name) => [name, wordsSchema.optional()])) as Record<
      Worded,
      z.ZodOptional<typeof wordsSchema>
    >,
  )
  .describe('what this provider says to magic recipients; what is left out is said plainly');

export type MagicWords = z.output<typeof magicSchema>;

const plain: Readonly<Record<Worded, Wording>> = {
  full: wording('452 4.2.2 <{recipient}>: mailbox is full'),
  disabled: wording('550 5.2.1 <{recipient}>: mailbox is disabled'),
  greylist: wording('450 4.7.1 <{recipient}>: greylisted, try again later'),
  ratelimit: wording('450 4.7.1 Too much mail from [{ip}], try again later'),
  blocked: wording('554 5.7.1 Client host [{ip}] is blocked'),
  tls: wording('530 5.7.0 Must issue a STARTTLS command first'), // RFC 3207 4
  later: wording('554 5.7.1 Message refused'),
};

/** `code-451-4.7.1`, `code-550`, and with `-later` behind it, after the message. */
const codeShape = /^code-([245]\d\d)(?:-([245]\.\d{1,3}\.\d{1,3}))?(-later)?$/;

const localOf = (address: string): string =>
  address.slice(0, Math.max(0, address.lastIndexOf('@'))).toLowerCase();

/** Whether a local part is magic, in whatever capitals. */
export function isMagic(local: string): boolean {
  const name = local.toLowerCase();
  return Object.hasOwn(magicNames, name) || codeShape.test(name);
}

/** Stands innermost: what the profile does to everybody comes first. `declared` are mailboxes the profile lists itself. */
export function magicRecipients(words: MagicWords, declared: (local: string) => boolean): Behaviour {
  const answerTo = (address: string, exchange: Exchange): Decision | undefined => {
    const local = localOf(address);
    if (declared(local)) return undefined;
    const code = codeShape.exec(local);
    if (code) return (code[3] ? 'message' : 'rcpt') === exchange.stage ? codeReply(code) : undefined;
    const name = worded.find((candidate) => candidate === local);
    if (name) return wordsOf(name, words[name], exchange);
    return exchange.stage === 'rcpt' ? deeds[local] : undefined;
  };
  return {
    name: 'magic-recipients',
    at: ['rcpt', 'message'],
    decide(exchange, next) {
      if (exchange.stage === 'message') {
        return (
          exchange.session.recipients
            .map((address) => answerTo(address, exchange))
            .find((answer) => answer) ?? next()
        );
      }
      const local = localOf(exchange.address);
      if (local === 'slow' && !declared(local)) return exchange.sleep(seconds(30)).then(next);
      return answerTo(exchange.address, exchange) ?? next();
    },
  };
}

function wordsOf(
  name: Worded,
  own: z.output<typeof wordsSchema> | undefined,
  exchange: Exchange,
): Decision | undefined {
  if ((own?.at ?? (name === 'later' ? 'message' : 'rcpt')) !== exchange.stage) return undefined;
  if (!applies(name, exchange)) return undefined;
  return { kind: 'reply', reply: own?.reply ?? plain[name], ...(own?.then ? { then: own.then } : {}) };
}

const deeds: Readonly<Record<string, Decision>> = {
  silent: { kind: 'silence' },
  close: { kind: 'close' },
  reset: { kind: 'reset' },
};

function applies(name: Worded, { session, memory, now, address }: Exchange): boolean {
  if (name === 'tls') return !session.tls;
  if (name !== 'greylist') return true;
  const firsts = memory.table<number>('magic-recipients:greylist');
  const key = `${session.client} ${session.sender ?? ''} ${address.toLowerCase()}`;
  const first = firsts.get(key) ?? now;
  firsts.set(key, first);
  return now - first < minutes(5);
}

function codeReply([, code, enhanced]: RegExpExecArray): Decision {
  const status = enhanced && enhanced[0] === code?.[0] ? `${enhanced} ` : '';
  return { kind: 'reply', reply: wording(`${code} ${status}As the name of the recipient asks`) };
}
