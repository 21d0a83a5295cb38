/** A timer that can still be called off. */
export interface Alarm {
  cancel(): void;
}

/**
 * The only source of time. Everything that waits or reads the time asks a clock, so that the same code
 * runs in real and in simulated time.
 */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** Calls `ring` once, `delay` ms from now. */
  alarm(delay: number, ring: () => void): Alarm;
  /** Resolves `delay` ms from now. */
  sleep(delay: number): Promise<void>;
  /**
   * Keeps simulated time from moving while real work is under way (a dial, a handshake, a file), until the
   * returned function is called. Calling it twice does no harm. A real clock ignores it.
   */
  hold(): () => void;
  /**
   * Registers a count of things on their way (bytes, a handshake); while it is not zero, simulated time stands still,
   * unless nothing at all has happened for long: a peer that stays silent must not stop time for good. Returns how to
   * undo it. A real clock ignores it.
   */
  watchWire(inFlight: () => number): () => void;
}

/** Awaits real work while the clock stands still. */
export async function holding<T>(clock: Clock, work: () => Promise<T>): Promise<T> {
  const release = clock.hold();
  try {
    return await work();
  } finally {
    release();
  }
}
