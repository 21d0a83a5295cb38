import type { Verdict } from '../../src/report/html/page-data.ts';

/** Drawn in the colour of the text around; whoever uses one says in words what it means. */
const paths = {
  passed: 'M3 8.5 6.5 12 13 4.5',
  failed: 'M4 4l8 8M12 4l-8 8',
  defect: 'M8 3v6.2M8 12.4v.6',
  lock: 'M4.5 7.5h7v5.5h-7zM6 7.5V5.2a2 2 0 0 1 4 0v2.3',
  'lock-broken': 'M4.5 7.5h7v5.5h-7zM6 7.5V5.2a2 2 0 0 1 3.4-1.4M8 9l-.8 1.4h1.6L8 12',
  pause:
    'M5 2.5h6M5 13.5h6M5.6 2.5c0 3 4.8 4 4.8 5.5s-4.8 2.5-4.8 5.5M10.4 2.5c0 3-4.8 4-4.8 5.5s4.8 2.5 4.8 5.5',
  closed: 'M5.5 2.5v11M5.5 8H13M10 5l3 3-3 3M2.5 2.5v11',
  reset: 'M9.2 1.8 4.2 8.6h3.4l-.8 5.6 5-6.8H8.4z',
  silence: 'M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2zM8 5v3.2l2.2 1.4',
  misspoke: 'M2.5 3h11v7.5h-6l-3 2.8v-2.8h-2zM6.5 5l3 3.4M9.5 5l-3 3.4',
  unreachable: 'M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2zM4 12 12 4',
  message: 'M2 4h12v8.5H2zM2 4.4l6 4.6 6-4.6',
  close: 'M4 4l8 8M12 4l-8 8',
  back: 'M10 3 5 8l5 5',
  on: 'M6 3l5 5-5 5',
  differs: 'M3 6h10M3 10h10M11 3 5 13',
  system: 'M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11',
  light:
    'M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6zM8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.2 1.2M11.8 11.8 13 13M13 3l-1.2 1.2M4.2 11.8 3 13',
  dark: 'M13 9.6A5.5 5.5 0 0 1 6.4 3 5.5 5.5 0 1 0 13 9.6z',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}

export function VerdictMark({ verdict }: { readonly verdict: Verdict }) {
  return (
    <span class={`mark mark-${verdict}`}>
      <Icon name={verdict} />
      <span class="unseen">{verdict === 'defect' ? 'broken off' : verdict}: </span>
    </span>
  );
}
