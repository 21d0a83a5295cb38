import type { Socket } from 'node:net';
import type { Dial } from '../probe/environment.ts';

/** A dial that breaks off when the signal fires, and resets every connection it has made. */
export function interruptible(dial: Dial, signal: AbortSignal): Dial {
  return async (to, late) => {
    signal.throwIfAborted();
    const socket = await dial(to, AbortSignal.any([late, signal]));
    const hangUp = (): Socket => socket.resetAndDestroy();
    if (signal.aborted) hangUp();
    signal.addEventListener('abort', hangUp);
    socket.once('close', () => signal.removeEventListener('abort', hangUp));
    return socket;
  };
}
