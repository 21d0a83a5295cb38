import type { Socket } from 'node:net';

/** How the other side of a socket went away. */
export type Loss =
  | { readonly kind: 'disconnected'; readonly how: 'closed' | 'reset' }
  /** TLS broke inside the session. `code` is OpenSSL's. */
  | { readonly kind: 'tls-failed'; readonly code: string; readonly why: string };

/** Who hears what comes in. */
export interface Ear {
  heard(chunk: Buffer): void;
  lost(loss: Loss): void;
}

/**
 * Bytes in and out of one socket, in clear or under TLS. Reports each chunk, and once how the other side left; never
 * throws. `raw` is the TCP socket below TLS, the same one in clear.
 */
export class Wire {
  readonly #socket: Socket;
  readonly #raw: Socket;
  #ear: Ear | undefined;
  #broken: string | undefined;
  #drained: (() => void) | undefined;
  #left: (() => void)[] = [];
  #closed: (() => void)[] = [];

  constructor(socket: Socket, raw: Socket, ear: Ear) {
    this.#socket = socket;
    this.#raw = raw;
    this.#ear = ear;
    keepReadingAfterFailedWrite(socket, (code) => {
      this.#broken ??= code;
    });
    socket.on('data', this.#onData);
    socket.on('end', this.#onEnd);
    socket.on('error', this.#onError);
    socket.on('close', this.#onClose);
    socket.on('drain', this.#onDrain);
  }

  /** False when the bytes wait in our own buffers: see `drain`. */
  write(bytes: string | Buffer): boolean {
    if (this.#broken !== undefined) return true; // what has failed once fails for good; the reading side says how it ends
    return typeof bytes === 'string' ? this.#socket.write(bytes, 'utf8') : this.#socket.write(bytes);
  }

  /** Resolves when all is handed to the system, or the socket is gone. */
  drain(): Promise<void> {
    if (!this.#socket.writableNeedDrain || this.#socket.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#drained = resolve;
    });
  }

  /** Hangs up in good order: FIN behind what has been written. The other side may still talk. */
  end(): void {
    this.#socket.end();
  }

  /** Hangs up in good order and turns away: what the other side still says is not heard. */
  endAtOnce(): void {
    this.#ear = undefined;
    if (this.#socket === this.#raw && this.#socket.writableLength === 0) this.#socket.destroy();
    else this.#socket.destroySoon();
  }

  /**
   * RST. Under TLS it belongs to the socket below, and TLS follows by itself: destroying it as well crashes Node when it
   * happens inside a handshake's last callback (20.20).
   */
  reset(): void {
    this.#ear = undefined;
    this.#raw.resetAndDestroy();
  }

  destroy(): void {
    this.#ear = undefined;
    this.#socket.destroy();
    if (this.#socket !== this.#raw) this.#raw.destroy();
    this.#onDrain();
  }

  /** Resolves when the other side has hung up, or the socket is gone. */
  left(): Promise<void> {
    if (this.#socket.closed || this.#socket.readableEnded) return Promise.resolve();
    return new Promise((resolve) => void this.#left.push(resolve));
  }

  /** Resolves when the socket is closed on our side. */
  closed(): Promise<void> {
    if (this.#socket.closed) return Promise.resolve();
    return new Promise((resolve) => void this.#closed.push(resolve));
  }

  /** Gives the TCP socket away, for TLS to be laid over it. */
  release(): Socket {
    this.#ear = undefined;
    this.#socket.off('data', this.#onData).off('end', this.#onEnd);
    return this.#raw; // keeps the others: a late error is nobody's defect, and somebody may wait for `closed`
  }

  readonly #onData = (chunk: Buffer): void => this.#ear?.heard(chunk);

  /** FIN. A write that failed before with ECONNRESET has seen the RST, which is then no longer there to be read. */
  readonly #onEnd = (): void => this.#lose({ kind: 'disconnected', how: howOf(this.#broken) });

  readonly #onError = (error: NodeJS.ErrnoException & { reason?: string }): void => {
    const code = error.code ?? '';
    if (/^ERR_(?:SSL|TLS)/.test(code))
      this.#lose({ kind: 'tls-failed', code, why: error.reason ?? error.message });
    else this.#lose({ kind: 'disconnected', how: howOf(this.#broken ?? code) });
  };

  readonly #onClose = (): void => {
    this.#lose({ kind: 'disconnected', how: howOf(this.#broken) });
    this.#onDrain();
    for (const tell of this.#closed) tell();
  };

  readonly #onDrain = (): void => {
    const drained = this.#drained;
    this.#drained = undefined;
    drained?.();
  };

  #lose(loss: Loss): void {
    const ear = this.#ear;
    this.#ear = undefined;
    ear?.lost(loss);
    for (const tell of this.#left) tell();
  }
}

/** EPIPE speaks of a FIN that came before; every other error has cut the connection. */
function howOf(code: string | undefined): 'closed' | 'reset' {
  return code === undefined || code === 'EPIPE' ? 'closed' : 'reset';
}

/**
 * Node destroys a socket whose write has failed, and with it a reply that waits unread: the 421 of a host that hung up
 * just before we spoke (seen with Node 20.20). So a failed write is told to us and not to the stream.
 */
function keepReadingAfterFailedWrite(socket: Socket, failed: (code: string) => void): void {
  const { _write, _writev } = socket;
  const settle =
    (done: (error?: Error | null) => void) =>
    (error?: NodeJS.ErrnoException | null): void => {
      if (error) failed(error.code ?? 'EPIPE');
      done();
    };
  socket._write = (chunk, encoding, done) => _write.call(socket, chunk, encoding, settle(done));
  if (_writev) socket._writev = (chunks, done) => _writev.call(socket, chunks, settle(done));
}
