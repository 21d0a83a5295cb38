import type { ComponentChildren } from 'preact';
import { Foreign } from './Text.tsx';

/** The host's end of the diagram. */
export function Head({ name, provider }: { readonly name: string; readonly provider: string }) {
  return (
    <span class="head host">
      <Foreign text={name} />
      {provider !== '' && (
        <span class="head-provider">
          <Foreign text={provider} />
        </span>
      )}
    </span>
  );
}

/** The arrow. What it means stands in words beside it. */
export function Wire({
  to,
  label,
  end,
}: {
  readonly to: 'host' | 'client';
  readonly label?: ComponentChildren;
  readonly end?: string;
}) {
  return (
    <span class={`wire to-${to}`}>
      {label !== undefined && <span class="wire-label">{label}</span>}
      <span class="arrow" aria-hidden="true" />
      {end !== undefined && <span class="wire-end">{end}</span>}
    </span>
  );
}
