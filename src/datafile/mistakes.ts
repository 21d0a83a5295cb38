import { fittest } from './branches.ts';
import { mostFaults } from './fault.ts';
import { type Mistake, type SchemaIssue, unknownKey } from './mistake.ts';
import type { Path } from './positions.ts';

/** Of more issues than this the rest is left out: nobody reads them, and comparing words takes time. */
const mostIssues = 10 * mostFaults;

/** Turns zod's issues about `root` into mistakes, one per thing to mend. `base` is the path that theirs start from. */
export function mistakesOf(issues: readonly SchemaIssue[], root: unknown, base: Path = []): Mistake[] {
  const mistakes = issues.slice(0, mostIssues).flatMap((issue) => translate(issue, root, base));
  // A misspelt key is one mistake, not an unknown key and a missing one.
  const misspelt = new Set(
    mistakes
      .filter(({ meant }) => meant !== undefined)
      .map(({ path, meant }) => keyOf(path.slice(0, -1), meant)),
  );
  return mistakes.filter(({ on, path, key }) => on !== 'missing' || !misspelt.has(keyOf(path, key)));
}

const keyOf = (path: Path, key: string | undefined): string => JSON.stringify([...path, key]);

function translate(issue: SchemaIssue, root: unknown, base: Path): Mistake[] {
  const path: Path = [...base, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))];
  const ownWords = issue.told === undefined && issue.code === 'custom';
  if (!ownWords && isAbsent(root, path)) return [missing(path)];
  if (issue.code === 'unrecognized_keys') return unknownKeys(issue, path);
  if (issue.code === 'invalid_key') return onKey(issue, path, root);
  if (issue.code === 'invalid_union' && issue.errors.length > 0 && issue.told) {
    return fittest(issue.errors, valueAt(root, path), path, (branch) => mistakesOf(branch, root, path));
  }
  const hint = issue.hint ?? (issue.code === 'custom' ? issue.params?.hint : undefined);
  return [{ path, on: 'value', message: issue.message, ...(typeof hint === 'string' && { hint }) }];
}

function missing(path: Path): Mistake {
  const key = String(path.at(-1));
  return { path: path.slice(0, -1), on: 'missing', key, message: `needs a key '${key}'` };
}

function unknownKeys(issue: SchemaIssue & { code: 'unrecognized_keys' }, path: Path): Mistake[] {
  return issue.keys
    .slice(0, mostIssues)
    .map((key) => unknownKey(path, key, issue.message, issue.known ?? []));
}

function onKey(issue: SchemaIssue & { code: 'invalid_key' }, path: Path, root: unknown): Mistake[] {
  if (!issue.told) return [{ path, on: 'key', message: issue.message }];
  const inner = issue.issues.flatMap((one) => translate({ ...one, path: [] } as SchemaIssue, root, path));
  return inner.slice(0, 1).map((mistake) => ({ ...mistake, path, on: 'key' }));
}

/** Whether the path's last step names a key that its mapping does not have. */
function isAbsent(root: unknown, path: Path): boolean {
  const key = path.at(-1);
  if (key === undefined) return false;
  const parent = valueAt(root, path.slice(0, -1));
  return (
    typeof parent === 'object' && parent !== null && !Array.isArray(parent) && !Object.hasOwn(parent, key)
  );
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}
