/** For tests with vitest: matchers for dialogues, and a test that starts a world. Jest takes `mxlabMatchers` from `mxlab`. */

import { expect, test } from 'vitest';
import { type MxlabMatchers, mxlabMatchers } from './matchers/matchers.ts';
import type { RunningLab } from './world/running-lab.ts';
import { type LabStart, startLab, type WorldLike } from './world/start-lab.ts';

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: vitest declares its parameter like this, and both must be the same
  interface Matchers<T = any> extends MxlabMatchers {}
}

expect.extend(mxlabMatchers);

interface LabFixtures {
  /** What is started for each test: a file, or hosts by name. */
  world: string | WorldLike;
  /** How it is started: clock, seed, address, ports. */
  labStart: LabStart;
  /** The world as it runs; closed when the test is over. */
  lab: RunningLab;
}

/**
 * A `test` with a `lab`: `labTest.extend({ world: { hosts: { 'mx.outlook.example': 'outlook' } } })`. Without a world of its own
 * there is one host, `mx.example.net`, which takes everything.
 */
export const labTest = test.extend<LabFixtures>({
  world: { hosts: { 'mx.example.net': 'accept-all' } },
  labStart: {},
  lab: async ({ world, labStart }, use) => {
    const lab = await startLab(world, labStart);
    try {
      await use(lab);
    } finally {
      await lab.close();
    }
  },
});

export { type MxlabMatchers, mxlabMatchers };
