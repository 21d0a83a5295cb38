import { type Stage, stageFacts } from '../smtp/stage.ts';
import type { Clock } from '../time/clock.ts';

/** How long to wait for the reply at each stage, in ms; for the rest RFC 5321 4.5.3.2 decides. */
export type Patience = Partial<Record<Stage, number>>;

export function patienceAt(stage: Stage, patience: Patience): number {
  return patience[stage] ?? stageFacts[stage].patience;
}

/**
 * Waits for work that takes several rounds of I/O, such as a dial or a handshake: simulated time stands still as long as
 * there is hope for it. After `patience` ms `late` is called once, and must make the work settle.
 */
export async function patiently<T>(
  clock: Clock,
  work: Promise<T>,
  { patience, late }: { readonly patience: number; readonly late: () => void },
): Promise<T> {
  const arrived = clock.watchWire(() => 1);
  const alarm = clock.alarm(patience, late);
  try {
    return await work;
  } finally {
    alarm.cancel();
    arrived();
  }
}
