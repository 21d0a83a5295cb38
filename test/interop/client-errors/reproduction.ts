import { fileURLToPath } from 'node:url';
import { loadScenarios } from '../../../src/scenario/load.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import { Lab } from '../../../src/sim/lab.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { AddressPlan } from '../../../src/world/address-plan.ts';
import { populate } from '../../../src/world/populate.ts';
import { shelf } from '../simulated-host.ts';

const root = new URL('../../../', import.meta.url);

/** The scenario that a person is sent to: a path as `mxlab run` takes it, and of a matrix the variant that `--only` picks. */
export interface ScenarioChoice {
  readonly scenario: string;
  readonly only?: string;
  /** Which of its hosts; the first that is simulated without it. */
  readonly host?: string;
}

/** Throws an Error when there is no such scenario or variant. */
async function readChoice({ scenario: path, only = '' }: ScenarioChoice): Promise<Scenario> {
  const loaded = await loadScenarios(fileURLToPath(new URL(path, root)), { shelf });
  if ('issues' in loaded) throw new Error(`${path} cannot be read`);
  const scenario = loaded.scenarios.find(({ variant }) => variant.includes(only));
  if (scenario === undefined) throw new Error(`${path} has no variant ${only}`);
  return scenario;
}

/** Where nobody listens. A free port would not do: another host of the suite may be given it a moment later. */
const nobody = 1;

/** A host that runs. */
export interface Reproduction extends AsyncDisposable {
  readonly port: number;
  readonly name: string;
  /** Of the authority behind its certificate, in PEM. */
  readonly root: string;
}

/** Starts the hosts of a scenario for programs: real time, loopback ports. At a host that is absent nobody listens. */
export async function reproduce(choice: ScenarioChoice): Promise<Reproduction> {
  const scenario = await readChoice(choice);
  const lab = new Lab({ clock: new RealClock(), seed: 'client errors' });
  const door = { address: '127.0.0.1', port: 0, proxied: false };
  await populate(lab, scenario.hosts, new AddressPlan(scenario), shelf, () => door);
  const name = choice.host ?? Object.keys(scenario.hosts)[0] ?? '';
  return {
    port: lab.hosts.get(name)?.port ?? nobody,
    name,
    root: await lab.authorities(),
    [Symbol.asyncDispose]: () => lab.close(),
  };
}
