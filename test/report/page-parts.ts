import type {
  PageEntry,
  PageExplanation,
  PageRow,
  PageRun,
  PageScenario,
} from '../../src/report/html/page-data.ts';

/** A report taken apart again. */
export interface PageParts {
  readonly html: string;
  /** The text of each element with data, by its id. */
  readonly data: ReadonlyMap<string, string>;
  readonly run: PageRun;
  readonly entries: readonly PageEntry[];
  readonly explanations: readonly PageExplanation[];
  readonly scenarios: readonly PageScenario[];
}

export function readPage(html: string): PageParts {
  const data = new Map(
    [...html.matchAll(/<script type="application\/json" id="([^"]+)">(.*?)<\/script>/gs)].map(
      ([, id = '', text = '']) => [id, text],
    ),
  );
  const read = <T>(id: string): T => JSON.parse(data.get(id) ?? 'null') as T;
  const entries = read<readonly PageEntry[]>('entries');
  return {
    html,
    data,
    run: read('run'),
    entries,
    explanations: read('explanations'),
    scenarios: entries.map(({ id }) => read(`scenario-${id}`)),
  };
}

export function rowsOf({ steps }: PageScenario): readonly PageRow[] {
  return steps.flatMap(({ rows }) => rows);
}
