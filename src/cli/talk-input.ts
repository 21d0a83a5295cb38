import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Surroundings } from './surroundings.ts';

const verbs = [
  'EHLO ',
  'HELO ',
  'STARTTLS',
  'AUTH ',
  'MAIL FROM:<',
  'RCPT TO:<',
  'DATA',
  'RSET',
  'NOOP',
  'VRFY ',
  'EXPN ',
  'HELP',
  'QUIT',
];

/** Lines that a person types, or that are piped in. */
export interface Typed {
  /** The next line; undefined when there are no more. A hidden one is not shown and not remembered. */
  line(prompt: string, hidden?: boolean): Promise<string | undefined>;
  close(): void;
}

/** Standard input: with a prompt, history and completion of verbs at a keyboard, plain lines in a pipe, which are shown as they are read. */
export function openTyped({ typing, write }: Surroundings): Typed {
  const lines: string[] = [];
  const waiting: ((line: string | undefined) => void)[] = [];
  let muted = false;
  let ended = false;
  const output = new Writable({
    write(chunk, _encoding, done) {
      if (!muted) process.stdout.write(chunk);
      done();
    },
  });
  const reader = createInterface({
    input: process.stdin,
    ...(typing ? { output, terminal: true, historySize: 500, completer: complete } : { terminal: false }),
  });
  reader.on('line', (line) => {
    const next = waiting.shift();
    if (next) next(line);
    else lines.push(line);
  });
  reader.on('SIGINT', () => reader.close());
  reader.on('close', () => {
    ended = true;
    for (const next of waiting.splice(0)) next(undefined);
  });
  return {
    async line(prompt, hidden = false) {
      if (typing) {
        reader.setPrompt(prompt);
        reader.prompt();
        muted = hidden;
      }
      const line =
        lines.length > 0
          ? lines.shift()
          : ended
            ? undefined
            : await new Promise<string | undefined>((resolve) => waiting.push(resolve));
      if (hidden && typing) {
        muted = false;
        write('\n');
        const { history } = reader as unknown as { history?: string[] };
        history?.shift(); // what was hidden is not remembered
      }
      if (!typing && line !== undefined) write(`${prompt}${hidden ? '(hidden)' : line}\n`);
      return line;
    },
    close: () => reader.close(),
  };
}

function complete(line: string): [string[], string] {
  const fitting = verbs.filter((verb) => verb.startsWith(line.toUpperCase()));
  return [fitting, line];
}
