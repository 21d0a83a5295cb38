import type { Environment } from '../probe/environment.ts';
import { liveDial } from '../probe/live-dial.ts';
import { RealClock } from '../time/real-clock.ts';
import type { LabHost } from '../world/running-lab.ts';
import { type LabStart, startLab, type WorldLike } from '../world/start-lab.ts';

/** How often the time of a lab follows the person's, in ms. */
const beat = 50;

/** A simulated host for a person to talk to, whose time goes as the person's does and can be moved on besides. */
export interface TalkLab {
  host(name: string): LabHost;
  switch(host: string, situation: string, on?: boolean): void;
  /** So many ms pass at once. */
  advance(delay: number): void;
  close(): Promise<void>;
}

/** Starts the hosts of a world. The first is the one to talk to. */
export async function openTalkLab(
  hosts: WorldLike['hosts'],
  start: Pick<LabStart, 'shelf' | 'seed'>,
): Promise<{ readonly lab: TalkLab; readonly host: LabHost; readonly environment: Environment }> {
  const lab = await startLab({ hosts }, { ...start, clock: 'manual' });
  const [host] = lab.hosts;
  if (!host) throw new Error('a lab has the hosts that it was asked for');
  const clock = new RealClock();
  let alarm = clock.alarm(beat, follow);
  function follow(): void {
    lab.advance(beat);
    alarm = clock.alarm(beat, follow);
  }
  const { resolver, random, authorities } = lab;
  return {
    host,
    environment: { clock, resolver, random, authorities, dial: liveDial({ clock }) },
    lab: {
      host: (name) => lab.host(name),
      switch: (name, situation, on) => lab.switch(name, situation, on),
      advance: (delay) => lab.advance(delay),
      async close() {
        alarm.cancel();
        await lab.close();
      },
    },
  };
}
