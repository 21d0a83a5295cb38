import type { ComponentChildren } from 'preact';

/** Words of the other side, or of a file: kept apart from the direction of writing around them. */
export function Foreign({ text }: { readonly text: string }) {
  return <bdi>{text}</bdi>;
}

/** For ears, not for eyes. */
export function Unseen({ children }: { readonly children: ComponentChildren }) {
  return <span class="unseen">{children}</span>;
}

/** `1 step`, `12 steps`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
}
