import type { Socket } from 'node:net';
import { type DialFailure, dialFailureOf } from './endings.ts';
import type { Destination, Environment } from './environment.ts';
import { patiently } from './patience.ts';

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
  try {
    return await patiently(clock, dial(to, late.signal), { patience, late: () => late.abort() });
  } catch (error) {
    const failure = dialFailureOf(error);
    if (failure) return failure;
    if (late.signal.aborted) return { kind: 'unreachable', why: 'timed-out', code: 'ETIMEDOUT' };
    throw error;
  }
}
