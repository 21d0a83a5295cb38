import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { type Fault, mostFaults, Unreadable } from './fault.ts';
import { closest } from './suggest.ts';

/** The most values a file may hold, and the most that its aliases may stand for together. */
const mostValues = 50_000;
const mostAliased = 10_000;

/** The plain values of a tree, and where each entry and alias leads. */
export interface TreeValues {
  readonly value: unknown;
  /** Entries of a mapping by key; of equal keys the first. */
  readonly entries: ReadonlyMap<YAMLMap, ReadonlyMap<string, Pair<Scalar, Node | null>>>;
  readonly targets: ReadonlyMap<Alias, Node>;
  /** Duplicate keys, unknown aliases and the like. */
  readonly faults: readonly Fault[];
}

/** A node's value with the count of values in it, aliases followed. */
interface Sized {
  readonly value: unknown;
  readonly size: number;
}

/**
 * Turns a tree into plain values. `lineOf` tells the line of an offset.
 * @throws {Unreadable} when it or what its aliases stand for is too large
 */
export function valuesOf(root: Node | null, lineOf: (offset: number) => number): TreeValues {
  const reader = new ValueReader(lineOf);
  const { value } = reader.read(root);
  return { value, entries: reader.entries, targets: reader.targets, faults: reader.faults };
}

class ValueReader {
  readonly entries = new Map<YAMLMap, Map<string, Pair<Scalar, Node | null>>>();
  readonly targets = new Map<Alias, Node>();
  readonly faults: Fault[] = [];
  readonly #lineOf: (offset: number) => number;
  readonly #anchors = new Map<string, Sized & { readonly node: Node }>();
  /** Anchors of the nodes that are being read: an alias to one of them would never end. */
  readonly #open = new Set<string>();
  #values = 0;
  #aliased = 0;

  constructor(lineOf: (offset: number) => number) {
    this.#lineOf = lineOf;
  }

  read(node: Node | null): Sized {
    if (++this.#values > mostValues) {
      throw new Unreadable({
        ...spanOf(node),
        message: `is more than the ${mostValues} values that a file may hold`,
      });
    }
    if (isAlias(node)) return this.#follow(node);
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    if (node === null || anchor === undefined) return this.#plain(node);
    this.#open.add(anchor);
    const sized = this.#plain(node);
    this.#open.delete(anchor);
    this.#anchors.set(anchor, { ...sized, node });
    return sized;
  }

  #plain(node: Node | null): Sized {
    if (isMap(node)) return this.#mapping(node);
    if (isSeq(node)) return this.#list(node);
    return { value: isScalar(node) ? node.value : null, size: 1 };
  }

  #mapping(map: YAMLMap): Sized {
    const entries = new Map<string, Pair<Scalar, Node | null>>();
    const value: Record<string, unknown> = {};
    let size = 1;
    for (const pair of map.items as Pair<Node, Node | null>[]) {
      const { key } = pair;
      if (!isScalar(key) || typeof key.value !== 'string') continue; // already a mistake of syntax
      const inner = this.read(pair.value);
      size += inner.size;
      const first = entries.get(key.value);
      if (key.value === '__proto__') this.#fault(key, 'is not a name that a key can have');
      else if (first) this.#fault(key, `is a key already, in line ${this.#lineOf(spanOf(first.key).start)}`);
      else {
        entries.set(key.value, pair as Pair<Scalar, Node | null>);
        value[key.value] = inner.value;
      }
    }
    this.entries.set(map, entries);
    return { value, size };
  }

  #list(list: YAMLSeq): Sized {
    let size = 1;
    const value = (list.items as (Node | null)[]).map((item) => {
      const inner = this.read(item);
      size += inner.size;
      return inner.value;
    });
    return { value, size };
  }

  #follow(alias: Alias): Sized {
    const name = alias.source;
    const target = this.#anchors.get(name);
    if (this.#open.has(name)) this.#fault(alias, `stands inside '&${name}' itself`);
    else if (target === undefined) {
      const meant = closest(name, this.#anchors.keys());
      const hint = meant === undefined ? 'put it in quotes if it is text' : `did you mean *${meant}?`;
      this.#fault(alias, `is read as an alias, but no anchor '&${name}' stands above it`, hint);
    } else {
      this.#aliased += target.size;
      if (this.#aliased > mostAliased) {
        const message = `makes this file's aliases stand for more than ${mostAliased} values`;
        throw new Unreadable({ ...spanOf(alias), message });
      }
      this.targets.set(alias, target.node);
      return target;
    }
    return { value: null, size: 1 };
  }

  #fault(node: Node, message: string, hint?: string): void {
    if (this.faults.length < mostFaults) {
      this.faults.push({ ...spanOf(node), message, ...(hint !== undefined && { hint }) });
    }
  }
}

/** The offsets of a node's own text. */
export function spanOf(node: Node | null): { start: number; end: number } {
  const range = node?.range;
  return { start: range?.[0] ?? 0, end: range?.[1] ?? 0 };
}
