import { keyedBranch } from './keyed-branches.ts';
import type { Mistake, SchemaIssue } from './mistake.ts';
import type { Path } from './positions.ts';
import { closest } from './suggest.ts';
import { either, listed, nounOf, nounOfValue } from './words.ts';

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
  if (only && fitting.length === 1)
    return isChoice(only) ? [noneOf(all.flat(), value, path)] : translate(only);
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
  return only?.code === 'invalid_union' &&
    branch.length === 1 &&
    only.path.length === 0 &&
    only.errors.length > 0 &&
    only.told
    ? only.errors.flatMap(flattened)
    : [branch];
}

/** Whether an option is for another kind of value altogether: a list where text was given. */
function isWrongKind(issue: SchemaIssue): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === 'invalid_value' && issue.told)
    return !issue.values.some((value) => nounOfValue(value) === issue.found);
  return issue.code === 'invalid_type';
}

/** Whether an option is nothing but a list of allowed values. */
function isChoice(branch: Branch): boolean {
  return branch.length === 1 && branch[0]?.code === 'invalid_value' && branch[0].path.length === 0;
}

function fewest(branches: readonly Branch[]): Branch {
  return branches.reduce((best, branch) => (branch.length < best.length ? branch : best));
}

/** `is a number, but text or a list was expected` */
function wrongKinds(branches: readonly Branch[], path: Path): Mistake {
  const issues = branches.flat().filter(isWrongKind);
  const hint = issues.find((issue) => issue.hint !== undefined)?.hint;
  const own = issues.filter(({ told }) => !told); // a schema's own words say more than the names of kinds
  const message =
    own.length > 0
      ? (oneMessage(own) ?? `must be ${wanted(issues)}`)
      : (oneMessage(issues) ?? `is ${issues[0]?.found ?? 'empty'}, but ${wanted(issues)} was expected`);
  return { path, on: 'value', message, ...(hint !== undefined && { hint }) };
}

/** `must be a reply like 250 or one of: closed, reset` */
function noneOf(issues: readonly SchemaIssue[], value: unknown, path: Path): Mistake {
  const meant = typeof value === 'string' ? closest(value, choicesOf(issues)) : undefined;
  return {
    path,
    on: 'value',
    message: oneMessage(issues) ?? `must be ${wanted(issues)}`,
    ...(meant !== undefined && { hint: `did you mean ${meant}?` }),
  };
}

/** Everything that the issues ask for, the values to choose from at the end. */
function wanted(issues: readonly SchemaIssue[]): string {
  const phrases = unique(issues.filter(({ code }) => code !== 'invalid_value').map(phraseOf));
  const choices = phrases.includes('text') ? [] : choicesOf(issues);
  return either([...phrases, ...(choices.length > 1 ? [`one of: ${listed(choices)}`] : choices)]);
}

function choicesOf(issues: readonly SchemaIssue[]): string[] {
  return unique(issues.flatMap((issue) => (issue.code === 'invalid_value' ? issue.values.map(String) : [])));
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
