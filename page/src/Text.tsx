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

interface ScrollableProps {
  readonly label: string;
  readonly class: string;
  readonly children: ComponentChildren;
}

/** Preformatted text that may be wider or longer than its place. */
export function Scrollable({ label, class: name, children }: ScrollableProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: it is no set of controls
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard (WCAG 2.1.1)
    <div role="group" tabIndex={0} aria-label={label} class={`scrollable ${name}`}>
      <pre>{children}</pre>
    </div>
  );
}
