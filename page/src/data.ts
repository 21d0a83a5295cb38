import type { PageEntry, PageExplanation, PageRun, PageScenario } from '../../src/report/html/page-data.ts';

/** What stands in the page as JSON, put there by `src/report/html/page-writer.ts`. */
function read<T>(id: string): T {
  const text = document.getElementById(id)?.textContent;
  if (text == null) throw new Error(`the page has no data called ${id}`);
  return JSON.parse(text) as T;
}

export const run = read<PageRun>('run');
export const entries = read<readonly PageEntry[]>('entries');

const explanations = read<readonly PageExplanation[]>('explanations');

export function explanationOf(number: number): PageExplanation | undefined {
  return explanations[number];
}

/** Dialogues are large: each is read when it is shown, and only the last is kept. */
let latest: PageScenario | undefined;

export function scenarioOf(id: number): PageScenario | undefined {
  if (!entries.some((entry) => entry.id === id)) return undefined;
  if (latest?.id !== id) latest = read<PageScenario>(`scenario-${id}`);
  return latest;
}
