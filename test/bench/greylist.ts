import { seededRandom } from '../../src/chance/seeded-random.ts';
import { ZoneResolver } from '../../src/dns/zone-resolver.ts';
import { attempt } from '../../src/probe/attempt.ts';
import { Lab } from '../../src/sim/lab.ts';
import { profileSchema } from '../../src/sim/profile.ts';
import { hours, minutes, seconds } from '../../src/time/duration.ts';
import { VirtualClock } from '../../src/time/virtual-clock.ts';

/** A greylist with a five second tarpit, whose window opens after 12 hours, so that retries go on for a day. */
const profile = profileSchema.parse({
  provider: 'bench',
  title: 'A slow greylist',
  invented: true,
  behaviours: [
    { tarpit: { delay: '5s', at: 'rcpt' } },
    { greylisting: { reply: '450 4.7.1 Greylisted', delay: '12h', window: '48h' } },
  ],
});

/** 200 addresses at the same time, each retried with growing pauses until let in; resolves to real and simulated ms. */
export async function measureGreylist(): Promise<{
  real: number;
  simulated: number;
  letIn: number;
  tries: number;
}> {
  const clock = new VirtualClock();
  const lab = new Lab({ clock, seed: 1 });
  await lab.add('mx.example.net', { profile, addresses: ['192.0.2.1'] });
  const zone = {
    'example.net': { mx: [{ preference: 10, exchange: 'mx.example.net' }] },
    'mx.example.net': { a: ['192.0.2.1'] },
  };
  const environment = {
    clock,
    resolver: new ZoneResolver(zone, clock),
    dial: lab.dial,
    random: seededRandom(1),
  };
  const started = { real: performance.now(), simulated: clock.now() };
  let tries = 0;
  const one = async (i: number): Promise<boolean> => {
    for (let wait = minutes(5) + seconds(i); clock.now() - started.simulated < hours(25); wait *= 2) {
      tries++;
      const { outcome } = await attempt(environment, {
        recipients: [`user${i}@example.net`],
        sender: 'probe@example.net',
        helo: 'probe.example.net',
      });
      if (outcome.kind === 'completed') return true;
      await clock.sleep(wait);
    }
    return false;
  };
  const results = await Promise.all(Array.from({ length: 200 }, (_, i) => one(i)));
  const taken = { real: performance.now() - started.real, simulated: clock.now() - started.simulated };
  await lab.close();
  return { ...taken, letIn: results.filter(Boolean).length, tries };
}
