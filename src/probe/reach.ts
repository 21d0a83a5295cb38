import type { Socket } from 'node:net';
import { type DialFailure, dialFailureOf } from './endings.ts';
import type { Destination, Environment } from './environment.ts';

/**
 * Connects within `patience` ms. Rejects only with what our own surroundings are to blame for, such as a dial that
 * refuses to leave the lab.
 */
export async function reach(
  { clock, dial }: Pick<Environment, 'clock' | 'dial'>,
  to: Destination,
  patience: number,
): Promise<Socket | DialFailure> {
  const late = new AbortController();
  const alarm = clock.alarm(patience, () => late.abort());
  const arrived = clock.watchWire(() => 1);
  try {
    return await dial(to, late.signal);
  } catch (error) {
    const failure = dialFailureOf(error);
    if (failure) return failure;
    if (late.signal.aborted) return { kind: 'unreachable', why: 'timed-out', code: 'ETIMEDOUT' };
    throw error;
  } finally {
    alarm.cancel();
    arrived();
  }
}
