import type { Stage } from '../../smtp/stage.ts';
import { readWireText } from '../../transcript/wire-text.ts';
import { type Finding, type Format, type LineReader, nothing } from '../finding.ts';
import { quoteWire } from '../quoted-reply.ts';

/** An exception of Python's smtplib, with or without its traceback: `SMTPRecipientsRefused: {'x@y': (550, b'5.1.1 ...')}`. */
export const smtplibError: Format = {
  name: 'smtplib-error',
  title: 'an exception of smtplib',
  reader: () => new ExceptionReader(),
};

const exception =
  /(?:^|[\s(])((?:smtplib\.|aiosmtplib\.(?:errors\.)?)?SMTP[A-Z][A-Za-z]{3,40}|(?:Connection\w{0,20}|Timeout|socket\.\w{1,20}|OS|ssl\.SSL\w{0,30}|SSL\w{0,30})(?:Error|timeout)|socket\.gaierror): ?(.*)$/;
const opening =
  /^(?:Traceback \(most recent call last\):|During handling of the above exception|The above exception was)/;
/** A reply as Python has it: `(550, b'5.1.1 ...')`. */
const pair = /\(([2-5]\d\d), b?(?:'((?:[^'\\]|\\.){0,4000})'|"((?:[^"\\]|\\.){0,4000})")/g;

const stageOf: Readonly<Record<string, Stage>> = {
  SMTPRecipientsRefused: 'rcpt',
  SMTPRecipientRefused: 'rcpt',
  SMTPSenderRefused: 'mail',
  SMTPHeloError: 'ehlo',
  SMTPConnectError: 'greeting',
  SMTPAuthenticationError: 'auth',
};

class ExceptionReader implements LineReader {
  /** Inside a traceback, whose lines stand in by blanks. */
  #tracing = false;

  take(line: string, number: number): readonly Finding[] | undefined {
    if (opening.test(line)) {
      this.#tracing = true;
      return nothing;
    }
    if (this.#tracing && /^\s/.test(line)) return nothing;
    this.#tracing = false;
    return raised(line, number);
  }

  end(): readonly Finding[] {
    return nothing;
  }
}

/** `{'ann@example.net': (550, b'...')}` is how refused recipients are kept. */
const refused = /^\{?['"][^'"\s]{1,320}['"]: \([2-5]\d\d, b?['"]/;

function raised(line: string, number: number): readonly Finding[] | undefined {
  const found = exception.exec(line);
  if (found === null) {
    if (refused.test(line)) return replies(line, 'rcpt', number);
    return /^\([2-5]\d\d, b['"]/.test(line) ? replies(line, undefined, number) : undefined;
  }
  const [, name = '', text = ''] = found;
  const stage = stageOf[name.replace(/^.*\./, '')];
  const quoted = replies(text, stage, number);
  if (quoted.length > 0) return quoted;
  return [
    { kind: 'complaint', text: `${name}: ${text}`.slice(0, 500), format: 'smtplib-error', line: number },
  ];
}

function replies(text: string, stage: Stage | undefined, number: number): Finding[] {
  return [...text.matchAll(pair)].map(([, code = '', single, double]) => {
    const lines = readWireText(single ?? double ?? '').split(/\r?\n/);
    const wire = lines.map((words, i) => `${code}${i < lines.length - 1 ? '-' : ' '}${words}`);
    return {
      kind: 'reply',
      quoted: quoteWire(wire),
      ...(stage === undefined ? {} : { stage }),
      format: 'smtplib-error',
      line: number,
    };
  });
}
