import { useMemo } from 'preact/hooks';
import type { PageScenario, PageStep } from '../../src/report/html/page-data.ts';
import { formatDuration } from '../../src/time/duration.ts';
import { Compared } from './Compared.tsx';
import { Diagram } from './Diagram.tsx';
import { Differences } from './Differences.tsx';
import { entries } from './data.ts';
import { Icon, VerdictMark } from './Icons.tsx';
import { lay } from './lay.ts';
import { count, Foreign, Scrollable, Unseen } from './Text.tsx';

export function ScenarioView({ scenario }: { readonly scenario: PageScenario }) {
  const {
    title,
    variant,
    verdict,
    file,
    about,
    tags,
    rules,
    steps,
    simulated,
    differences = [],
    defect,
  } = scenario;
  const laid = useMemo(() => lay(steps, 'main'), [steps]);
  const twin = useMemo(() => simulated && lay(simulated, 'twin'), [simulated]);
  return (
    <article class="scenario">
      <header class="scenario-head">
        <p class="file">
          <Foreign text={file} />
        </p>
        <h1 tabIndex={-1}>
          <VerdictMark verdict={verdict} />
          <Foreign text={title} />
        </h1>
        {variant !== '' && (
          <p class="variant">
            <Foreign text={variant} />
          </p>
        )}
        {about !== '' && (
          <p class="about">
            <Foreign text={about} />
          </p>
        )}
        <p class="facts">
          <span class={`verdict verdict-${verdict}`}>{verdictWords(scenario)}</span>
          <span>{count(steps.length, 'step')}</span>
          {scenario.simulatedMs > 0 && !simulated && (
            <span>{formatDuration(scenario.simulatedMs)} simulated</span>
          )}
          <span>{formatDuration(scenario.realMs)} real</span>
          {[...tags, ...rules].map((tag) => (
            <span key={tag} class="tag">
              <Foreign text={tag} />
            </span>
          ))}
        </p>
      </header>
      {defect !== undefined && (
        <Scrollable class="defect" label="What broke it off">
          {defect}
        </Scrollable>
      )}
      <Failures steps={steps} />
      {differences.length > 0 && <Differences differences={differences} />}
      {twin ? (
        <Compared simulated={twin} real={laid} differences={differences} />
      ) : (
        <Diagram steps={laid} label="Dialogue" />
      )}
      <Neighbours id={scenario.id} />
    </article>
  );
}

function verdictWords({ verdict, steps }: PageScenario): string {
  const checks = steps.flatMap((step) => step.checks);
  const failed = checks.filter(({ passed }) => !passed).length;
  if (verdict === 'defect') return 'broken off';
  if (failed === 0) return `${verdict}, ${count(checks.length, 'check')}`;
  return `${failed} of ${count(checks.length, 'check')} did not hold`;
}

/** Ways to the steps that failed. */
function Failures({ steps }: { readonly steps: readonly PageStep[] }) {
  const failed = steps.filter(({ passed }) => !passed);
  if (failed.length === 0) return null;
  return (
    <nav class="failures" aria-label="Failed steps">
      {failed.map(({ number, title }) => (
        <button key={number} type="button" onClick={() => goTo(`main-step-${number}`)}>
          <Icon name="failed" /> <Foreign text={title} />
        </button>
      ))}
    </nav>
  );
}

function goTo(id: string): void {
  const failed = document.querySelector<HTMLElement>(`#${id} .failed-check`);
  failed?.scrollIntoView({ block: 'center' });
  failed?.focus({ preventScroll: true });
}

function Neighbours({ id }: { readonly id: number }) {
  const at = entries.findIndex((entry) => entry.id === id);
  const [before, after] = [entries[at - 1], entries[at + 1]];
  if (!before && !after) return null;
  return (
    <nav class="neighbours" aria-label="Other scenarios">
      {before && (
        <a class="quiet" href={`#/${before.id}`}>
          <Icon name="back" />
          <Unseen>Previous: </Unseen>
          <Foreign text={before.title} />
        </a>
      )}
      {after && (
        <a class="quiet on" href={`#/${after.id}`}>
          <Unseen>Next: </Unseen>
          <Foreign text={after.title} />
          <Icon name="on" />
        </a>
      )}
    </nav>
  );
}
