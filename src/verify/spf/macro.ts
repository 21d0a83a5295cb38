/** A piece of a macro-string: text as it stands, or a macro to put a value in for. RFC 7208 7.1 */
export type MacroPiece =
  | { readonly text: string }
  | {
      readonly letter: string;
      /** How many parts from the right are kept; all without it. */
      readonly keep?: number;
      readonly reverse: boolean;
      readonly delimiters: string;
      /** The value goes in as in a URL: the letter is a capital. */
      readonly escape: boolean;
    };

/** What the letters stand for; `p` costs look-ups and so is asked for only where it is needed. */
export type MacroValues = (letter: string) => string | Promise<string>;

const piece = /%\{([a-z])(\d*)(r?)([.+,/_=-]*)\}|%([%_-])|([\x21-\x24\x26-\x7e]+)/giy;
const shorthands: Readonly<Record<string, string>> = { '%': '%', _: ' ', '-': '%20' };
/** The letters that a domain may have; an explanation may have c, r and t as well. RFC 7208 7.2 */
const letters = { domain: /^[slodiphv]$/i, explanation: /^[slodiphvcrt]$/i } as const;

/** Reads a macro-string; undefined where it is malformed. */
export function parseMacros(
  source: string,
  where: keyof typeof letters = 'domain',
): readonly MacroPiece[] | undefined {
  const pieces: MacroPiece[] = [];
  piece.lastIndex = 0;
  while (piece.lastIndex < source.length) {
    const [, letter, digits = '', reverse = '', delimiters = '', shorthand, text] = piece.exec(source) ?? [];
    if (shorthand !== undefined) pieces.push({ text: shorthands[shorthand] ?? '' });
    else if (text !== undefined) pieces.push({ text });
    else if (letter === undefined || !letters[where].test(letter) || /^0+$/.test(digits)) return undefined;
    else
      pieces.push({
        letter: letter.toLowerCase(),
        ...(digits === '' ? {} : { keep: Number(digits) }),
        reverse: reverse !== '',
        delimiters: delimiters === '' ? '.' : delimiters,
        escape: letter !== letter.toLowerCase(),
      });
  }
  return pieces;
}

/** A domain-spec ends in a macro or in a top label that is not all digits. RFC 7208 7.1 */
export function parseDomainSpec(source: string): readonly MacroPiece[] | undefined {
  const pieces = parseMacros(source);
  if (!pieces || pieces.length === 0) return undefined;
  if (/(?:%\{[^}]*\}|%[%_-])$/.test(source)) return pieces;
  const label = /\.([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)\.?$/i.exec(source)?.[1];
  return label === undefined || /^\d+$/.test(label) ? undefined : pieces;
}

/** Puts the values in. RFC 7208 7.3 */
export async function expandMacros(pieces: readonly MacroPiece[], valueFor: MacroValues): Promise<string> {
  let expanded = '';
  for (const one of pieces) {
    if ('text' in one) {
      expanded += one.text;
      continue;
    }
    const parts = splitAt(await valueFor(one.letter), one.delimiters);
    if (one.reverse) parts.reverse();
    const kept = parts.slice(-(one.keep ?? parts.length)).join('.');
    expanded += one.escape ? inUrl(kept) : kept;
  }
  return expanded;
}

function splitAt(value: string, delimiters: string): string[] {
  return value.split(new RegExp(`[${delimiters.replace(/[\]\\^-]/g, '\\$&')}]`));
}

/** All but the unreserved characters of RFC 3986 2.3. */
const inUrl = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** The longest end of an expanded name that DNS can hold. RFC 7208 7.3 */
export function fittingName(name: string): string {
  let fitting = name.replace(/\.$/, '');
  while (fitting.length > 253 && fitting.includes('.')) fitting = fitting.slice(fitting.indexOf('.') + 1);
  return fitting;
}
