import type { Clock } from '../time/clock.ts';
import { minutes } from '../time/duration.ts';
import { type Command, shownLine } from './command.ts';
import { patiently } from './patience.ts';
import type { Wire } from './wire.ts';

/** One block of a large write. */
const blockBytes = 65_536;
/** How long the other side may take to read a block, in ms. RFC 5321 4.5.3.2.5 */
export const blockPatience = minutes(3);

/** Commands as they travel: a string where all of it is lines. */
export function bytesOf(commands: readonly Command[]): string | Buffer {
  const [only] = commands;
  if (only && commands.length === 1) {
    if (!only.octets) return `${only.line}\r\n`;
    if (only.bare) return only.octets;
  }
  if (commands.every(({ octets }) => !octets)) return commands.map(({ line }) => `${line}\r\n`).join('');
  return Buffer.concat(
    commands.flatMap(({ line, bare, octets }) => [
      Buffer.from(bare ? '' : `${line}\r\n`),
      octets ?? Buffer.alloc(0),
    ]),
  );
}

/** What a transcript may tell of the size: where passwords are blanked, not even their length. */
export function countShown(commands: readonly Command[], bytes: string | Buffer): number {
  if (commands.every(({ shown }) => shown === undefined)) return Buffer.byteLength(bytes);
  return commands.reduce((sum, command) => sum + Buffer.byteLength(shownLine(command)) + 2, 0);
}

export function isLarge(bytes: string | Buffer): boolean {
  return bytes.length > blockBytes;
}

/**
 * Writes block by block, each when the last has been taken. Resolves when all is written, when `going` turns false, or
 * when the other side has left a block unread for too long: then `late` is called.
 */
export async function writeBlocks(
  wire: Wire,
  bytes: Buffer,
  { clock, going, late }: { readonly clock: Clock; readonly going: () => boolean; readonly late: () => void },
): Promise<void> {
  for (let at = 0; at < bytes.length && going(); at += blockBytes) {
    if (wire.write(bytes.subarray(at, at + blockBytes))) continue;
    await patiently(clock, wire.drain(), { patience: blockPatience, late });
  }
}
