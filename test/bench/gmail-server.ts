import { seededRandom } from '../../src/chance/seeded-random.ts';
import { isProfile, ProviderShelf } from '../../src/sim/load-profiles.ts';
import { SimulatedHost } from '../../src/sim/simulated-host.ts';
import { RealClock } from '../../src/time/real-clock.ts';

const profile = await new ProviderShelf().get('gmail');
if (!isProfile(profile)) throw new Error('the gmail profile cannot be read');
const host = await SimulatedHost.start({
  name: 'mx.google.com',
  profile,
  clock: new RealClock(),
  random: seededRandom(1),
});
console.log(`port ${host.port}`);
