/** Looks a placeholder up; `undefined` when there is no such thing, and the placeholder stays as it stands. */
export type Values = (name: string) => string | undefined;

export interface Template {
  /** The text, when nothing has to be filled in. */
  readonly fixed?: string;
  fill(values: Values): string;
}

const placeholder = /\{([a-z][a-z0-9:-]*)\}/g;

/** Splits `550 {recipient} unknown` into its fixed parts and its placeholders, once. */
export function compileTemplate(text: string): Template {
  const parts = text.split(placeholder);
  if (parts.length === 1) return { fixed: text, fill: () => text };
  return {
    fill(values) {
      let filled = '';
      for (let i = 0; i < parts.length; i++) {
        const part = parts[i] as string;
        filled += i % 2 === 0 ? part : clean(values(part) ?? `{${part}}`);
      }
      return filled;
    },
  };
}

/** What a client said may be quoted in a reply, but must not end a line or start a new one. */
function clean(value: string): string {
  return /[\x00-\x1f\x7f]/.test(value) ? value.replace(/[\x00-\x1f\x7f]/g, ' ') : value;
}

const alphabets: Record<string, string> = {
  hex: '0123456789abcdef',
  digits: '0123456789',
  alnum: '0123456789abcdefghijklmnopqrstuvwxyz',
  upper: '0123456789ABCDEF',
  letters: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
};

/** `hex:16`, `digits:5`, `alnum:12`: that many random characters; `undefined` for anything else. */
export function randomText(name: string, random: () => number): string | undefined {
  const colon = name.indexOf(':');
  const alphabet = alphabets[name.slice(0, Math.max(0, colon))];
  const count = name.slice(colon + 1);
  if (alphabet === undefined || !/^\d{1,2}$/.test(count)) return undefined;
  const codes: number[] = [];
  for (let i = Number(count); i > 0; i--)
    codes.push(alphabet.charCodeAt(Math.floor(random() * alphabet.length)));
  return String.fromCharCode(...codes);
}
