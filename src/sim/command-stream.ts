import { SMTPStream } from 'smtp-server/lib/smtp-stream.js';
import { nextRound } from '../time/event-loop.ts';
import { isClientHello } from './host-tls.ts';
import { LenientLines } from './lenient-lines.ts';

/** Command lines may be this long: RFC 5321 4.5.3.1.4 says 512, AUTH needs 12288 (RFC 4954 4). */
const longestLine = 16 * 1024;

/** Octets before the content of a TLS record: type, version, length. RFC 8446 5.1 */
const recordHeader = 5;

/** A flood of commands gives way to other connections after so many. */
const linesInOneGo = 100;

const nothing = Buffer.alloc(0);

/** The bytes of a BDAT chunk: all counted, the first of them kept. */
interface ChunkInProgress {
  left: number;
  room: number;
  readonly kept: Buffer[];
  readonly done: (kept: Buffer) => void;
}

/**
 * smtp-server's parser with command lines read by us: it tells whether more input waits behind a command, survives
 * overlong lines, and counts BDAT chunks. Message data after 354 is still smtp-server's work.
 */
export class CommandStream extends SMTPStream {
  #input: Buffer = nothing;
  #next: (() => void) | undefined;
  #chunk: ChunkInProgress | undefined;
  #skipping = false;
  /** Bytes of a TLS record that are still to come, and to be passed over. */
  #record = 0;
  #lines: LenientLines | undefined;
  #release: (() => void) | undefined;
  #bareEnd = false;

  /** Called instead of `oncommand` for a line that is too long; its bytes are gone. */
  onoverlong: (resume: () => void) => void = (resume) => resume();

  /** Called for a TLS record that stands where a command should; its bytes are gone. */
  onclienthello: (resume: () => void) => void = (resume) => resume();

  /** Keeps the clock from moving while a part of a message is read: smtp-server takes a round of the event loop for each dot. */
  hold: () => () => void = () => () => {};

  /** The last command line ended with LF alone. */
  get bareLineEnd(): boolean {
    return this.#bareEnd;
  }

  get inputWaiting(): boolean {
    return this.#input.length > 0;
  }

  /** Takes `size` bytes as they come and hands over the first `keep` of them when all have arrived. RFC 3030 2 */
  takeChunk(size: number, keep: number, done: (kept: Buffer) => void): void {
    this.#chunk = { left: size, room: keep, kept: [], done };
    this.#feedChunk();
  }

  /** Says, before each message, whether a bare LF ends a line of it as CRLF does, and so may end it. */
  expectMessage({ bareLineFeeds }: { readonly bareLineFeeds: boolean }): void {
    this.#lines = bareLineFeeds ? new LenientLines() : undefined;
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, next: (error?: Error | null) => void): void {
    if (this.isClosed || chunk.length === 0) return next();
    if (this._dataMode) return this.#writeData(chunk, encoding, next);
    this.#input = this.#input.length === 0 ? chunk : Buffer.concat([this.#input, chunk]);
    this.#next = () => next();
    if (this.#chunk) {
      const release = this.hold();
      this.#feedChunk();
      release();
    } else this.#readLines();
  }

  #writeData(chunk: Buffer, encoding: BufferEncoding, next: (error?: Error | null) => void): void {
    const release = this.hold();
    this.#release = release;
    super._write(this.#lines?.push(chunk) ?? chunk, encoding, (error) => {
      release();
      next(error);
    });
  }

  /** The message is complete; what is done about it may take its time. */
  override _endDataMode(
    chunk: Buffer | false,
    remainder: Buffer,
    callback: (error?: Error | null) => void,
  ): void {
    this.#release?.();
    super._endDataMode(chunk, remainder, callback);
  }

  /** smtp-server forgets the end of a message that comes while it is still carrying on behind the last one. */
  override continue(): void {
    const carryOn = this._continueCallback;
    if (typeof carryOn !== 'function') return super.continue();
    this._continueCallback = false;
    carryOn();
  }

  #readLines(): void {
    for (let count = 0; count < linesInOneGo; count++) {
      if (this.isClosed) return this.#wantMore();
      if (this._dataMode) return this.#passOn();
      const line = this.#takeLine();
      if (line === undefined) return this.#wantMore();
      let inside = true;
      let resumed = false;
      const resume = (): void => {
        if (inside) resumed = true;
        else this.#readLines();
      };
      if (line === 'overlong') this.onoverlong(resume);
      else if (line === 'client-hello') this.onclienthello(resume);
      else this.oncommand(line, resume);
      inside = false;
      if (!resumed) return; // the answer is still being thought about
    }
    nextRound(() => this.#readLines());
  }

  /** The next line without its end. A bare LF ends it too, as it does with most servers (rule SYN-01). */
  #takeLine(): Buffer | 'overlong' | 'client-hello' | undefined {
    if (this.#record > 0) this.#passOver();
    if (isClientHello(this.#input) && this.#input.length >= recordHeader) {
      this.#record = recordHeader + this.#input.readUInt16BE(3);
      this.#passOver();
      return 'client-hello';
    }
    const end = this.#input.indexOf(0x0a);
    if (end < 0) {
      if (this.#input.length > longestLine || this.#skipping) {
        this.#skipping = true;
        this.#input = nothing;
      }
      return undefined;
    }
    this.#bareEnd = this.#input[end - 1] !== 0x0d;
    const line = this.#input.subarray(0, this.#bareEnd ? end : end - 1);
    this.#input = this.#input.subarray(end + 1);
    const overlong = this.#skipping || line.length > longestLine;
    this.#skipping = false;
    return overlong ? 'overlong' : line;
  }

  #passOver(): void {
    const passed = Math.min(this.#record, this.#input.length);
    this.#record -= passed;
    this.#input = this.#input.subarray(passed);
  }

  #passOn(): void {
    const rest = this.#input;
    const next = this.#next ?? (() => {});
    this.#input = nothing;
    this.#next = undefined;
    if (rest.length === 0) next();
    else this.#writeData(rest, 'binary', next);
  }

  #feedChunk(): void {
    const chunk = this.#chunk;
    if (!chunk) return;
    const bytes = this.#input.subarray(0, chunk.left);
    this.#input = this.#input.subarray(bytes.length);
    chunk.left -= bytes.length;
    const kept = bytes.subarray(0, chunk.room);
    chunk.room -= kept.length;
    if (kept.length > 0) chunk.kept.push(kept);
    if (chunk.left > 0) return this.#wantMore();
    this.#chunk = undefined;
    chunk.done(Buffer.concat(chunk.kept));
  }

  #wantMore(): void {
    const next = this.#next;
    this.#next = undefined;
    next?.();
  }
}
