import type { Stage } from '../../smtp/stage.ts';
import { lossAt, missOf, sessionWith } from '../endings.ts';
import { type Finding, type Format, type LineReader, nothing } from '../finding.ts';
import { quoteReply, quoteStatus } from '../quoted-reply.ts';

/** The log of qmail-send, and its bounces: both carry what qmail-remote says of a host. */
export const qmail: Format = {
  name: 'qmail',
  title: 'a log or bounce of qmail',
  reader: () => new QmailReader(),
};

const logged =
  /^(?:@[0-9a-f]{24}|\S.{0,60}? (?:qmail|qmail-send)(?:\[\d{1,10}\])?:(?: \d+\.\d+)?|\d+\.\d+)? ?(?:(delivery \d+: )(?:success|failure|deferral): (.*)|(?:starting delivery \d+: msg|status: (?:local|exiting)|(?:new|end|info|bounce) msg|triple bounce|warning: ).*)$/;
const opening = /^Hi\. This is the .{0,40}qmail-send program|^This is the qmail-send program/;
/** Lines of one report of a bounce that are kept. */
const mostLines = 60;

class QmailReader implements LineReader {
  #inBounce = false;
  #report: string[] | undefined;

  take(line: string, number: number): readonly Finding[] | undefined {
    if (opening.test(line)) {
      this.#inBounce = true;
      return nothing;
    }
    if (this.#inBounce) return this.#bounce(line, number);
    const found = logged.exec(line);
    if (found === null || line.trim() === '') return undefined;
    // In the log a blank is `_`, and the end of a line `/`.
    return found[2] === undefined ? nothing : tell(found[2].replaceAll('_', ' ').split('/'), number);
  }

  end(number: number): readonly Finding[] {
    const report = this.#report ?? [];
    this.#report = undefined;
    this.#inBounce = false;
    return tell(report, number);
  }

  #bounce(line: string, number: number): readonly Finding[] {
    if (line.startsWith('--- ')) return this.end(number);
    if (/^<.{1,320}>:$/.test(line)) {
      const before = this.#report ?? [];
      this.#report = [];
      return tell(before, number - 1);
    }
    if (this.#report !== undefined && this.#report.length < mostLines) this.#report.push(line);
    return nothing;
  }
}

/** By the words of qmail-remote.c, in the order of the dialogue. */
const stages: readonly (readonly [RegExp, Stage])[] = [
  [/greeting failed/, 'greeting'],
  [/my name was rejected/, 'ehlo'],
  [/sender was rejected/, 'mail'],
  [/does not like recipient/, 'rcpt'],
  [/failed on DATA command/, 'data'],
  [/failed after I sent the message|accepted message/, 'message'],
];

function tell(lines: readonly string[], line: number): readonly Finding[] {
  const text = lines.join('\n').trim();
  if (text === '') return nothing;
  const host = /^(?:Connected to )?(\[?[\w.:-]{1,255}\]?) (?:but|does not|failed|accepted)/.exec(text)?.[1];
  const where = { format: 'qmail', line, ...(host === undefined ? {} : { provider: host }) } as const;
  const stage = stages.find(([words]) => words.test(text))?.[1];
  const said = /(?:^|\n)Remote host said: ([\s\S]{1,8000})$/
    .exec(text)?.[1]
    ?.replace(/\nGiving up on [\s\S]*$/, '');
  const quoted = said === undefined ? undefined : quoteReply(said);
  if (quoted !== undefined)
    return [{ kind: 'reply', quoted, ...(stage === undefined ? {} : { stage }), ...where }];
  const session = host === undefined ? {} : { transcript: sessionWith(host) };
  if (/but connection died/.test(text))
    return [
      {
        kind: 'ending',
        ending: lossAt(/Possible duplicate/.test(text) ? 'message' : 'command', 'closed'),
        ...session,
        ...where,
      },
    ];
  const miss = /able to establish an SMTP connection/.test(text) ? missOf('timed out') : undefined;
  if (miss !== undefined) return [{ kind: 'ending', ending: miss, ...session, ...where }];
  const own = /^([\s\S]{1,2000}?) ?\(#([245]\.\d{1,3}\.\d{1,3})\)/.exec(text);
  return own === null
    ? nothing
    : [{ kind: 'reply', quoted: quoteStatus([`${own[2]} ${own[1]?.replaceAll('\n', ' ')}`]), ...where }];
}
