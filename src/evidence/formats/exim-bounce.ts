import { type Finding, type Format, type LineReader, nothing } from '../finding.ts';
import { quoteWire } from '../quoted-reply.ts';
import { stageNamed } from '../stage-names.ts';

/** The text of a bounce of Exim: the host, the command, and below them the reply as it came. */
export const eximBounce: Format = {
  name: 'exim-bounce',
  title: 'a bounce of Exim',
  reader: () => new BounceReader(),
};

const opening =
  /^\s{2,12}SMTP error from remote mail(?:er| server) after (?:pipelined )?(initial connection|end of data|[A-Z]{4,8})\b.{0,400}:\s*$/;
const reply = /^\s{2,12}([2-5]\d\d[ -].*)$/;

class BounceReader implements LineReader {
  #host: string | undefined;
  #command: string | undefined;
  #lines: string[] = [];

  take(line: string, number: number): readonly Finding[] | undefined {
    const host = /^\s{2,12}host (\S{1,255}) \[[^\]]{1,60}\](?::\d{1,5})?:?$/.exec(line)?.[1];
    const command = opening.exec(line)?.[1];
    if (host === undefined && command === undefined) return this.#below(line, number);
    const told = this.#tell(number);
    if (host !== undefined) this.#host = host;
    this.#command = command;
    return told;
  }

  end(number: number): readonly Finding[] {
    return this.#tell(number);
  }

  #below(line: string, number: number): readonly Finding[] | undefined {
    const text = reply.exec(line)?.[1];
    if (this.#command === undefined || text === undefined)
      return this.#lines.length > 0 && line.trim() === '' ? this.#tell(number) : undefined;
    this.#lines.push(text);
    return text[3] === ' ' ? this.#tell(number) : nothing;
  }

  #tell(number: number): readonly Finding[] {
    const [lines, command, host] = [this.#lines, this.#command, this.#host];
    this.#lines = [];
    if (lines.length === 0) return nothing;
    this.#command = undefined;
    this.#host = undefined;
    const stage = stageNamed(command ?? '');
    return [
      {
        kind: 'reply',
        quoted: quoteWire(lines),
        ...(stage === undefined ? {} : { stage }),
        format: 'exim-bounce',
        line: number,
        ...(host === undefined ? {} : { provider: host }),
      },
    ];
  }
}
