import { isAlias, isMap, isSeq, type Node, type Scalar } from 'yaml';
import { type Issue, issueInText } from './issue.ts';
import type { LineIndex, Position, Source } from './source.ts';
import { spanOf, type TreeValues } from './values.ts';

/** The way from the top of a file to one of its values: keys, and indexes from 0. */
export type Path = readonly (string | number)[];

/**
 * Where a value of a file stands, or with `'key'` the key in front of it (for an entry of a list, the value).
 * For a path that leads nowhere, the nearest thing around it that is there.
 */
export type Positions = (path: Path, on?: 'key' | 'value') => Position;

/** An issue about a value found wrong after its file was read, such as a name that nobody knows. */
export function issueAt(
  source: Source,
  positions: Positions,
  path: Path,
  message: string,
  hint?: string,
  on?: 'key' | 'value',
): Issue {
  return issueInText(source, positions(path, on), message, hint);
}

/** Offsets of what a path leads to. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

interface Found {
  readonly key: Scalar | undefined;
  readonly node: Node | null;
  /** False when the path leads to nothing; then the other two are of the nearest thing around it. */
  readonly exact: boolean;
}

/** Finds values in a tree by path. */
export class Locator {
  readonly #root: Node | null;
  readonly #values: TreeValues;

  constructor(root: Node | null, values: TreeValues) {
    this.#root = root;
    this.#values = values;
  }

  has(path: Path): boolean {
    return this.#find(path).exact;
  }

  /** The part of a value or key to mark: of a block its first entry. */
  span(path: Path, on: 'key' | 'value' = 'value'): Span {
    const { key, node, exact } = this.#find(path);
    const whole = spanOf(node);
    const asKey = on === 'key' || !exact || whole.start === whole.end; // an empty value has no text to mark
    return key && asKey ? spanOf(key) : firstEntry(node);
  }

  /** Where the whole value ends, blocks to their last line. */
  endOf(path: Path): number {
    return spanOf(this.#find(path).node).end;
  }

  positions(lines: LineIndex): Positions {
    return (path, on) => {
      const { start, end } = this.span(path, on);
      return lines.position(start, end);
    };
  }

  #find(path: Path): Found {
    let found: Found = { key: undefined, node: this.#root, exact: true };
    for (const step of path) {
      const next = this.#enter(found.node, step);
      if (next === undefined) return { ...found, exact: false };
      found = next;
    }
    return found;
  }

  #enter(node: Node | null, step: string | number): Found | undefined {
    const inside = isAlias(node) ? this.#values.targets.get(node) : node;
    if (isMap(inside)) {
      const pair = this.#values.entries.get(inside)?.get(String(step));
      return pair && { key: pair.key, node: pair.value, exact: true };
    }
    if (isSeq(inside) && typeof step === 'number' && step < inside.items.length) {
      return { key: undefined, node: inside.items[step] as Node | null, exact: true };
    }
    return undefined;
  }
}

function firstEntry(node: Node | null): Span {
  const whole = spanOf(node);
  if (isMap(node) && !node.flow) {
    const first = node.items[0];
    const value = spanOf((first?.value ?? null) as Node | null);
    return { start: whole.start, end: Math.max(value.end, spanOf((first?.key ?? null) as Node | null).end) };
  }
  if (isSeq(node) && !node.flow) {
    return { start: whole.start, end: spanOf((node.items[0] ?? null) as Node | null).end };
  }
  return whole;
}
