import { type Finding, type Format, type LineReader, nothing } from '../finding.ts';
import { quoteReply } from '../quoted-reply.ts';

/**
 * How Exchange quotes a reply: `{LED=550 5.1.1 ...};{FQDN=mx.example}` in message tracking and queues, and in non-delivery reports
 * `mx.example #550 5.1.1 ...##`, `#< #5.1.1 smtp;550 5.1.1 ...> #SMTP#` and `Remote Server returned '550 5.1.1 ...'`.
 */
export const exchangeReport: Format = {
  name: 'exchange',
  title: "Exchange's message tracking or a report of it",
  reader: () => new ReportReader(),
};

/** A status that PowerShell has broken into lines is at most this long. */
const mostLines = 60;

class ReportReader implements LineReader {
  #open: string[] = [];

  take(line: string, number: number): readonly Finding[] | undefined {
    if (this.#open.length > 0) return this.#more(line, number);
    const at = line.indexOf('{LED=');
    if (at < 0) return told(noted(line), number);
    if (closed(line)) return told(tracked(line), number) ?? nothing;
    this.#open = [line.slice(at)];
    return nothing;
  }

  end(number: number): readonly Finding[] {
    const text = this.#open.join('\n');
    this.#open = [];
    return text === '' ? nothing : (told(tracked(`${text}}`), number) ?? nothing);
  }

  #more(line: string, number: number): readonly Finding[] {
    this.#open.push(line.trim());
    const full = closed(this.#open.join(' ')) || this.#open.length >= mostLines;
    return full ? this.end(number) : nothing;
  }
}

/** The reply is whole once another field follows it, or the list ends. */
function closed(text: string): boolean {
  return /\};?\s*\{LRT=|\}\]/.test(text) || /\{FQDN=[^}]{0,300}\}/.test(text);
}

const field = /\{(LED|LRT|FQDN|IP|MSG)=([^}]{0,2000})\}/g;
const numbered =
  /(?:^|[\s<>])([\w.-]{1,255})? ?#<? ?(?:([\w.-]{1,255}) )?#?([245]\d\d [245]\.\d{1,3}\.\d{1,3}[\s\S]*?|[245]\.\d{1,3}\.\d{1,3} smtp; ?[\s\S]*?)(?:##|> ?#SMTP#|$)/;
const returned =
  /Remote (?:Server|host) (?:at (\S{1,255}) (?:\([^)]{1,60}\) )?)?returned(?: message| error)?:? (?:'([^']{3,2000})'|"([^"]{3,2000})"|([2-5]\d\d .{1,2000}))/i;

function told(found: Noted | undefined, line: number): readonly Finding[] | undefined {
  const quoted = found === undefined ? undefined : quoteReply(found.words);
  if (found === undefined || quoted === undefined) return undefined;
  const host = found.host?.includes('.') ? { provider: found.host } : {};
  return [{ kind: 'reply', quoted, format: 'exchange', line, ...host }];
}

interface Noted {
  readonly words: string;
  readonly host?: string | undefined;
}

/** What is looked at of a status, in characters. */
const readable = 8_192;

function tracked(line: string): Noted | undefined {
  const fields = new Map(
    [...line.slice(0, readable).matchAll(field)].map(([, name = '', value = '']) => [name, value]),
  );
  const words = fields.get('LED');
  return words === undefined ? undefined : { words, host: fields.get('FQDN') };
}

function noted(line: string): Noted | undefined {
  const remote = returned.exec(line);
  if (remote) return { words: remote[2] ?? remote[3] ?? remote[4] ?? '', host: remote[1] };
  if (!line.includes('#')) return undefined;
  const own = numbered.exec(line);
  return own === null ? undefined : { words: (own[3] ?? '').trim(), host: own[2] ?? own[1] };
}
