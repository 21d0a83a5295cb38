import type { Readable } from 'node:stream';

/** So much of a message is kept for behaviours to look at; the rest is counted and dropped. Bytes. */
export const messageBytesKept = 1024 * 1024;

interface Intake {
  /** So many bytes of the message have arrived that the connection is to end here. */
  onCut(): void;
  onEnd(kept: Buffer, bytes: number): void;
}

/** Reads a message to its end, or to the byte at which the host breaks off. */
export function collectMessage(
  stream: Readable,
  cutAfter: number | undefined,
  { onCut, onEnd }: Intake,
): void {
  const kept: Buffer[] = [];
  let bytes = 0;
  let cut = false;
  stream.on('data', (chunk: Buffer) => {
    if (bytes < messageBytesKept) kept.push(chunk.subarray(0, messageBytesKept - bytes));
    bytes += chunk.length;
    if (cut || cutAfter === undefined || bytes < cutAfter) return;
    cut = true;
    onCut();
  });
  stream.on('end', () => {
    if (!cut) onEnd(kept.length === 1 ? (kept[0] as Buffer) : Buffer.concat(kept), bytes);
  });
}
