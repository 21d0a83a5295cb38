import { useState } from 'preact/hooks';
import { Checks } from './Checks.tsx';
import { isBefore } from './Ending.tsx';
import type { LaidStep } from './lay.ts';
import { Row } from './Row.tsx';
import { useSelection } from './selection.ts';
import { Foreign } from './Text.tsx';

/** So many steps are drawn at once. */
const page = 120;

/** A dialogue as a sequence diagram: the client on the left, the host on the right, time downwards. */
export function Diagram({ steps, label }: { readonly steps: readonly LaidStep[]; readonly label: string }) {
  const { row } = useSelection();
  const selected = steps.findIndex(({ rows }) => rows.some(({ key }) => key === row));
  const [wanted, setWanted] = useState(page);
  const drawn = Math.max(wanted, selected + 1);
  const left = steps.length - drawn;
  return (
    <section class="diagram" aria-label={label}>
      <ol class="steps">
        {steps.slice(0, drawn).map((laid) => (
          <Step key={laid.step.number} laid={laid} side="main" />
        ))}
      </ol>
      {left > 0 && (
        <button type="button" class="quiet draw-more" onClick={() => setWanted(drawn + page)}>
          Draw {Math.min(left, page)} more of {left} steps
        </button>
      )}
    </section>
  );
}

export function Step({
  laid: { step, strand, through, after, rows },
  side,
}: {
  readonly laid: LaidStep;
  readonly side: 'main' | 'twin';
}) {
  const { number, title, named, skipped, checks, recipients, place, passed } = step;
  const silent = rows.length === 0;
  const unsaid = silent || rows.every(isBefore);
  return (
    <li class={`step through-${through}${passed ? '' : ' step-failed'}`} id={`${side}-step-${number}`}>
      {strand !== undefined && <p class="strand">{strand}</p>}
      {(named || unsaid) && (
        <p class="step-title">
          <Foreign text={title} />
          {skipped !== undefined && (
            <span class="skipped">
              not done: <Foreign text={skipped} />
            </span>
          )}
        </p>
      )}
      {!silent && (
        <ol class="rows">
          {rows.map((laid) => (
            <Row key={laid.key} laid={laid} />
          ))}
        </ol>
      )}
      {recipients.length > 1 && (
        <ul class="recipients" aria-label="Recipients">
          {recipients.map(({ recipient, outcome }) => (
            <li key={recipient}>
              <Foreign text={recipient} />{' '}
              <span>
                <Foreign text={outcome} />
              </span>
            </li>
          ))}
        </ul>
      )}
      {side === 'main' && <Checks checks={checks} place={place} line={after} />}
    </li>
  );
}
