import type { Received } from './connection-exchange.ts';
import { messageBytesKept } from './message-intake.ts';

/** A message that comes in BDAT chunks. RFC 3030 2 */
export class ChunkIntake {
  #kept: Buffer[] = [];
  #bytes = 0;

  /** Bytes of the next chunk that are worth keeping. */
  get room(): number {
    return messageBytesKept - this.#kept.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  add(kept: Buffer, size: number): void {
    this.#kept.push(kept);
    this.#bytes += size;
  }

  /** The message so far; the next one starts anew. */
  take(): Received {
    const received = { kept: Buffer.concat(this.#kept), bytes: this.#bytes };
    this.#kept = [];
    this.#bytes = 0;
    return received;
  }
}
