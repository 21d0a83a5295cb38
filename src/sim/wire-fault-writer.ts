import type { Clock } from '../time/clock.ts';
import type { WireFault } from './decision.ts';

/** Writes a reply the way a broken server would. Resolves when the last piece is out. */
export async function writeSpoiled(
  write: (bytes: Buffer) => void,
  reply: string,
  fault: WireFault,
  clock: Clock,
): Promise<void> {
  const bytes = Buffer.from(reply);
  switch (fault.kind) {
    case 'split':
      return writePieces(write, bytes, fault, clock);
    case 'truncate':
      return write(bytes.subarray(0, fault.bytes));
    case 'bare-lf':
      return write(Buffer.from(reply.replaceAll('\r\n', '\n')));
    case 'doubled':
      return write(Buffer.concat([bytes, bytes]));
    case 'instead':
      return write(fault.bytes);
    case 'followed-by':
      return write(Buffer.concat([bytes, fault.bytes]));
    default:
      return fault satisfies never;
  }
}

async function writePieces(
  write: (bytes: Buffer) => void,
  reply: Buffer,
  { size, every, bytes = reply.length }: WireFault & { kind: 'split' },
  clock: Clock,
): Promise<void> {
  for (let i = 0; i < reply.length; ) {
    if (i > 0) await clock.sleep(every);
    const next = i < bytes ? i + size : reply.length;
    write(reply.subarray(i, next));
    i = next;
  }
}
