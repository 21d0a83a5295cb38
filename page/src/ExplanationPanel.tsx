import { useEffect, useRef } from 'preact/hooks';
import type { PageRow, PageScenario } from '../../src/report/html/page-data.ts';
import { stageFacts } from '../../src/smtp/stage.ts';
import { formatDuration } from '../../src/time/duration.ts';
import { explanationOf } from './data.ts';
import { EndingExplained } from './EndingExplained.tsx';
import { Icon } from './Icons.tsx';
import { ReplyExplained } from './ReplyExplained.tsx';
import { buttonOf, useSelection } from './selection.ts';
import { Foreign, Unseen } from './Text.tsx';

/** What is known about the chosen reply or ending, beside the dialogue. */
export function ExplanationPanel({
  scenario,
  row: key,
}: {
  readonly scenario: PageScenario;
  readonly row: string;
}) {
  const { select } = useSelection();
  const panel = useRef<HTMLElement>(null);
  const row = rowOf(scenario, key);
  const explanation =
    row && 'explained' in row && row.explained !== undefined ? explanationOf(row.explained) : undefined;
  useEffect(() => {
    panel.current?.scrollTo(0, 0);
    buttonOf(key)?.scrollIntoView({ block: 'nearest' });
  }, [key]);
  const close = (): void => {
    select(undefined);
    buttonOf(key)?.focus();
  };
  return (
    <aside
      id="explanation"
      class="panel"
      aria-label="Explanation"
      ref={panel}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
    >
      <div class="panel-top">
        <p class="eyebrow">{row && <Circumstances row={row} />}</p>
        <button type="button" class="quiet close" onClick={close} aria-label="Close the explanation">
          <Icon name="close" />
        </button>
      </div>
      {row?.kind === 'reply' && explanation?.of === 'reply' && (
        <ReplyExplained reply={row} explanation={explanation} />
      )}
      {explanation?.of === 'ending' && <EndingExplained row={row} explanation={explanation} />}
      {!explanation && <h2 tabIndex={-1}>There is nothing to explain here</h2>}
    </aside>
  );
}

/** The row that a key of `lay.ts` means. */
function rowOf({ steps, simulated = [] }: PageScenario, key: string): PageRow | undefined {
  const [, side, step, row] = /^(main|twin)-(\d+)\.(\d+)$/.exec(key) ?? [];
  return (side === 'twin' ? simulated : steps)[Number(step)]?.rows[Number(row)];
}

function Circumstances({ row }: { readonly row: PageRow }) {
  const stage = 'stage' in row ? stageFacts[row.stage].said : undefined;
  const elapsed = row.kind === 'reply' ? row.elapsedMs : undefined;
  return (
    <>
      {row.host !== undefined && <Foreign text={row.host} />}
      {stage !== undefined && <span> in reply to {stage}</span>}
      {elapsed !== undefined && elapsed >= 1_000 && <span>, after {formatDuration(elapsed)}</span>}
      <Unseen>. Escape goes back to the dialogue.</Unseen>
    </>
  );
}
