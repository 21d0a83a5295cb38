import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { entries, run, scenarioOf } from './data.ts';
import { ExplanationPanel } from './ExplanationPanel.tsx';
import { Finder } from './Finder.tsx';
import { Overview } from './Overview.tsx';
import { type Route, useRoute } from './route.ts';
import { ScenarioView } from './ScenarioView.tsx';
import { type Filter, readQuery } from './search.ts';
import { Selection } from './selection.ts';
import { TopBar } from './TopBar.tsx';

/** A report of one scenario begins with it, a larger one with what became of all. */
const first: Route = { scenario: entries.length === 1 ? entries[0]?.id : undefined, row: undefined };

export function App() {
  const [route, select] = useRoute(first);
  const [search, setSearch] = useState('');
  const [filter, setFilter] = useState<Filter>('all');
  const [listed, setListed] = useState(false);
  const main = useRef<HTMLElement>(null);
  const query = useMemo(() => readQuery(search), [search]);
  const scenario = route.scenario === undefined ? undefined : scenarioOf(route.scenario);
  useTitle(scenario?.title);

  const shown = useRef(route.scenario);
  useEffect(() => {
    if (shown.current === route.scenario) return;
    shown.current = route.scenario;
    setListed(false);
    scrollTo(0, 0);
    main.current?.querySelector<HTMLElement>('h1')?.focus();
  }, [route.scenario]);

  const look = (words: string): void => {
    setSearch(words);
    setListed(true);
  };

  return (
    <Selection.Provider value={{ row: route.row, select, query }}>
      {/* biome-ignore lint/a11y/useValidAnchor: it leads into this page; the address stays as it is */}
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to the dialogue
      </a>
      <TopBar run={run} listed={listed} onList={() => setListed(!listed)} />
      <div class={`floor${scenario && route.row !== undefined ? ' with-panel' : ''}`}>
        <Finder
          listed={listed}
          search={search}
          onSearch={setSearch}
          filter={filter}
          onFilter={setFilter}
          query={query}
          current={route.scenario}
        />
        <main id="main" ref={main} tabIndex={-1}>
          {scenario ? <ScenarioView key={scenario.id} scenario={scenario} /> : <Overview onLook={look} />}
        </main>
        {scenario && route.row !== undefined && <ExplanationPanel scenario={scenario} row={route.row} />}
      </div>
    </Selection.Provider>
  );
}

function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title === undefined ? 'mxlab report' : `${title} · mxlab report`;
  }, [title]);
}
