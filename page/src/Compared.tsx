import { useState } from 'preact/hooks';
import type { PageDifference } from '../../src/report/html/page-data.ts';
import { Diagram, Step } from './Diagram.tsx';
import { Icon } from './Icons.tsx';
import type { LaidStep } from './lay.ts';
import { Foreign } from './Text.tsx';

const views = ['both', 'real', 'simulated'] as const;
type View = (typeof views)[number];
const viewWords: Readonly<Record<View, string>> = {
  both: 'Side by side',
  real: 'Real',
  simulated: 'Simulated',
};

interface Props {
  readonly simulated: readonly LaidStep[];
  readonly real: readonly LaidStep[];
  readonly differences: readonly PageDifference[];
}

/** The dialogue with the simulated hosts beside that with the real one, step by step. */
export function Compared({ simulated, real, differences }: Props) {
  const [view, setView] = useState<View>('both');
  return (
    <>
      <fieldset class="views filters">
        <legend class="unseen">Dialogue</legend>
        {views.map((each) => (
          <label key={each} class={each === view ? 'chosen' : ''}>
            <input type="radio" name="view" checked={each === view} onChange={() => setView(each)} />
            {viewWords[each]}
          </label>
        ))}
      </fieldset>
      {view === 'both' ? (
        <Pairs simulated={simulated} real={real} differences={differences} />
      ) : (
        <Diagram steps={view === 'real' ? real : simulated} label={`Dialogue, ${view}`} />
      )}
    </>
  );
}

function Pairs({ simulated, real, differences }: Props) {
  const length = Math.max(simulated.length, real.length);
  return (
    <section class="pairs" aria-label="Dialogue, simulated and real">
      <p class="pair-heads" aria-hidden="true">
        <span>Simulated</span>
        <span>Real</span>
      </p>
      <ol class="steps">
        {Array.from({ length }, (_, i) => {
          const [left, right] = [simulated[i], real[i]];
          const number = right?.step.number ?? left?.step.number ?? i;
          const difference = differences.find(({ step }) => step === right?.step.number);
          return (
            <li
              key={number}
              class={`pair${difference ? (difference.matters ? ' differs' : ' words-differ') : ''}`}
            >
              {difference && (
                <p class="differs-label">
                  <Icon name="differs" /> <Foreign text={difference.title} />: {difference.how}
                </p>
              )}
              <div class="sides">
                <Side label="Simulated" laid={left} side="twin" />
                <Side label="Real" laid={right} side="main" />
              </div>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Side({
  label,
  laid,
  side,
}: {
  readonly label: string;
  readonly laid: LaidStep | undefined;
  readonly side: 'main' | 'twin';
}) {
  return (
    <div class={`side side-${side} diagram`}>
      <p class="side-label">{label}</p>
      {laid ? (
        <ol class="steps">
          <Step laid={laid} side={side} />
        </ol>
      ) : (
        <p class="not-reached">not reached</p>
      )}
    </div>
  );
}
