import type { Knowledge } from '../../knowledge/knowledge.ts';
import type { PageOptions } from '../page.ts';
import { renderTable } from '../table.ts';
import { basicEntry, type CodeEntry, enhancedEntry } from './code-entry.ts';

/** How much a word counts by where it stands. */
const weights: readonly (readonly [weight: number, part: (entry: CodeEntry) => string])[] = [
  [8, ({ title }) => title],
  [6, ({ reason }) => reason.replaceAll('-', ' ')],
  [4, ({ says }) => says],
  [3, ({ source, dotless = '' }) => `${source} ${dotless}`],
  [2, ({ oftenWrong = '', variants }) => [oftenWrong, ...variants.map(({ says }) => says)].join(' ')],
  [2, ({ readings }) => readings.map(({ provider, says }) => `${provider} ${says}`).join(' ')],
  [1, ({ advice, samples }) => [advice, ...samples.flatMap(({ reply }) => reply)].join(' ')],
];

/** Every code of the reference. */
export function allEntries(knowledge: Knowledge): CodeEntry[] {
  return [
    ...[...knowledge.codes.values()].map((code) => basicEntry(knowledge, code)),
    ...[...knowledge.enhancedCodes.values()].map((code) => enhancedEntry(knowledge, code)),
  ];
}

/** The entries that hold every word, the best first; a whole word counts for more than the beginning of one. */
export function searchCodes(knowledge: Knowledge, text: string): CodeEntry[] {
  const words = text
    .toLowerCase()
    .split(/[^\p{L}\p{N}.]+/u)
    .filter((word) => word !== '');
  if (words.length === 0) return [];
  return allEntries(knowledge)
    .map((entry) => ({ entry, scores: scoresOf(entry, words) }))
    .filter(({ scores }) => scores.every((score) => score > 0))
    .map(({ entry, scores }) => ({ entry, score: scores.reduce((sum, score) => sum + score, 0) }))
    .sort((a, b) => b.score - a.score)
    .map(({ entry }) => entry);
}

function scoresOf(entry: CodeEntry, words: readonly string[]): number[] {
  const parts = weights.map(([weight, part]) => ({ weight, text: ` ${part(entry).toLowerCase()} ` }));
  return words.map((word) =>
    parts.reduce((sum, { weight, text }) => sum + weight * closeness(text, word), 0),
  );
}

/** 1 for a whole word, less for its beginning, little for something inside a word, 0 for nothing. */
function closeness(text: string, word: string): number {
  const at = text.indexOf(word);
  if (at < 0) return 0;
  for (let from = at; from >= 0; from = text.indexOf(word, from + 1)) {
    const before = /[\p{L}\p{N}]/u.test(text[from - 1] ?? '');
    const after = /[\p{L}\p{N}]/u.test(text[from + word.length] ?? '');
    if (!before) return after ? 0.6 : 1;
  }
  return 0.2;
}

const mostShown = 20;

export function renderFound(
  text: string,
  found: readonly CodeEntry[],
  { palette, columns }: PageOptions,
): string[] {
  const rows = found.slice(0, mostShown).map(({ code, title, reason }) => [code, title, reason]);
  const more = found.length - rows.length;
  return [
    palette.strong(`${found.length} ${found.length === 1 ? 'code speaks' : 'codes speak'} of "${text}"`),
    ...renderTable(['code', 'title', 'by itself'], rows, { palette, columns, flexible: 1 }),
    ...(more > 0 ? [palette.dim(`${palette.marks.more} and ${more} more; another word narrows it.`)] : []),
  ];
}
