import { lossAt, missOf, sessionWith } from '../endings.ts';
import { type Finding, type Format, type LineReader, nothing } from '../finding.ts';
import { quoteReply, quoteWire, quoteWords } from '../quoted-reply.ts';
import { stageNamed } from '../stage-names.ts';

/** Exim's main log: `=>` and `->` delivered, `==` put off, `**` failed, and what it refuses itself. */
export const exim: Format = { name: 'exim', title: 'an Exim log', reader: () => new EximReader() };

interface Where {
  readonly format: 'exim';
  readonly line: number;
  readonly provider?: string;
}

const entry =
  /^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S{1,255} exim\[\d+\]: )?\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?(?: [+-]\d{4})? (?:\[\d+\] )?(?:(\w{6}-\w{6,11}-\w{2,4}) )?(.*)$/;

/** How many of the last failures at a host may be told again by the line that tells what became of the message. */
const memory = 50;

class EximReader implements LineReader {
  readonly #failures: string[] = [];

  take(line: string, number: number): readonly Finding[] | undefined {
    const found = entry.exec(line);
    if (found === null) return undefined;
    const [, id, text = ''] = found;
    if (
      id === undefined &&
      !/^H=|^SMTP |rejected|authenticator failed|End queue|Start queue|no host name|unexpected disconn/.test(
        text,
      )
    )
      return undefined;
    const told = tell(text, { format: 'exim', line: number });
    return told === undefined || (id !== undefined && this.#again(id, text)) ? nothing : [told];
  }

  /** `H=mx [ip]: why` for each host, and then `== recipient .. : why` or `** recipient .. : why`. */
  #again(id: string, text: string): boolean {
    if (/^(?:==|\*\*) /.test(text))
      return this.#failures.some(
        (failure) => failure.startsWith(id) && text.endsWith(failure.slice(id.length)),
      );
    const why = /^H=.{1,400}?\](?::\d{1,5})?:? (.{1,2000})$/.exec(text)?.[1];
    if (why !== undefined) this.#failures.push(`${id}: ${why}`);
    if (this.#failures.length > memory) this.#failures.shift();
    return false;
  }

  end(): readonly Finding[] {
    return nothing;
  }
}

function tell(text: string, where: Where): Finding | undefined {
  const host = /(?:^| )H=([^\s[(:]{1,255})/.exec(text)?.[1];
  const here = host === undefined ? where : { ...where, provider: host };
  if (/^(?:=>|->|>>) /.test(text)) return confirmed(text, here);
  return (
    refusal(text, where) ??
    remoteError(text, here) ??
    unreached(text, here) ??
    (/^(?:\*\*|==) /.test(text) ? ownWords(text, where) : undefined)
  );
}

/** `C="250 2.0.0 OK"`, with log_selector +smtp_confirmation, which is the default. */
function confirmed(text: string, where: Where): Finding | undefined {
  const reply = / C="([2-5]\d\d[^"]*)"/.exec(text)?.[1];
  return reply === undefined
    ? undefined
    : { kind: 'reply', quoted: quoteWire(unescaped(reply)), stage: 'message', ...where };
}

const after =
  /SMTP (error|timeout|protocol error)(?: from remote (?:mail server|host))?(?: after (?:pipelined )?(initial connection|sending data block|end of data|[A-Z]{4,8}[^:]{0,300}?(?::<[^>]{0,320}>[^:]{0,100})?))?: (.*)$/;

function remoteError(text: string, where: Where): Finding | undefined {
  const found = after.exec(text);
  if (found === null) return undefined;
  const [, kind, command, words = ''] = found;
  const host = /^host (\S{1,255}) \[[^\]]{1,60}\](?::\d{1,5})?: /.exec(words);
  const here = host?.[1] === undefined ? where : { ...where, provider: host[1] };
  const quoted = quoteReply(unescaped(host === null ? words : words.slice(host[0].length)).join('\n'));
  const stage =
    command === undefined
      ? undefined
      : stageNamed(
          command === 'sending data block'
            ? 'message'
            : command.split(/[ :<]/)[0] === 'end' || command.startsWith('initial')
              ? command
              : (command.split(/[ :<]/)[0] ?? ''),
        );
  if (kind === 'timeout') return { kind: 'ending', ending: lossAt(stage ?? 'command', 'timed-out'), ...here };
  if (quoted === undefined) return undefined;
  return { kind: 'reply', quoted, ...(stage === undefined ? {} : { stage }), ...here };
}

const closing =
  /(?:Remote host closed connection|lost connection|remote host closed connection) (?:in response to|after) (?:pipelined )?(.{1,200})$/;

function unreached(text: string, where: Where): Finding | undefined {
  const peer = /(?:^| )H=([^\s[(]{1,255}) \[([^\]]{1,60})\](?::(\d{1,5}))?/.exec(text);
  const transcript = peer === null ? undefined : sessionWith(peer[1] ?? '', peer[2], Number(peer[3] ?? 25));
  const session = transcript === undefined ? {} : { transcript };
  const said = closing.exec(text)?.[1];
  if (said !== undefined) {
    const stage =
      stageNamed(said.split(/[ :<]/)[0] === 'initial' ? said : (said.split(/[:<]/)[0] ?? '')) ?? 'command';
    return { kind: 'ending', ending: lossAt(stage, 'closed'), ...session, ...where };
  }
  const timeout = /SMTP timeout after (\S+)|Connection timed out after sending (\S+)/.exec(text);
  const stage = stageNamed(timeout?.[1] ?? timeout?.[2] ?? '');
  if (stage !== undefined)
    return { kind: 'ending', ending: lossAt(stage, 'timed-out'), ...session, ...where };
  const ending = /(?:^| )(?:defer \(\d+\)|Connection|connection|Network)[^:]{0,40}(?::| )/.test(text)
    ? missOf(/(?:defer \(\d+\): |: |\] )([^:\]]{1,80})$/.exec(text)?.[1] ?? '')
    : undefined;
  return ending === undefined ? undefined : { kind: 'ending', ending, ...session, ...where };
}

/** Exim itself could not deliver: `** x@y: Unrouteable address`, `** x@y R=.. T=..: retry timeout exceeded` */
function ownWords(text: string, where: Where): Finding | undefined {
  const words = / (?:defer \(-?\d+\)(?: DT=\S+)?: |[^\s:]{1,320}: |T=\S{1,60}: )(.{1,2000})/.exec(text)?.[1];
  if (words === undefined) return undefined;
  return {
    kind: 'reply',
    quoted: quoteReply(words) ?? quoteWords([words], text.startsWith('==') ? '4' : '5'),
    ...where,
  };
}

/** What our own Exim told a client: `H=(helo) [ip] F=<s> rejected RCPT <r>: relay not permitted` */
function refusal(text: string, where: Where): Finding | undefined {
  const login = / authenticator failed for .{1,400}?: (5\d\d[ -].{1,1000}?)(?: \(set_id=.{0,320}\))?$/.exec(
    text,
  )?.[1];
  if (login !== undefined) return { kind: 'reply', quoted: quoteWire([login]), stage: 'auth', ...where };
  if (text.startsWith('SMTP protocol synchronization error'))
    return { kind: 'reply', quoted: quoteWire(['554 SMTP synchronization error']), ...where }; // as smtp_in.c says it
  const found =
    /(temporarily )?rejected (?:after )?(RCPT|MAIL|EHLO or HELO|EHLO|HELO|DATA|connection|AUTH|STARTTLS)\b[^:]{0,400}: (.{1,2000})$/.exec(
      text,
    );
  if (found === null) return undefined;
  const [, passing, command = '', words = ''] = found;
  const stage = stageNamed(/after DATA/.test(text) ? 'message' : command);
  const quoted = /^[2-5]\d\d[ -]/.test(words)
    ? quoteWire([words])
    : quoteWords([words], passing === undefined ? '5' : '4');
  return { kind: 'reply', quoted, ...(stage === undefined ? {} : { stage }), ...where };
}

/** Exim writes line ends in its log as `\n`. */
function unescaped(text: string): string[] {
  return text
    .split(/\\r\\n|\\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
