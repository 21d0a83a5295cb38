import type { Clock } from '../time/clock.ts';
import type { WireFault } from './decision.ts';

/** Writes a reply the way a broken server would. Resolves when the last piece is out. */
export async function writeSpoiled(write: (bytes: string) => void, bytes: string, fault: WireFault, clock: Clock): Promise<void> {
  switch (fault.kind) {
    case 'split':
      return writePieces(write, bytes, fault.size, fault.every, clock);
    case 'truncate':
      return write(bytes.slice(0, fault.bytes));
    case 'bare-lf':
      return write(bytes.replaceAll('\r\n', '\n'));
    case 'doubled':
      return write(bytes + bytes);
    case 'instead':
      return write(fault.bytes);
    case 'followed-by':
      return write(bytes + fault.bytes);
    default:
      return fault satisfies never;
  }
}

async function writePieces(write: (bytes: string) => void, bytes: string, size: number, every: number, clock: Clock): Promise<void> {
  for (let i = 0; i < bytes.length; i += size) {
    if (i > 0) await clock.sleep(every);
    write(bytes.slice(i, i + size));
  }
}
