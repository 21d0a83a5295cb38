import { z } from 'zod';
import { parseDocument } from '../datafile/document.ts';
import type { Issue } from '../datafile/issue.ts';
import { issueAt, type Positions } from '../datafile/positions.ts';
import type { Source } from '../datafile/source.ts';
import { suggest } from '../world/world-faults.ts';
import { type SoundParts, soundParts } from './sound-parts.ts';
import { fillIn, unfilled, type Variables } from './variables.ts';

/**
 * A file with its variables filled in, as its schema gives it or, where it has mistakes, what of it reads well. Names in
 * its steps that are no variables are among the issues.
 */
export type Filled<T> =
  | { readonly value: T; readonly at: Positions; readonly issues: readonly Issue[] }
  | { readonly sound: SoundParts; readonly at: Positions; readonly issues: readonly Issue[] }
  | { readonly issues: readonly Issue[] };

export function parseFilled<T>(source: Source, schema: z.ZodType<T>, variables: Variables): Filled<T> {
  let filled: unknown;
  const filling = z.preprocess((tree) => {
    filled = fillInAllBut(tree, variables);
    return filled;
  }, schema);
  const parsed = parseDocument(source, filling);
  const { at } = 'value' in parsed ? parsed : (parsed.unjudged ?? {});
  if (!at) return { issues: 'issues' in parsed ? parsed.issues : [] };
  const left = unfilled((filled as { steps?: unknown } | null)?.steps, ['steps']);
  const strays = left.map(({ path, name }) => {
    const message = `names no variable: there is no ${name} in vars or matrix`;
    return issueAt(source, at, path, message, suggest(name, Object.keys(variables)));
  });
  if ('value' in parsed) return { value: parsed.value, at, issues: strays };
  return { sound: soundParts(filled), at, issues: [...strays, ...parsed.issues.filter(elsewhere(strays))] };
}

/** What is said of a variable that is not there is the cause of what else is said of its place. */
function elsewhere(strays: readonly Issue[]): (issue: Issue) => boolean {
  return ({ line, column }) => !strays.some((stray) => stray.line === line && stray.column === column);
}

/** `vars` and `matrix` themselves stay as they are written. */
function fillInAllBut(tree: unknown, variables: Variables): unknown {
  if (tree === null || typeof tree !== 'object' || Array.isArray(tree)) return tree;
  const { vars, matrix, ...rest } = tree as Record<string, unknown>;
  return {
    ...(fillIn(rest, variables) as object),
    ...(vars === undefined ? {} : { vars }),
    ...(matrix === undefined ? {} : { matrix }),
  };
}
