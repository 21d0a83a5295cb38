/** One line as it stood, for a person to find it again; Latin-1, shortened. */
export interface Sample {
  /** Where there are several. */
  readonly file?: string;
  readonly line: number;
  readonly text: string;
}

/** What of the evidence could be read. */
export interface Understanding {
  /** Lines with something in them. */
  readonly lines: number;
  /** By the format's name, those with the most lines first. */
  readonly formats: readonly { readonly name: string; readonly title: string; readonly lines: number }[];
  readonly unread: number;
  /** The first of those that could not be read. */
  readonly samples: readonly Sample[];
}

const mostSamples = 3;
const longestSample = 200;

/** What could be read of several pieces of evidence together. */
export function together(parts: readonly Understanding[]): Understanding {
  const formats = new Map<string, { name: string; title: string; lines: number }>();
  for (const { name, title, lines } of parts.flatMap((part) => part.formats)) {
    formats.set(name, { name, title, lines: lines + (formats.get(name)?.lines ?? 0) });
  }
  return {
    lines: parts.reduce((sum, { lines }) => sum + lines, 0),
    formats: [...formats.values()].sort((a, b) => b.lines - a.lines),
    unread: parts.reduce((sum, { unread }) => sum + unread, 0),
    samples: parts.flatMap(({ samples }) => samples).slice(0, mostSamples),
  };
}

/** Keeps count of what could be read, in a few numbers however long the evidence is. */
export class ReadingTally {
  #lines = 0;
  #unread = 0;
  readonly #samples: Sample[] = [];
  readonly #formats = new Map<string, { name: string; title: string; lines: number }>();

  read(name: string, title: string): void {
    this.#lines++;
    const known = this.#formats.get(name);
    if (known === undefined) this.#formats.set(name, { name, title, lines: 1 });
    else known.lines++;
  }

  unread(line: number, text: string): void {
    this.#lines++;
    this.#unread++;
    if (this.#samples.length < mostSamples)
      this.#samples.push({ line, text: detached(text.slice(0, longestSample)) });
  }

  get understanding(): Understanding {
    return {
      lines: this.#lines,
      formats: [...this.#formats.values()].sort((a, b) => b.lines - a.lines),
      unread: this.#unread,
      samples: this.#samples,
    };
  }
}

/** The same Latin-1 text in memory of its own: a slice keeps the whole chunk that it was cut from. */
export function detached(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}
