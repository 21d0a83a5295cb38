import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Colours by name, light and dark. */
const tokens = new Map(
  [
    ...readFileSync(new URL('../../page/src/style/tokens.css', import.meta.url), 'utf8').matchAll(
      /--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g,
    ),
  ].map(([, name = '', light = '', dark = '']) => [name, [light, dark] as const]),
);

/** WCAG 2.2, relative luminance. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** Text on its grounds; gradients and overlaps, which axe leaves undecided, among them. */
const pairs: readonly (readonly [string, readonly string[]])[] = [
  ['ink', ['paper', 'raised', 'sunk', 'tls-paper', 'bad-paper', 'warn-paper', 'accent-paper', 'mark-paper']],
  ['faint', ['paper', 'raised', 'sunk', 'tls-paper', 'accent-paper']],
  ['accent', ['paper', 'raised']],
  ['client', ['paper', 'raised', 'tls-paper']],
  ['good', ['paper', 'raised', 'tls-paper', 'good-paper', 'accent-paper']],
  ['go-on', ['paper', 'tls-paper']],
  ['warn', ['paper', 'tls-paper', 'warn-paper']],
  ['bad', ['paper', 'raised', 'tls-paper', 'bad-paper', 'accent-paper', 'sunk']],
  ['tls', ['paper', 'tls-paper']],
];

test.each(pairs.flatMap(([text, grounds]) => grounds.map((ground) => [text, ground] as const)))(
  '%s on %s can be read: 4.5 to 1 (WCAG 2.2, 1.4.3)',
  (text, ground) => {
    for (const side of [0, 1] as const) {
      const ratio = contrast(tokens.get(text)?.[side] ?? '', tokens.get(ground)?.[side] ?? '');
      expect(ratio, side === 0 ? 'light' : 'dark').toBeGreaterThanOrEqual(4.5);
    }
  },
);
