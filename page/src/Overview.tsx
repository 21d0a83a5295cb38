import type { AnswerKind, PageEntry } from '../../src/report/html/page-data.ts';
import { formatDuration } from '../../src/time/duration.ts';
import { entries, run } from './data.ts';
import { VerdictMark } from './Icons.tsx';
import { tally } from './search.ts';
import { count, Foreign, Scrollable, Unseen } from './Text.tsx';

interface Props {
  /** Searches for a word. */
  readonly onLook: (word: string) => void;
}

/** So many of a kind are shown. */
const most = 12;

/** What became of all of them. */
export function Overview({ onLook }: Props) {
  const { passed, failed, defects, notRun, simulatedMs, realMs, target, issues } = run;
  const broken = entries.filter(({ verdict }) => verdict !== 'passed');
  return (
    <article class="overview">
      <h1 tabIndex={-1}>{issues.length > 0 ? 'Nothing was run' : headline(passed, failed + defects)}</h1>
      <p class="lead">
        {[
          count(entries.length, 'scenario'),
          ...(notRun > 0 ? [`${notRun} not run`] : []),
          ...(target === undefined && simulatedMs > 0
            ? [`${formatDuration(simulatedMs)} of simulated time`]
            : []),
          ...(realMs > 0 ? [`${formatDuration(realMs)} for real`] : []),
        ].join(' · ')}
      </p>
      {issues.length > 0 && (
        <section aria-labelledby="issues">
          <h2 id="issues">Mistakes in files</h2>
          {issues.map((issue) => (
            <Scrollable key={issue} class="issue" label="A mistake">
              <Foreign text={issue} />
            </Scrollable>
          ))}
        </section>
      )}
      {broken.length > 0 && <Broken broken={broken} />}
      <div class="tallies">
        <Tally title="Reasons" of={({ code, reason }) => (code === '' ? '' : reason)} onLook={onLook} />
        <Tally title="Codes" of={({ code }) => code} onLook={onLook} />
        <Tally title="Providers" of={({ provider }) => provider} onLook={onLook} />
        <Tally title="Endings" of={({ code, reason }) => (code === '' ? reason : '')} onLook={onLook} />
      </div>
    </article>
  );
}

function headline(passed: number, failed: number): string {
  if (failed === 0) return passed === 1 ? 'The scenario passed' : `All ${passed} passed`;
  return `${failed} of ${passed + failed} failed`;
}

function Broken({ broken }: { readonly broken: readonly PageEntry[] }) {
  return (
    <section aria-labelledby="broken">
      <h2 id="broken">What failed</h2>
      <ul class="broken">
        {broken.map(({ id, title, variant, file, verdict }) => (
          <li key={id}>
            <a class="broken-one" href={`#/${id}`}>
              <VerdictMark verdict={verdict} />
              <span>
                <Foreign text={variant === '' ? title : `${title} (${variant})`} />
                <span class="file">
                  <Foreign text={file} />
                </span>
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** How often something occurs, to be looked for with a click. */
function Tally({
  title,
  of,
  onLook,
}: { readonly title: string; readonly of: (answer: AnswerKind) => string } & Pick<Props, 'onLook'>) {
  const all = tally(entries, of);
  const top = all[0]?.[1] ?? 1;
  if (all.length === 0) return null;
  const id = `tally-${title.toLowerCase()}`;
  return (
    <section class="tally" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <ul>
        {all.slice(0, most).map(([name, scenarios]) => (
          <li key={name}>
            <button type="button" onClick={() => onLook(name)}>
              <span class="bar" style={{ '--part': `${(100 * scenarios) / top}%` }} aria-hidden="true" />
              <span class="tally-name">
                <Foreign text={name} />
              </span>
              <span class="tally-number">
                {scenarios}
                <Unseen> {scenarios === 1 ? 'scenario' : 'scenarios'}; search for it</Unseen>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {all.length > most && <p class="more">and {all.length - most} more</p>}
    </section>
  );
}
