import type { AnswerKind, PageEntry } from '../../src/report/html/page-data.ts';

export const filters = ['all', 'failed', 'passed', 'differing'] as const;
export type Filter = (typeof filters)[number];

export const filterWords: Readonly<Record<Filter, string>> = {
  all: 'All',
  failed: 'Failed',
  passed: 'Passed',
  differing: 'Differing',
};

export function passes(entry: PageEntry, filter: Filter): boolean {
  if (filter === 'all') return true;
  if (filter === 'differing') return (entry.differences ?? 0) > 0;
  return (filter === 'passed') === (entry.verdict === 'passed');
}

/** What somebody looks for: words, all of which must fit one answer or the scenario around it. */
export type Query = readonly string[];

export function readQuery(text: string): Query {
  return text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** The answers of a scenario that fit, or whether its own words do. */
export function find(
  entry: PageEntry,
  query: Query,
): { readonly found: boolean; readonly answers: readonly AnswerKind[] } {
  if (query.length === 0) return { found: true, answers: [] };
  const around = `${entry.title} ${entry.variant} ${entry.file} ${entry.tags.join(' ')}`.toLowerCase();
  const left = query.filter((word) => !around.includes(word) || fitsSomeAnswer(entry, word));
  const answers =
    left.length === 0 ? [] : entry.answers.filter((answer) => left.every((word) => fits(answer, word)));
  if (answers.length > 0) return { found: true, answers };
  return { found: query.every((word) => around.includes(word)), answers: [] };
}

function fitsSomeAnswer(entry: PageEntry, word: string): boolean {
  return entry.answers.some((answer) => fits(answer, word));
}

/** `5`, `55`, `550`, `5xx`, `5.7`, `5.7.x`, a reason, a provider, or `fin` and `rst`. */
export function fits({ code, enhanced, reason, provider }: AnswerKind, word: string): boolean {
  if (/^[2-5][\dx]{0,2}$/.test(word)) return code !== '' && fitsDigits(code, word.padEnd(3, 'x'));
  if (/^[245]\./.test(word)) return enhanced !== '' && fitsStatus(enhanced.split('.'), word.split('.'));
  const wanted = { fin: 'closed', rst: 'reset', timeout: 'silence' }[word] ?? word;
  return reason.includes(wanted) || reason.includes(word) || provider.toLowerCase().includes(word);
}

function fitsDigits(code: string, wanted: string): boolean {
  return [...wanted].every((digit, i) => digit === 'x' || digit === code[i]);
}

function fitsStatus(status: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((part, i) => part === '' || part === 'x' || part === status[i]);
}

/** Everything that can be searched for, with the number of scenarios in which it occurs, the most frequent first. */
export function tally(
  entries: readonly PageEntry[],
  of: (answer: AnswerKind) => string,
): (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { answers } of entries) {
    for (const name of new Set(answers.map(of)))
      if (name !== '') counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b));
}
