import { useEffect, useState } from 'preact/hooks';

/** What is shown: the overview, or a scenario and perhaps the explanation of one of its replies. */
export interface Route {
  readonly scenario: number | undefined;
  /** Key of a row, as `lay.ts` gives it. */
  readonly row: string | undefined;
}

/** `#/`, `#/12`, `#/12/main-3.5`. */
function readRoute(hash: string): Route {
  const [, scenario, row] = /^#\/(?:(\d{1,9})(?:\/([a-z]+-\d+\.\d+))?)?$/.exec(hash) ?? [];
  return { scenario: scenario === undefined ? undefined : Number(scenario), row };
}

function writeRoute({ scenario, row }: Route): string {
  if (scenario === undefined) return '#/';
  return row === undefined ? `#/${scenario}` : `#/${scenario}/${row}`;
}

/**
 * The address of the page says what is shown, so that it can be kept, sent, and gone back to. Links lead from scenario to
 * scenario; the second value chooses a row.
 */
export function useRoute(first: Route): [Route, (row: string | undefined) => void] {
  const [route, setRoute] = useState(() =>
    location.hash.startsWith('#/') ? readRoute(location.hash) : first,
  );
  useEffect(() => {
    const follow = (): void => setRoute(readRoute(location.hash));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  const select = (row: string | undefined): void => {
    const next = { scenario: route.scenario, row };
    // Another reply of the same scenario is no new page to go back from.
    history.replaceState(null, '', writeRoute(next));
    setRoute(next);
  };
  return [route, select];
}
