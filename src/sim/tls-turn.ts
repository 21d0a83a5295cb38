import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { Clock } from '../time/clock.ts';
import type { TlsTrouble } from './behaviour.ts';
import { brokenOff, type DialogueRecorder, noClientHello, plainText } from './dialogue-recorder.ts';
import { botchHandshake, isClientHello, whenFirstHeard } from './host-tls.ts';
import type { LimitAlarms } from './limit-alarms.ts';

/** What it takes to lay TLS over a connection. */
interface TlsBed {
  readonly raw: Socket;
  readonly clock: Clock;
  readonly limits: LimitAlarms;
  readonly dialogue: DialogueRecorder | undefined;
  /** Where the turn came: before any word, or behind the 220 to STARTTLS. */
  readonly stage: 'connect' | 'starttls';
  readonly trouble: () => TlsTrouble;
  readonly secureContext: (trouble: TlsTrouble) => Promise<SecureContext>;
  /** Whether it is on its end. */
  readonly over: () => boolean;
  readonly close: () => void;
  readonly reset: () => void;
  readonly upgrade: (context: SecureContext) => void;
}

/** It is the client's turn to begin with TLS: behind STARTTLS, or from the first byte. Nothing may be said meanwhile. */
export class TlsTurn {
  readonly #bed: TlsBed;
  #state: 'before' | 'waiting' | 'botching' | 'over' = 'before';
  #release: (() => void) | undefined;

  constructor(bed: TlsBed) {
    this.#bed = bed;
  }

  /** The host may not speak now. */
  get silent(): boolean {
    return this.#state === 'waiting' || this.#state === 'botching';
  }

  begin(): void {
    const { raw, limits, close } = this.#bed;
    this.#state = 'waiting';
    limits.startIdle();
    whenFirstHeard(raw, (bytes) => {
      limits.stopIdle();
      if (bytes === undefined) return close();
      if (!isClientHello(bytes)) hearPlainText(bytes, this.#bed);
      this.#answer();
    });
  }

  /** TLS is up, or the connection has gone. */
  end(): void {
    const { dialogue, stage } = this.#bed;
    if (this.#state === 'waiting') dialogue?.handshakeFailed(noClientHello, stage);
    this.#state = 'over';
    this.#release?.();
  }

  #answer(): void {
    const {
      clock,
      dialogue,
      stage,
      trouble: find,
      secureContext,
      over,
      raw,
      close,
      reset,
      upgrade,
    } = this.#bed;
    const trouble = find();
    const release = clock.hold();
    this.#state = 'botching';
    this.#release = release;
    void secureContext(trouble).then((context) => {
      if (over()) return release();
      if (!trouble.handshake) return upgrade(context);
      release();
      if (trouble.handshake.how !== 'silence')
        dialogue?.handshakeFailed(brokenOff[trouble.handshake.how], stage);
      botchHandshake(raw, trouble.handshake, context, { close, reset });
    });
  }
}

/** The first line of what a client says to a host that waits for a ClientHello. */
function hearPlainText(bytes: Buffer, { dialogue, stage }: TlsBed): void {
  const line = bytes.toString('latin1').split(/\r?\n/)[0] ?? '';
  if (/^[ -~]+$/.test(line)) dialogue?.heard(Buffer.from(line), false);
  dialogue?.handshakeFailed(plainText, stage);
}
