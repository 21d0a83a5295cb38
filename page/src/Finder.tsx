import { useMemo, useRef } from 'preact/hooks';
import type { AnswerKind, PageEntry } from '../../src/report/html/page-data.ts';
import { formatDuration } from '../../src/time/duration.ts';
import { entries } from './data.ts';
import { VerdictMark } from './Icons.tsx';
import { type Filter, filters, filterWords, find, passes, type Query, tally } from './search.ts';
import { count, Foreign } from './Text.tsx';

interface Props {
  /** Whether the list is unfolded where there is no room for it beside the dialogue. */
  readonly listed: boolean;
  readonly search: string;
  readonly onSearch: (text: string) => void;
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
  readonly query: Query;
  readonly current: number | undefined;
}

interface Hit {
  readonly entry: PageEntry;
  readonly answers: readonly AnswerKind[];
}

/** The list of scenarios, and how to find one. */
export function Finder({ listed, search, onSearch, filter, onFilter, query, current }: Props) {
  const hits = useMemo(
    () =>
      entries
        .filter((entry) => passes(entry, filter))
        .map((entry) => ({ entry, ...find(entry, query) }))
        .filter(({ found }) => found),
    [filter, query],
  );
  return (
    <nav id="finder" class={`finder${listed ? ' listed' : ''}`} aria-label="Scenarios">
      <div class="finder-tools">
        <label class="search">
          <span class="search-label">Search code, reason, provider, title</span>
          <input
            type="search"
            value={search}
            list="hints"
            placeholder="550, 5.7.x, outlook"
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => onSearch(event.currentTarget.value)}
          />
        </label>
        <Hints />
        <Filters filter={filter} onFilter={onFilter} />
        <p class="found" role="status">
          {hits.length === entries.length
            ? count(entries.length, 'scenario')
            : `${hits.length} of ${count(entries.length, 'scenario')}`}
        </p>
      </div>
      <List hits={hits} current={current} />
    </nav>
  );
}

function Hints() {
  const hints = useMemo(
    () =>
      [
        ...tally(entries, ({ reason }) => reason),
        ...tally(entries, ({ provider }) => provider),
        ...tally(entries, ({ code }) => code),
        ...tally(entries, ({ enhanced }) => enhanced),
      ].map(([name]) => name),
    [],
  );
  return (
    <datalist id="hints">
      {hints.map((hint) => (
        <option key={hint} value={hint} />
      ))}
    </datalist>
  );
}

function Filters({ filter, onFilter }: Pick<Props, 'filter' | 'onFilter'>) {
  const offered = filters.filter(
    (each) => each !== 'differing' || entries.some((entry) => entry.differences !== undefined),
  );
  return (
    <fieldset class="filters">
      <legend class="unseen">Show</legend>
      {offered.map((each) => (
        <label key={each} class={each === filter ? 'chosen' : ''}>
          <input
            type="radio"
            name="filter"
            value={each}
            checked={each === filter}
            onChange={() => onFilter(each)}
          />
          {filterWords[each]}{' '}
          <span class="number">{entries.filter((entry) => passes(entry, each)).length}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** One stop for the tabulator; arrows, Home and End go on from there. */
function List({ hits, current }: { readonly hits: readonly Hit[] } & Pick<Props, 'current'>) {
  const list = useRef<HTMLDivElement>(null);
  const groups = useMemo(() => groupsOf(hits), [hits]);
  const stop = hits.some(({ entry }) => entry.id === current) ? current : hits[0]?.entry.id;
  const walk = (event: KeyboardEvent): void => {
    const links = [...(list.current?.querySelectorAll<HTMLElement>('a') ?? [])];
    const at = links.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    links[to]?.focus();
  };
  if (hits.length === 0)
    return <p class="nothing">Nothing fits. Try a code such as 450, or a part of a title.</p>;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows only move between the links inside
    <div class="list" ref={list} onKeyDown={walk}>
      {groups.map(([folder, inside]) => (
        <section key={folder} class="group">
          <h2 class="folder">
            <Foreign text={folder} /> <span class="number">{inside.length}</span>
          </h2>
          <ul>
            {inside.map((hit) => (
              <Item key={hit.entry.id} hit={hit} current={current} stop={stop === hit.entry.id} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Item({
  hit: { entry, answers },
  current,
  stop,
}: { readonly hit: Hit; readonly stop: boolean } & Pick<Props, 'current'>) {
  const { id, title, variant, verdict, simulatedMs } = entry;
  return (
    <li>
      <a
        href={`#/${id}`}
        class="item"
        aria-current={id === current ? 'page' : undefined}
        tabIndex={stop ? 0 : -1}
      >
        <VerdictMark verdict={verdict} />
        <span class="item-words">
          <Foreign text={title} />
          {variant !== '' && (
            <span class="variant">
              <Foreign text={variant} />
            </span>
          )}
          {answers.length > 0 && (
            <span class="hits">
              {answers.slice(0, 3).map(({ code, enhanced, reason }) => (
                <span key={`${code} ${enhanced} ${reason}`} class="hit">
                  {`${code} ${enhanced} ${reason}`.trim().replace(/\s+/g, ' ')}
                </span>
              ))}
            </span>
          )}
        </span>
        {simulatedMs >= 1_000 && <span class="item-time">{formatDuration(simulatedMs)}</span>}
      </a>
    </li>
  );
}

/** By folder, in the order of the run. */
function groupsOf(hits: readonly Hit[]): (readonly [string, readonly Hit[]])[] {
  const groups = new Map<string, Hit[]>();
  for (const hit of hits) {
    const folder = hit.entry.file.includes('/') ? hit.entry.file.replace(/\/[^/]*$/, '') : '.';
    groups.set(folder, [...(groups.get(folder) ?? []), hit]);
  }
  return [...groups];
}
