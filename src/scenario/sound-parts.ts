import { entriesOf } from '../datafile/entries.ts';
import type { HostSource } from '../world/host-source.ts';
import { soundHosts } from '../world/sound-hosts.ts';
import { valueSchema } from './scenario.ts';
import { type Step, stepSchema } from './step.ts';
import type { Variables } from './variables.ts';

/** What reads well of a file that has mistakes, so that the names in it can be judged at the same time. */
export interface SoundParts {
  /** Where a host does not read well, one that nothing can be said about. */
  readonly hosts: Readonly<Record<string, HostSource>>;
  /** In their places; `undefined` where a step does not read well, even without `expect`. */
  readonly steps: readonly (Step | undefined)[];
  /** A connect may stand among the steps that do not read well. */
  readonly connectLost: boolean;
}

/** So many steps are looked at; of a longer file with mistakes the rest waits until they are mended. */
const mostSteps = 1_000;

export function soundParts(tree: unknown): SoundParts {
  const { hosts, steps } = entriesOf(tree);
  const written: readonly unknown[] = Array.isArray(steps) ? steps : [];
  const sound = written.slice(0, mostSteps).map(soundStep);
  return {
    hosts: soundHosts(hosts),
    steps: sound,
    connectLost: written.some((step, i) => sound[i] === undefined && mayConnect(step)),
  };
}

/** Values of `vars`, and of `matrix` the first of each, as far as they read well. */
export function soundVariables(tree: unknown): Variables {
  const { vars, matrix } = entriesOf(tree);
  const firsts = Object.entries(entriesOf(matrix)).map(([name, values]) => [name, [values].flat()[0]]);
  const named = [...Object.entries(entriesOf(vars)), ...firsts];
  return Object.fromEntries(named.filter(([, value]) => valueSchema.safeParse(value).success));
}

function soundStep(tree: unknown): Step | undefined {
  const { expect: _, ...unjudged } = entriesOf(tree);
  return [tree, unjudged]
    .map((written) => stepSchema.safeParse(written).data)
    .find((step) => step !== undefined);
}

function mayConnect(tree: unknown): boolean {
  if (Array.isArray(tree)) return tree.some(mayConnect);
  return Object.entries(entriesOf(tree)).some(
    ([key, value]) => key === 'connect' || key === 'include' || mayConnect(value),
  );
}
