import type { Path } from '../datafile/positions.ts';

/** Values by name, as vars and matrix give them. */
export type Variables = Readonly<Record<string, unknown>>;

/** Every combination of the values of a matrix, in the order in which they stand. */
export function combinations(matrix: Readonly<Record<string, readonly unknown[]>>): Variables[] {
  return Object.entries(matrix).reduce<Variables[]>(
    (rows, [name, values]) => rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value }))),
    [{}],
  );
}

/** How many combinations a matrix has, without making them. */
export function countCombinations(matrix: Readonly<Record<string, readonly unknown[]>>): number {
  return Object.values(matrix).reduce((count, values) => count * values.length, 1);
}

/** `at: mail, how: reset`. */
export function describeVariant(variant: Variables): string {
  return Object.entries(variant)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ');
}

/**
 * Fills `{name}` in every text and key of a tree. A text that is nothing but one placeholder becomes the value itself, so
 * that numbers stay numbers. Names that are not variables stay as they stand: replies have placeholders of their own.
 */
export function fillIn(tree: unknown, variables: Variables): unknown {
  if (typeof tree === 'string') return fillText(tree, variables);
  if (Array.isArray(tree)) return tree.map((item) => fillIn(item, variables));
  if (tree === null || typeof tree !== 'object') return tree;
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, fillIn(value, variables)]));
}

/** A `{name}` that nothing has filled in, and where it stands. */
export interface Unfilled {
  readonly path: Path;
  readonly name: string;
}

/** Every `{name}` left in a tree. In steps nothing but variables has this shape, so it is a misspelt one. */
export function unfilled(tree: unknown, path: Path): Unfilled[] {
  if (typeof tree === 'string')
    return [...tree.matchAll(placeholder)].map(([, name = '']) => ({ path, name }));
  if (Array.isArray(tree)) return tree.flatMap((item, i) => unfilled(item, [...path, i]));
  if (tree === null || typeof tree !== 'object') return [];
  return Object.entries(tree).flatMap(([key, value]) => unfilled(value, [...path, key]));
}

const placeholder = /\{([a-z][a-z0-9-]*)\}/g;

function fillText(text: string, variables: Variables): unknown {
  const whole = /^\{([a-z][a-z0-9-]*)\}$/.exec(text)?.[1];
  if (whole !== undefined && Object.hasOwn(variables, whole)) return variables[whole];
  return text.replace(placeholder, (all, name: string) =>
    Object.hasOwn(variables, name) ? String(variables[name]) : all,
  );
}
