import type { ComponentChildren } from 'preact';
import type { AnswerKind } from '../../src/report/html/page-data.ts';
import { fits } from './search.ts';
import { step, useSelection } from './selection.ts';
import { Unseen } from './Text.tsx';

interface Props {
  readonly laidKey: string;
  /** What the search compares; nothing where it does not apply. */
  readonly answer: AnswerKind | undefined;
  readonly pill?: boolean;
  readonly children: ComponentChildren;
}

/** Something that can be asked about: a click or Enter explains it, arrows go to the next one. */
export function Explained({ laidKey, answer, pill = false, children }: Props) {
  const { row, select, query } = useSelection();
  const open = row === laidKey;
  const found = answer !== undefined && query.length > 0 && query.some((word) => fits(answer, word));
  const walk = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') select(undefined);
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const next = step(event.currentTarget as HTMLElement, by as 1 | -1);
    // With the explanation open, whoever walks on reads on.
    if (row !== undefined && next !== undefined) select(next);
  };
  return (
    <button
      type="button"
      id={`row-${laidKey}`}
      class={`explained ${pill ? 'pill tls' : 'say'}${open ? ' open' : ''}${found ? ' found-here' : ''}`}
      aria-expanded={open}
      aria-controls={open ? 'explanation' : undefined}
      onKeyDown={walk}
      onClick={(event) => {
        select(laidKey);
        // Who comes by keyboard wants to read on there; a mouse leaves the focus where it is.
        if (event.detail === 0)
          requestAnimationFrame(() => document.querySelector<HTMLElement>('#explanation h2')?.focus());
      }}
    >
      {found && <Unseen>found: </Unseen>}
      {children}
    </button>
  );
}
