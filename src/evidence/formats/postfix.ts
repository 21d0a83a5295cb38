import { lossAt, missOf, sessionWith, tlsFailure } from '../endings.ts';
import { type Finding, type Format, type LineReader, nothing, type QuotedReply } from '../finding.ts';
import { quoteReply, quoteStatus, quoteWire } from '../quoted-reply.ts';
import { stageNamed } from '../stage-names.ts';

type Told = Finding | undefined;
interface Where {
  readonly format: 'postfix';
  readonly line: number;
}

/** Lines of Postfix's programs, with whatever the log daemon puts in front. Each line is whole. */
export const postfix: Format = {
  name: 'postfix',
  title: 'a Postfix log',
  reader: () => new PostfixReader(),
};

const program =
  /(?:^|[\s/])(?:postfix(?:-[\w.]{1,30})?\/)(?:[\w-]{1,30}\/){0,3}([a-z-]{2,20})(?:\[\d{1,10}\])?: (.*)$/;

/** How many of the last failures may be told again by the line that tells what became of the message. */
const memory = 50;

class PostfixReader implements LineReader {
  /** A host that could not be reached is told of at once, and once more for each message. */
  #missed: string[] = [];

  take(line: string, number: number): readonly Finding[] | undefined {
    if (!line.includes('postfix')) return undefined;
    const found = program.exec(line);
    if (found === null) return undefined;
    const text = found[2] ?? '';
    if (this.#again(text)) return nothing;
    const told = tell(text, { format: 'postfix', line: number });
    return told === undefined ? nothing : [told];
  }

  #again(text: string): boolean {
    if (text.startsWith('connect to ')) {
      this.#missed.push(text);
      if (this.#missed.length > memory) this.#missed.shift();
      return false;
    }
    const reason = text.endsWith(')')
      ? /, status=deferred \((connect to .{1,400})\)$/.exec(text)?.[1]
      : undefined;
    const at = reason === undefined ? -1 : this.#missed.lastIndexOf(reason);
    if (at >= 0) this.#missed.splice(at, 1);
    return at >= 0;
  }

  end(): readonly Finding[] {
    return nothing;
  }
}

function tell(text: string, where: Where): Told {
  const status = text.indexOf(', status=');
  if (status >= 0) return delivery(text, status, where);
  if (text.startsWith('NOQUEUE: ') || /^[\w-]{5,30}: (?:milter-)?reject: /.test(text))
    return refusal(text, where);
  const bare = text.replace(/^[0-9A-Za-z]{5,20}: (?=(?:host|lost|conv|conn|enabl|Cannot|TLS)\b)/, '');
  return nonDelivery(bare, where);
}

/** `to=<..>, relay=host[ip]:25, delays=.., dsn=5.1.1, status=bounced (host .. said: ..)` */
function delivery(text: string, at: number, where: Where): Told {
  const found = /^, status=([a-z]+)(?:, returned to sender)? ?(.*)$/.exec(text.slice(at));
  if (found === null) return undefined;
  const [, status = '', rest = ''] = found;
  const reason = rest.startsWith('(') && rest.endsWith(')') ? rest.slice(1, -1) : rest;
  const relay = /, relay=([^[,\s]{1,255})(?:\[([^\]]{1,60})\])?/.exec(text.slice(0, at));
  const host = relay?.[1];
  const here = host === undefined || host === 'none' ? where : { ...where, provider: host };
  if (status === 'sent') return accepted(reason, here);
  const told = nonDelivery(reason.replace(/^delivery temporarily suspended: /, ''), here);
  if (told !== undefined) return told;
  // Postfix itself says why, without any reply: RFC 3463 codes are all there is.
  const dsn = /, dsn=([245]\.\d{1,3}\.\d{1,3})/.exec(text.slice(0, at))?.[1];
  if (dsn === undefined || reason === '') return undefined;
  return { kind: 'reply', quoted: quoteStatus([`${dsn} ${reason}`]), ...where };
}

/** `(250 2.0.0 Ok: queued as 4X)`; local and pipe deliveries quote no reply. */
function accepted(reason: string, where: Where): Told {
  if (!/^[2-5]\d\d[ -]/.test(reason)) return undefined;
  return { kind: 'reply', quoted: quoteWire([reason]), stage: 'message', ...where };
}

const said = /^host ([^[\s]{1,255})\[([^\]]{1,60})\](?::\d{1,5})? (said|refused to talk to me): (.*)$/;
const inReply = / \(in reply to ([^()]{1,60})\)$/;

/** What the smtp client reports of a host: a reply, or how the connection failed. */
function nonDelivery(text: string, where: Where): Told {
  const reply = said.exec(text);
  if (reply) return saidBy(reply, where);
  const lost =
    /^(lost connection|conversation|Cannot start TLS: handshake failure|TLS is required, but (?:was not offered|our TLS engine)[^[]{0,60}?|enabling PIX[^:]{0,60}?)(?: with| by host| for)? ([^[\s]{1,255})\[([^\]]{1,60})\]/.exec(
      text,
    );
  const behind = / (?:timed out )?while (.{1,80})$/.exec(text)?.[1];
  if (lost && behind !== undefined) {
    const [, what = '', host = '', address] = lost;
    const stage = stageNamed(behind) ?? 'command';
    const how = what === 'conversation' ? 'timed-out' : 'closed';
    return {
      kind: 'ending',
      ending: lossAt(stage, how),
      transcript: sessionWith(host, address),
      ...where,
      provider: host,
    };
  }
  const miss = /^connect to ([^[\s]{1,255})\[([^\]]{1,60})\]:(\d{1,5}): (.{1,100})$/.exec(text);
  if (miss) return missed(miss, where);
  if (/^(?:Cannot start TLS|Server certificate)/.test(text))
    return { kind: 'ending', ending: tlsFailure(text.slice(0, 200)), ...where };
  return complaintOf(text, where);
}

function saidBy([, host = '', , manner, words = '']: readonly string[], where: Where): Told {
  const behind = inReply.exec(words);
  const quoted: QuotedReply | undefined = quoteReply(behind === null ? words : words.slice(0, behind.index));
  if (quoted === undefined) return undefined;
  const stage = manner === 'said' ? stageNamed(behind?.[1] ?? '') : 'greeting';
  return { kind: 'reply', quoted, ...(stage === undefined ? {} : { stage }), ...where, provider: host };
}

function missed([, host = '', address, port, why = '']: readonly string[], where: Where): Told {
  const lost = /reset by peer/.test(why) ? lossAt('greeting', 'reset') : undefined; // made, and reset before anybody looked
  const ending = lost ?? missOf(why);
  if (ending === undefined) return undefined;
  return {
    kind: 'ending',
    ending,
    transcript: sessionWith(host, address, Number(port)),
    ...where,
    provider: host,
  };
}

function complaintOf(text: string, where: Where): Told {
  return /^(?:Host or domain name not found|TLS is required|lost connection with|mail for \S+ loops|unable to look up|Host not found|SASL authentication failed)/.test(
    text,
  )
    ? { kind: 'complaint', text: text.slice(0, 500), ...where }
    : undefined;
}

/** Our own server refuses a client: `NOQUEUE: reject: RCPT from host[ip]: 450 4.1.8 ..; from=<..> to=<..>` */
function refusal(text: string, where: Where): Told {
  const found =
    /reject: ([A-Z-]{2,20})[^:]{0,20} from [^[\s]{0,255}\[[^\]]{1,60}\](?::\d{1,5})?: ([2-5](?:\d\d[ -]|\.\d{1,3}\.\d{1,3} ).*)$/.exec(
      text,
    );
  if (found === null) return undefined;
  const [, command = '', words = ''] = found;
  const end = words.search(/; (?:from=<|client=|proto=|helo=)/);
  const stage =
    command === 'CONNECT' ? 'greeting' : stageNamed(command === 'END-OF-MESSAGE' ? 'message' : command);
  const said = end < 0 ? words : words.slice(0, end);
  const quoted = /^\d\./.test(said) ? quoteStatus([said]) : quoteWire([said]);
  return { kind: 'reply', quoted, ...(stage === undefined ? {} : { stage }), ...where };
}
