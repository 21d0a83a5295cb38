/** An element as read back. */
export interface Read {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Read[];
  /** All text inside, entities resolved. */
  readonly text: string;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** XML 1.0 2.2 */
const forbidden = /[^\x09\x0a\x0d\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** Reads the plain XML that a reporter may write; throws on whatever is not well-formed. */
export function readXml(text: string): Read {
  if (forbidden.test(text)) throw new Error('holds a character that XML forbids');
  const [declaration = ''] = /^<\?xml [^?]*\?>\s*/.exec(text) ?? [];
  if (declaration === '') throw new Error('has no declaration');
  const reader = new Reader(text, declaration.length);
  const root = reader.element();
  reader.end();
  return root;
}

class Reader {
  readonly #text: string;
  #at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  end(): void {
    if (this.#text.slice(this.#at).trim() !== '')
      throw new Error(`something stands behind the root: ${this.#text.slice(this.#at)}`);
  }

  element(): Read {
    const [, name = '', written = '', closed] = this.#take(/<([a-z][a-z-]*)((?: [a-z-]+="[^"<]*")*)(\/)?>/y);
    const attributes = Object.fromEntries(
      [...written.matchAll(/ ([a-z-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, resolve(value)]),
    );
    if (closed) return { name, attributes, children: [], text: '' };
    const children: Read[] = [];
    let inside = '';
    for (;;) {
      inside += resolve(this.#take(/[^<]*/y)[0]);
      if (this.#text.startsWith('</', this.#at)) break;
      const child = this.element();
      children.push(child);
      inside += child.text;
    }
    this.#take(new RegExp(`</${name}>`, 'y'));
    return { name, attributes, children, text: inside };
  }

  #take(pattern: RegExp): RegExpExecArray {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (!found) throw new Error(`${pattern} does not stand at ${this.#text.slice(this.#at, this.#at + 60)}`);
    this.#at = pattern.lastIndex;
    return found;
  }
}

function resolve(text: string): string {
  if (text.includes(']]>')) throw new Error('holds ]]>');
  return text.replace(/&([a-z]*);?/g, (all, name: string) => {
    const character = all.endsWith(';') ? entities[name] : undefined;
    if (character === undefined) throw new Error(`${all} is no entity`);
    return character;
  });
}
