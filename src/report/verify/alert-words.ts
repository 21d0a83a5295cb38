import { formatDuration } from '../../time/duration.ts';
import type { Alert } from '../../verify/list/alerts.ts';

/** An alert in a sentence: `alert: blocked>5%: 7 of the latest 100 results (7%).` */
export function describeAlert({ state, threshold, count, of }: Alert): string {
  const { text, window } = threshold;
  const which =
    'ms' in window ? `${of} results of the latest ${formatDuration(window.ms)}` : `the latest ${of} results`;
  const share = of === 0 ? 0 : (count / of) * 100;
  const now = `${count} of ${which} (${share < 10 ? share.toFixed(1) : Math.round(share)}%)`;
  return state === 'raised' ? `alert: ${text}: ${now}.` : `alert is over: ${text}: ${now}.`;
}
