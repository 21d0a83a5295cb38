import type { Wording } from '../../sim/wording.ts';

/** A reply that a behaviour or an accent holds, and what it stands under: `unknown`, `not-owner`; empty for the only one. */
export interface NamedReply {
  readonly name: string;
  readonly lines: readonly string[];
}

/** All replies among the options of a behaviour, placeholders in braces as in the file. */
export function repliesIn(options: unknown): NamedReply[] {
  if (typeof options !== 'object' || options === null) return [];
  return Object.entries(options).flatMap(([key, value]): NamedReply[] => {
    if (isWording(value)) return [{ name: key === 'reply' ? '' : key, lines: linesOf(value) }];
    return key === 'replies' ? repliesIn(value) : [];
  });
}

/** The wire lines of a reply as they are written in a profile. */
export function linesOf({ lines }: Wording): string[] {
  return lines.map((line) => line.fill(() => undefined));
}

function isWording(value: unknown): value is Wording {
  return typeof value === 'object' && value !== null && 'code' in value && 'lines' in value;
}
