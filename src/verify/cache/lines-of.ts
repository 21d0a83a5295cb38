import { readSync } from 'node:fs';
import { mostLine } from './keyed-lines.ts';

const piece = 1 << 20;

/** A whole line, without its end; it is overwritten when the next one is asked for. */
export interface PlacedLine {
  readonly line: Buffer;
  /** Where it begins, in bytes. */
  readonly offset: number;
}

/** The lines of an open file from `from` on, in little memory. What has no end is none; what is longer than any of ours is passed over. */
export function* linesOf(descriptor: number, from = 0): Generator<PlacedLine> {
  const bytes = Buffer.allocUnsafe(piece);
  let held = 0;
  let begin = from;
  let passing = false;
  for (;;) {
    const read = readSync(descriptor, bytes, held, piece - held, begin + held);
    if (read === 0) return;
    const filled = held + read;
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0 && end < filled; end = bytes.indexOf(10, start)) {
      if (!passing && end > start) yield { line: bytes.subarray(start, end), offset: begin + start };
      passing = false;
      start = end + 1;
    }
    held = filled - start;
    begin += start;
    if (held > mostLine) {
      passing = true;
      begin += held;
      held = 0;
    } else bytes.copyWithin(0, start, filled);
  }
}
