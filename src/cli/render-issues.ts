import type { Issue } from '../datafile/issue.ts';
import { readSource } from '../datafile/read-source.ts';
import { renderIssue } from '../datafile/render-issue.ts';

/** So many mistakes are shown; whoever made more has lost sight of them anyway. */
const mostShown = 25;

/** Issues of any number of files as text, each with its line and caret, and what that means: `Nothing was run.` */
export async function renderIssues(
  issues: readonly Issue[],
  consequence = ' Nothing was run.',
): Promise<string> {
  const texts = new Map<string, string | undefined>();
  for (const { file, length } of issues) {
    if (length === 0 || texts.has(file)) continue;
    const source = await readSource(file);
    texts.set(file, Array.isArray(source) ? undefined : (source as { text: string }).text);
  }
  const shown = issues.slice(0, mostShown).map((issue) => {
    const text = texts.get(issue.file);
    return renderIssue(issue, text === undefined ? undefined : { text });
  });
  const rest = issues.length > mostShown ? `, of which the first ${mostShown} are shown` : '';
  const count = issues.length === 1 ? '1 mistake' : `${issues.length} mistakes`;
  return `${[...new Set(shown)].join('\n\n')}\n\n${count}${rest}.${consequence}`;
}
