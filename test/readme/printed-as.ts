/** A command of a console block and what the README shows of its output. */
export interface Shown {
  readonly command: string;
  readonly output: string;
}

/** The commands of a console block: lines that begin with `$ `. */
export function commandsIn(block: string): readonly Shown[] {
  return block
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n');
      return { command: part.slice(0, end), output: part.slice(end + 1) };
    });
}

/** Real times differ from run to run; with a real host, all times do. Simulated times must be exact. */
export function steady(text: string, realHost: boolean): string {
  const end = text.replace(/\bin \d[\d.]* (?:ms|s|min)(?: \d+ s)?$/gm, 'in no time');
  if (!realHost) return end;
  return end
    .replace(/^ *[\d:.]*\d\.\d{3}(?= {2}\S)/gm, (time) => ' '.repeat(time.length))
    .replace(/ · \d[\d.]* (?:ms|s)$/gm, '');
}

/** What output must match: `…` alone on a line stands for any lines, `…` inside of a line for the rest of it. */
export function pattern(output: string): RegExp {
  const lines = output
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => (line === '…' ? '(?:.*\n)*?' : `${line.split('…').map(literally).join('.*')}\n`));
  return new RegExp(`^${output === '' ? '' : lines.join('')}$`);
}

/** As a pattern of itself. */
function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
