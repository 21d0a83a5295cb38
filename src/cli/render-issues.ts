import type { Issue } from '../datafile/issue.ts';
import { readSource } from '../datafile/read-source.ts';
import { renderIssue } from '../datafile/render-issue.ts';

/** Issues of any number of files as text, each with its line and caret. */
export async function renderIssues(issues: readonly Issue[]): Promise<string> {
  const texts = new Map<string, string | undefined>();
  for (const { file, length } of issues) {
    if (length === 0 || texts.has(file)) continue;
    const source = await readSource(file);
    texts.set(file, Array.isArray(source) ? undefined : (source as { text: string }).text);
  }
  const shown = issues.map((issue) => {
    const text = texts.get(issue.file);
    return renderIssue(issue, text === undefined ? undefined : { text });
  });
  return `${[...new Set(shown)].join('\n\n')}\n\n${issues.length === 1 ? '1 mistake' : `${issues.length} mistakes`}. Nothing was run.`;
}
