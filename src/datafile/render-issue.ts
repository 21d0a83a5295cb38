import { escapeControls } from '../text/escape.ts';
import { excerpt } from './excerpt.ts';
import type { Issue } from './issue.ts';
import type { Source } from './source.ts';

/**
 * Shows an issue as text for people: where, the line, a caret, what is wrong. Without a source, or when the
 * file as a whole is meant, in one line. Nothing in it can harm a terminal.
 */
export function renderIssue(issue: Issue, source?: Pick<Source, 'text'>): string {
  const file = escapeControls(issue.file);
  const message = escapeControls(issue.message);
  const hint = issue.hint === undefined ? undefined : escapeControls(issue.hint);
  if (source === undefined || issue.length === 0) {
    const place = issue.length === 0 ? file : `${file}:${issue.line}:${issue.column}`;
    return `${place}: ${message}${hint === undefined ? '' : `; ${hint}`}`;
  }
  const { text, carets } = excerpt(lineOf(source.text, issue.line), issue.column, issue.length);
  const number = String(issue.line);
  const margin = ' '.repeat(number.length);
  const lines = [
    `${file}:${issue.line}:${issue.column}`,
    `${margin} |`,
    `${number} | ${text}`.trimEnd(),
    `${margin} | ${carets} ${message}`,
  ];
  if (hint !== undefined) lines.push(`${margin} = ${hint}`);
  return lines.join('\n');
}

function lineOf(text: string, line: number): string {
  let start = 0;
  for (let n = 1; n < line && start >= 0; n++) start = text.indexOf('\n', start) + 1 || -1;
  if (start < 0) return '';
  const end = text.indexOf('\n', start);
  return text.slice(start, end < 0 ? undefined : end).replace(/\r$/, '');
}
