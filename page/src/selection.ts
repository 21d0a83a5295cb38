import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Query } from './search.ts';

/** Which reply is explained, and what is searched for. */
interface Selected {
  readonly row: string | undefined;
  readonly select: (row: string | undefined) => void;
  readonly query: Query;
}

export const Selection = createContext<Selected>({ row: undefined, select: () => {}, query: [] });

export function useSelection(): Selected {
  return useContext(Selection);
}

/** The button of a row whose explanation can be asked for. */
export function buttonOf(row: string): HTMLElement | null {
  return document.getElementById(`row-${row}`);
}

/** Moves to the next or previous row that can be explained; gives its key. */
export function step(from: HTMLElement, by: 1 | -1): string | undefined {
  const all = [...document.querySelectorAll<HTMLElement>('.explained')];
  const next = all[all.indexOf(from) + by];
  next?.focus();
  return next?.id.replace(/^row-/, '');
}
