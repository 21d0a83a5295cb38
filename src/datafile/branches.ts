import { keyedBranch } from './keyed-branches.ts';
import type { Mistake, SchemaIssue } from './mistakes.ts';
import type { Path } from './positions.ts';
import { closest } from './suggest.ts';
import { either, listed, nounOf } from './words.ts';

/** The issues of one option of a union. */
export type Branch = readonly SchemaIssue[];

/** What to tell a person when a value fits no option of a union: the mistakes of the option they meant. */
export function fittest(
  branches: readonly Branch[],
  value: unknown,
  path: Path,
  translate: (branch: Branch) => Mistake[],
): Mistake[] {
  const all = branches.flatMap(flattened);
  const fitting = all.filter((branch) => !branch.some(isWrongKind));
  if (fitting.length === 0) return [wrongKinds(all, path)];
  const [only] = fitting;
  if (only && fitting.length === 1) return translate(only);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return keyedBranch(fitting, value, path, translate);
  }
  const whole = fitting.filter((branch) => branch.every(({ path }) => path.length === 0));
  if (whole.length === fitting.length) return [noneOf(whole.flat(), value, path)];
  return translate(fewest(fitting.filter((branch) => !whole.includes(branch))));
}

/** A union inside a union counts as its options. */
function flattened(branch: Branch): Branch[] {
  const [only] = branch;
  return only?.code === 'invalid_union' && branch.length === 1 && only.path.length === 0 && only.errors.length > 0 && only.told
    ? only.errors.flatMap(flattened)
    : [branch];
}

function isWrongKind(issue: SchemaIssue): boolean {
  return issue.code === 'invalid_type' && issue.path.length === 0;
}

function fewest(branches: readonly Branch[]): Branch {
  return branches.reduce((best, branch) => (branch.length < best.length ? branch : best));
}

/** `is a number, but text or a list was expected` */
function wrongKinds(branches: readonly Branch[], path: Path): Mistake {
  const issues = branches.flat().filter(isWrongKind);
  const hint = issues.find((issue) => issue.hint !== undefined)?.hint;
  const phrases = unique(issues.map(phraseOf));
  const [first] = issues;
  const message = issues.every(({ told }) => told)
    ? `is ${first?.found ?? 'empty'}, but ${either(phrases)} was expected`
    : oneMessage(issues) ?? `must be ${either(phrases)}`;
  return { path, on: 'value', message, ...(hint !== undefined && { hint }) };
}

/** `must be a reply like 250, or one of: closed, reset` */
function noneOf(issues: readonly SchemaIssue[], value: unknown, path: Path): Mistake {
  const values = issues.flatMap((issue) => (issue.code === 'invalid_value' ? issue.values.map(String) : []));
  const meant = typeof value === 'string' ? closest(value, values) : undefined;
  const phrases = unique(issues.filter(({ code }) => code !== 'invalid_value').map(phraseOf));
  const choice = values.length === 1 ? values : values.length > 1 ? [`one of: ${listed(unique(values))}`] : [];
  return {
    path,
    on: 'value',
    message: oneMessage(issues) ?? `must be ${either([...phrases, ...choice])}`,
    ...(meant !== undefined && { hint: `did you mean ${meant}?` }),
  };
}

function oneMessage(issues: readonly SchemaIssue[]): string | undefined {
  const messages = unique(issues.map(({ message }) => message));
  return messages.length === 1 ? messages[0] : undefined;
}

/** What an issue asks for, to stand behind "must be": `a duration like 30s` for `is not a duration like 30s`. */
function phraseOf(issue: SchemaIssue): string {
  if (issue.code === 'invalid_type' && issue.told) return nounOf(issue.expected);
  return issue.message.replace(/^(?:is not|must be|is none of) /, '');
}

function unique(words: readonly string[]): string[] {
  return [...new Set(words)];
}
