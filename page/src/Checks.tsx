import type { PageCheck } from '../../src/report/html/page-data.ts';
import { Icon } from './Icons.tsx';
import type { LaidRow } from './lay.ts';
import { Foreign, Scrollable } from './Text.tsx';

interface Props {
  readonly checks: readonly PageCheck[];
  readonly place: string;
  /** How the lifeline of the host runs beside it. */
  readonly line: LaidRow['line'];
}

/** What was expected of a step: in short where it held, with its place in the file where it did not. */
export function Checks({ checks, place, line }: Props) {
  const held = checks.filter(({ passed }) => passed);
  const failed = checks.filter(({ passed }) => !passed);
  if (checks.length === 0) return null;
  return (
    <div class={`row checks line-${line}`}>
      <div class="talk">
        {held.length > 0 && (
          <ul class={`held${held.every(isUsual) ? ' usual' : ''}`} title={place}>
            {held.map((check, i) => (
              <li key={`${i} ${check.path}`}>
                <Icon name="passed" />
                <span class="unseen">held: </span>
                <span class={isUsual(check) ? 'unseen' : ''}>
                  <Foreign text={inShort(check.expected)} />
                </span>
              </li>
            ))}
          </ul>
        )}
        {failed.map((check, i) => (
          <FailedCheck key={`${i} ${check.path}`} check={check} />
        ))}
      </div>
    </div>
  );
}

/** What every step is expected to do unless its file says otherwise. */
function isUsual({ expected }: PageCheck): boolean {
  return expected.startsWith('success');
}

/** `success (a 2xx or 3xx reply)` is said too often for that. */
function inShort(expected: string): string {
  return expected.replace(/^(\w+) \(.*\)$/, '$1');
}

function FailedCheck({ check: { expected, found, excerpt, path } }: { readonly check: PageCheck }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: there is no element for a thing that failed
    <div
      class="failed-check"
      role="group"
      tabIndex={-1}
      aria-label={`Failed check${path === '' ? '' : ` of ${path}`}`}
    >
      {excerpt && (
        <>
          <p class="failed-place">
            <Icon name="failed" /> <Foreign text={excerpt.place} />
          </p>
          <Scrollable class="excerpt" label="The place in the file">
            {excerpt.before.map(({ number, text }) => (
              <span key={number} class="excerpt-line">
                <span class="line-number">{number}</span>
                <Foreign text={text} />
              </span>
            ))}
            <span class="excerpt-line meant">
              <span class="line-number">{excerpt.number}</span>
              <Foreign text={excerpt.text} />
            </span>
            <span class="excerpt-line carets">
              <span class="line-number" />
              {excerpt.carets}
            </span>
          </Scrollable>
        </>
      )}
      <dl>
        <dt>expected</dt>
        <dd>
          <Foreign text={expected} />
        </dd>
        <dt>found</dt>
        <dd>
          <Foreign text={found} />
        </dd>
      </dl>
    </div>
  );
}
