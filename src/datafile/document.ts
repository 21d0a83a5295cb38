import type { z } from 'zod';
import { type Fault, mostFaults, Unreadable } from './fault.ts';
import { fileIssue, type Issue, issueInText } from './issue.ts';
import type { Mistake } from './mistake.ts';
import { mistakesOf } from './mistakes.ts';
import { Locator, type Positions } from './positions.ts';
import { LineIndex, type Source } from './source.ts';
import { strayControls } from './stray-controls.ts';
import { validate } from './validate.ts';
import { valuesOf } from './values.ts';
import { readTree } from './yaml-tree.ts';

/** A file's value as its schema gives it, and where each part of it stands; or all that is wrong with the file. */
export type Parsed<T> =
  | { readonly value: T; readonly at: Positions }
  | {
      readonly issues: readonly [Issue, ...Issue[]];
      /** What was read, unless the syntax is broken or reading it was given up. */
      readonly unjudged?: { readonly tree: unknown; readonly at: Positions };
    };

/**
 * Reads a file as YAML 1.2 by a schema. All mistakes come back at once, in the order of the file, at most a
 * hundred of them. After a mistake of syntax only what stands before it is judged by the schema.
 */
export function parseDocument<T>(source: Source, schema: z.ZodType<T>): Parsed<T> {
  const lines = new LineIndex(source.text);
  try {
    return judge(source, schema, lines);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { issues: inOrder([error.fault], source, lines) };
  }
}

function judge<T>(source: Source, schema: z.ZodType<T>, lines: LineIndex): Parsed<T> {
  const stray = strayControls(source.text);
  const tree = readTree(source.text);
  const values = valuesOf(tree.root, (offset) => lines.position(offset).line);
  const locator = new Locator(tree.root, values);
  const found = [...stray, ...tree.faults, ...values.faults];
  if (tree.root === null) {
    const empty = { start: 0, end: 0, message: 'is an empty file' };
    return { issues: inOrder(found.length > 0 ? found : [empty], source, lines) };
  }
  const parsed = validate(schema, values.value);
  if (parsed.success && found.length === 0) return { value: parsed.data, at: locator.positions(lines) };
  const mistakes = parsed.success ? [] : mistakesOf(parsed.error.issues, values.value);
  const refused = standing(mistakes, tree.faults, locator)
    .map((mistake) => faultOf(mistake, locator))
    .filter(({ start }) => !found.some((fault) => fault.start === start));
  return {
    issues: inOrder([...found, ...refused], source, lines),
    ...(tree.faults.length === 0 && { unjudged: { tree: values.value, at: locator.positions(lines) } }),
  };
}

/** The mistakes made before the syntax broke, so that the break cannot be their cause. */
function standing(
  mistakes: readonly Mistake[],
  broken: readonly Fault[],
  locator: Locator,
): readonly Mistake[] {
  if (broken.length === 0) return mistakes;
  const first = Math.min(...broken.map(({ start }) => start));
  return mistakes.filter(
    ({ path, on }) => (on === 'key' ? locator.span(path, 'key').end : locator.endOf(path)) < first,
  );
}

function faultOf({ path, on, message, hint }: Mistake, locator: Locator): Fault {
  const span = locator.span(path, on === 'value' ? 'value' : 'key');
  return { ...span, message, ...(hint !== undefined && { hint }) };
}

/** Faults as issues: in the order of the file, none twice, and not more than anybody reads. */
function inOrder(faults: readonly Fault[], source: Source, lines: LineIndex): [Issue, ...Issue[]] {
  const [first, ...rest] = unique([...faults].sort((a, b) => a.start - b.start)).map((fault) => {
    const start = visible(source.text, fault.start);
    return issueInText(source, lines.position(start, Math.max(fault.end, start)), fault.message, fault.hint);
  });
  if (first === undefined) throw new Error('there is no fault to tell');
  if (rest.length < mostFaults) return [first, ...rest];
  const more = fileIssue(source.file, `has more mistakes than the ${mostFaults} shown`);
  return [first, ...rest.slice(0, mostFaults - 1), more];
}

function unique(faults: readonly Fault[]): Fault[] {
  const seen = new Set<string>();
  return faults.filter(({ start, message }) => {
    const key = `${start} ${message}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** What is missing at the end of a text is shown behind its last word, not on an empty line below. */
function visible(text: string, start: number): number {
  if (text.slice(start).trim() !== '') return start;
  return Math.min(start, text.trimEnd().length);
}
