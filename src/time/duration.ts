const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

export const seconds = (n: number): number => n * units.s;
export const minutes = (n: number): number => n * units.m;
export const hours = (n: number): number => n * units.h;

/** One term (`90s`) or several (`1h30m`). */
export const durationShape = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;
const term = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g;

/** Reads `250ms`, `30s`, `15m`, `4h`, `1h30m` or `7d` as milliseconds; `undefined` when it is none of these. */
export function parseDuration(text: string): number | undefined {
  if (!durationShape.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(term))
    total += Number(amount) * units[unit as keyof typeof units];
  return total;
}

/** Writes milliseconds the way a person says them: `0 ms`, `1.5 s`, `4 h 10 min`. At most two terms. */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${trim(ms / 1_000)} s`;
  const steps = [
    ['d', units.d],
    ['h', units.h],
    ['min', units.m],
    ['s', units.s],
  ] as const;
  let left = Math.round(ms / 1_000) * 1_000;
  const parts: string[] = [];
  for (const [name, size] of steps) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count} ${name}`);
    if (parts.length === 2 || (parts.length === 1 && count === 0)) break;
  }
  return parts.join(' ');
}

function trim(n: number): string {
  return n.toFixed(n < 10 ? 2 : 1).replace(/\.?0+$/, '');
}
