/** The most names or values named in one sentence. */
const mostNamed = 40;

/** What a kind of value is called in a sentence. */
const nouns: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  map: 'a mapping',
  null: 'nothing',
  undefined: 'nothing',
  never: 'nothing',
};

/** `string` as `text`, `array` as `a list`. */
export function nounOf(kind: string): string {
  return nouns[kind] ?? `a ${kind}`;
}

/** What a value that was read is called: `a list`, `text`, `true`; `undefined` when it is empty. */
export function nounOfValue(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return 'a list';
  return nounOf(typeof value);
}

/** `a`, `a or b`, `a, b or c`. */
export function either(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}

/** `a, b, c`, cut short when there are very many. */
export function listed(words: readonly string[]): string {
  const shown = words.slice(0, mostNamed).map(clipped).join(', ');
  return words.length > mostNamed ? `${shown} and ${words.length - mostNamed} more` : shown;
}

/** A word of the file, short enough for a sentence. */
export function clipped(word: string): string {
  return word.length > 60 ? `${word.slice(0, 60)}…` : word;
}

/** `1 entry`, `2 entries`. */
export function counted(count: number | bigint, one: string, many: string): string {
  return `${count} ${Number(count) === 1 ? one : many}`;
}
