import type { Branch } from './branches.ts';
import { type Mistake, type SchemaIssue, unknownKey } from './mistake.ts';
import type { Path } from './positions.ts';
import { closest } from './suggest.ts';
import { listed } from './words.ts';

/** One option of a union of mappings, against the mapping that fits none. */
interface Keyed {
  readonly branch: Branch;
  readonly known: readonly string[];
  /** Keys of the mapping that the option does not know. */
  readonly unknown: readonly string[];
  /** Keys that the option needs and the mapping lacks. */
  readonly missing: readonly string[];
  /** How many keys keep the mapping from being this option. */
  readonly distance: number;
}

/** Picks the option whose keys match; when several are as near, says what sets them apart. */
export function keyedBranch(
  branches: readonly Branch[],
  value: object,
  path: Path,
  translate: (branch: Branch) => Mistake[],
): Mistake[] {
  const all = branches.map((branch) => keyed(branch, value));
  const least = Math.min(...all.map(({ distance }) => distance));
  const nearest = all.filter(({ distance }) => distance === least);
  const best = nearest.reduce((a, b) => (b.branch.length < a.branch.length ? b : a));
  const known = [...new Set(all.flatMap((option) => option.known))];
  if (nearest.length === 1 || least === 0) return withHints(translate(best.branch), path, known);

  const needed = [...new Set(all.flatMap(({ missing }) => missing.slice(0, 1)))];
  const strangers = best.unknown.filter((key) => all.every((option) => option.unknown.includes(key)));
  if (strangers.length > 0) return besidesStrangers(strangers, { nearest, known, needed, path, translate });
  const rivals = best.unknown.filter((key) => known.includes(key));
  if (rivals.length > 0 && best.missing.length === 0)
    return rivals.map((key) => besides(key, best, nearest, value, path));
  if (needed.length < 2) return translate(best.branch);
  return [{ path, on: 'missing', message: `needs one of these keys: ${listed(needed)}` }];
}

/** Mistakes of a mapping with keys that no option knows: those keys, and what else is wrong whatever was meant by them. */
function besidesStrangers(
  strangers: readonly string[],
  { nearest, known, needed, path, translate }: Choice,
): Mistake[] {
  const told = strangers.map((key) => stranger(key, path, known, needed));
  const telling = told.filter(({ meant }) => meant !== undefined && needed.includes(meant));
  const meant = nearest.filter(({ missing }) =>
    telling.some(({ path: at }) => closest(String(at.at(-1)), missing) !== undefined),
  );
  const [keys, options] = meant.length > 0 ? [telling, meant] : [told, nearest];
  const named = new Set(keys.map((key) => key.path.at(-1)));
  const others = agreed(options, translate).filter(
    (other) => other.path.length > path.length && !(other.on === 'key' && named.has(other.path[path.length])),
  );
  return [...keys, ...others];
}

/** The options that are left, and what tells them apart. */
interface Choice {
  readonly nearest: readonly Keyed[];
  readonly known: readonly string[];
  readonly needed: readonly string[];
  readonly path: Path;
  readonly translate: (branch: Branch) => Mistake[];
}

/** A key that no option knows, told with the keys that tell the options apart. */
function stranger(key: string, path: Path, known: readonly string[], needed: readonly string[]): Mistake {
  const mistake = unknownKey(path, key, 'is not a key here', known);
  return needed.length < 2
    ? mistake
    : { ...mistake, message: `is not a key here; one of these is needed: ${listed(needed)}` };
}

/** The mistakes that are mistakes whichever of the options was meant. */
function agreed(options: readonly Keyed[], translate: (branch: Branch) => Mistake[]): Mistake[] {
  const [first = [], ...others] = options.map(({ branch }) => translate(branch));
  const same = (a: Mistake, b: Mistake): boolean =>
    a.on === b.on && a.message === b.message && a.path.join('\n') === b.path.join('\n');
  return first.filter((mistake) => others.every((other) => other.some((one) => same(one, mistake))));
}

function keyed(branch: Branch, value: object): Keyed {
  const unknown = branch.flatMap((issue) =>
    issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [],
  );
  const missing = branch.flatMap((issue) => (lacks(value, issue) ? [String(issue.path[0])] : []));
  const unlike = branch.filter(
    (issue) => issue.code === 'invalid_value' && issue.path.length === 1 && !lacks(value, issue),
  );
  const known = branch.flatMap((issue) => (issue.path.length === 0 ? (issue.known ?? []) : []));
  return { branch, known, unknown, missing, distance: unknown.length + missing.length + unlike.length };
}

function lacks(value: object, issue: SchemaIssue): boolean {
  const [key] = issue.path;
  return issue.path.length === 1 && key !== undefined && !Object.hasOwn(value, key);
}

/** A key of another option: `cannot stand beside 'mail'`. */
function besides(key: string, best: Keyed, nearest: readonly Keyed[], value: object, path: Path): Mistake {
  const other = nearest.find((option) => option !== best && !option.unknown.includes(key));
  const against = Object.keys(value).find((own) => other?.unknown.includes(own)) ?? Object.keys(value)[0];
  return { path: [...path, key], on: 'key', message: `cannot stand beside '${against}'` };
}

/** An unknown key may have been meant for a neighbouring option. */
function withHints(mistakes: readonly Mistake[], path: Path, known: readonly string[]): Mistake[] {
  return mistakes.map((mistake) => {
    const own = mistake.on === 'key' && mistake.path.length === path.length + 1 && mistake.hint === undefined;
    if (!own) return mistake;
    const { hint, meant } = unknownKey(path, String(mistake.path.at(-1)), '', known);
    return hint === undefined || meant === undefined ? mistake : { ...mistake, hint, meant };
  });
}
