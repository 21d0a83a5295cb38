import { readWireText } from '../../transcript/wire-text.ts';
import { type Finding, type Format, type LineReader, nothing } from '../finding.ts';
import { quoteReply, replyWithin } from '../quoted-reply.ts';
import { stageNamed } from '../stage-names.ts';

/** An error of nodemailer as Node prints it, or as JSON: `response`, `responseCode` and `command` with the stack above them. */
export const nodemailerError: Format = {
  name: 'nodemailer-error',
  title: 'an error of nodemailer',
  reader: () => new ErrorReader(),
};

const opening = /^\s{0,12}(?:Uncaught |\(node:\d+\) \w+: )?((?:[A-Z]\w{0,30})?Error(?: \[\w+\])?): (.*)$/;
const frame = /^\s{2,}at .{1,300}$/;
const property =
  /^\s{0,12}"?(code|response|responseCode|permanent|command|recipient|rejected|rejectedErrors|errno|syscall|address|port|reason|library|host|hostname)"?: (.*?),?$/;
/** How many lines of one response are kept. */
const mostLines = 200;

class ErrorReader implements LineReader {
  #what = '';
  #lines: string[] = [];
  #properties = new Map<string, string>();
  /** Inside the braces, or between `Error:` and them. */
  #inside = false;
  #responding = false;
  /** Replies of the error whose braces are open: those of its parts say the same again. */
  readonly #told = new Set<string>();

  take(line: string, number: number): readonly Finding[] | undefined {
    const json = this.#json(line, number);
    if (json !== undefined) return json;
    const begins = opening.exec(line);
    if (begins && !/^smtplib\./.test(line)) return this.#begin(begins, number);
    if (!this.#inside && !/^\s{0,12}"?response"?: ['"`]/.test(line)) return undefined;
    return this.#within(line, number);
  }

  end(number: number): readonly Finding[] {
    return this.#tell(number);
  }

  #begin([all = '', kind = '', text = '']: readonly string[], number: number): readonly Finding[] {
    if (!/^\s/.test(all)) this.#told.clear();
    const told = this.#tell(number);
    this.#inside = true;
    this.#what = `${kind}: ${text}`;
    const words = replyWithin(text);
    this.#lines = words === undefined ? [] : [words];
    return told;
  }

  #within(line: string, number: number): readonly Finding[] | undefined {
    if (/^\s*[}\]]/.test(line)) return this.#close(line, number);
    const more = /^\s{0,12}((?:[2-5]\d\d[ -]).*)$/.exec(line)?.[1];
    if (more !== undefined && this.#properties.size === 0) return this.#respond(more);
    if (frame.test(line) || /^\s*\[(?:cause|errors)\]:/.test(line)) return nothing;
    const text = /^\s+(['"`])(.*)\1(?: \+)?,?$/.exec(line)?.[2];
    if (text !== undefined && this.#responding) return this.#respond(readWireText(text));
    const found = property.exec(line);
    if (found === null) return undefined;
    const [, name = '', value = ''] = found;
    const plain = /^(['"`])(.*?)\1(?: \+)?$/.exec(value)?.[2] ?? value;
    this.#properties.set(name, plain);
    this.#inside = true;
    this.#responding = name === 'response' && this.#restart();
    return this.#responding ? this.#respond(readWireText(plain)) : nothing;
  }

  #close(line: string, number: number): readonly Finding[] {
    const found = this.#tell(number);
    if (line.startsWith('}')) this.#told.clear();
    else this.#inside = true;
    return found;
  }

  /** The property has the lines as they came; the message above has them once more. */
  #restart(): boolean {
    this.#lines = [];
    return true;
  }

  #respond(text: string): readonly Finding[] {
    for (const line of text.split(/\r?\n/)) {
      if (line !== '' && this.#lines.length < mostLines) this.#lines.push(line);
    }
    return nothing;
  }

  #json(line: string, number: number): readonly Finding[] | undefined {
    const response = /"response": ?"((?:[^"\\]|\\.){3,4000})"/.exec(line)?.[1];
    if (response === undefined || !/^\s*[{[]/.test(line)) return undefined;
    const quoted = quoteReply(readWireText(response));
    if (quoted === undefined) return undefined;
    const failed = /Message failed/.test(line);
    const stage = failed ? 'message' : stageNamed(/"command": ?"([^"]{1,40})"/.exec(line)?.[1] ?? '');
    return [
      {
        kind: 'reply',
        quoted,
        ...(stage === undefined ? {} : { stage }),
        format: 'nodemailer-error',
        line: number,
      },
    ];
  }

  #tell(number: number): readonly Finding[] {
    const [what, lines, properties] = [this.#what, this.#lines, this.#properties];
    this.#what = '';
    this.#lines = [];
    this.#properties = new Map();
    this.#inside = false;
    this.#responding = false;
    const here = { format: 'nodemailer-error', line: number };
    const quoted = lines.length === 0 ? undefined : quoteReply(lines.join('\n'));
    if (quoted === undefined)
      return what === '' ? nothing : [{ kind: 'complaint', text: complaint(what, properties), ...here }];
    if (this.#told.has(quoted.text)) return nothing;
    this.#told.add(quoted.text);
    const command = properties.get('command');
    // `DATA` in nodemailer is the command or the whole message; its words tell.
    const stage = /^Error: Message failed/.test(what)
      ? 'message'
      : stageNamed(command === 'CONN' ? 'greeting' : (command ?? ''));
    return [{ kind: 'reply', quoted, ...(stage === undefined ? {} : { stage }), ...here }];
  }
}

function complaint(what: string, properties: ReadonlyMap<string, string>): string {
  const parts = ['code', 'command'].flatMap((name) => {
    const value = properties.get(name);
    return value === undefined ? [] : [name === 'code' ? value : `command ${value}`];
  });
  return `${what}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`.slice(0, 500);
}
