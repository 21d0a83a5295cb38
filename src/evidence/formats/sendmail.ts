import { lossAt, missOf, sessionWith, tlsFailure } from '../endings.ts';
import { type Finding, type Format, type LineReader, nothing } from '../finding.ts';
import { quoteReply, quoteStatus, quoteWire, quoteWords } from '../quoted-reply.ts';
import { stageNamed } from '../stage-names.ts';

/** Sendmail's log: `to=.., relay=host [ip], dsn=5.1.1, stat=User unknown`, and what its rulesets refuse. */
export const sendmail: Format = {
  name: 'sendmail',
  title: 'a Sendmail log',
  reader: () => new SendmailReader(),
};

interface Where {
  readonly format: 'sendmail';
  readonly line: number;
  readonly provider?: string;
}

const entry = /(?:^|[\s/])(?:sendmail|sm-mta|sendmail-mta|sm-msp-queue)(?:\[\d{1,10}\])?: (.*)$/;

class SendmailReader implements LineReader {
  take(line: string, number: number): readonly Finding[] | undefined {
    const text = entry.exec(line)?.[1];
    if (text === undefined) return undefined;
    const told = tell(text, { format: 'sendmail', line: number });
    return told === undefined ? nothing : [told];
  }

  end(): readonly Finding[] {
    return nothing;
  }
}

function tell(text: string, where: Where): Finding | undefined {
  const reject = /(?:^|, )reject=([2-5]\d\d[ -].{1,4000})$/.exec(text)?.[1];
  if (reject !== undefined) return refused(text, reject, where);
  const handshake =
    /^(?:\w{8,20}: )?STARTTLS=client, error: connect failed.{0,80}?, reason=([^,]{1,200})/.exec(text)?.[1];
  if (handshake !== undefined) return { kind: 'ending', ending: tlsFailure(handshake), ...where };
  const stat = /(?:^|, )stat=(.{1,4000})$/.exec(text)?.[1];
  if (stat === undefined) return undefined;
  const relay = /, relay=([^\s,[]{1,255}?)\.?(?: \[([^\]]{1,60})\])?(?:,|$)/.exec(text);
  const host = relay?.[1];
  const here = host === undefined ? where : { ...where, provider: host };
  const reply = /, reply=([2-5]\d\d[ -][^,]{1,2000})(?:,|$)/.exec(text)?.[1];
  if (reply !== undefined) return { kind: 'reply', quoted: quoteWire([reply]), ...here };
  const dsn = /, dsn=([245]\.\d{1,3}\.\d{1,3})/.exec(text)?.[1];
  return outcome(stat, dsn, host, here);
}

function outcome(
  stat: string,
  dsn: string | undefined,
  host: string | undefined,
  where: Where,
): Finding | undefined {
  if (/^(?:Sent|queued)\b/.test(stat)) return sent(stat, dsn, where);
  const words = stat.replace(/^Deferred: /, '');
  const session = host === undefined ? {} : { transcript: sessionWith(host) };
  const miss = /^(?:Connection (?:refused|timed out)|No route|Network is unreachable)/.test(words)
    ? missOf(words)
    : undefined;
  if (miss !== undefined) return { kind: 'ending', ending: miss, ...session, ...where };
  if (/^Connection reset by|^lost input channel|^I\/O error/i.test(words))
    return {
      kind: 'ending',
      ending: lossAt('command', /reset/i.test(words) ? 'reset' : 'closed'),
      ...session,
      ...where,
    };
  if (/^[2-5]\d\d[ -]/.test(words)) return { kind: 'reply', quoted: quoteWire([words]), ...where };
  return {
    kind: 'reply',
    quoted: dsn === undefined ? (quoteReply(words) ?? quoteWords([words])) : quoteStatus([`${dsn} ${words}`]),
    ...where,
  };
}

/** `Sent (2.0.0 Ok: queued as 4X)`: the words of the reply without its number. */
function sent(stat: string, dsn: string | undefined, where: Where): Finding | undefined {
  const words = /^Sent \((.{1,1000})\)$/.exec(stat)?.[1];
  if (words === undefined) return undefined;
  const status = /^2\.\d\.\d /.test(words) || dsn === undefined ? words : `${dsn} ${words}`;
  return {
    kind: 'reply',
    quoted: /^2\./.test(status) ? quoteStatus([status]) : quoteWords([status], '2'),
    stage: 'message',
    ...where,
  };
}

function refused(text: string, reject: string, where: Where): Finding {
  const ruleset = /ruleset=check_(\w{2,20})/.exec(text)?.[1] ?? '';
  const stage = ruleset === 'relay' ? 'greeting' : ruleset === 'eom' ? 'message' : stageNamed(ruleset);
  return { kind: 'reply', quoted: quoteWire([reject]), ...(stage === undefined ? {} : { stage }), ...where };
}
