import { AddressPlan } from './address-plan.ts';
import type { World } from './world.ts';

/** What a network must do with the addresses of a world, so that programs meet its hosts at the addresses that its zone names. */
export interface NetworkPlan {
  /** Of this machine: hosts listen there, or nobody does and connections are refused. */
  readonly local: readonly string[];
  /** Connections get no answer. */
  readonly silent: readonly string[];
  /** There is no way there. */
  readonly unreachable: readonly string[];
}

export function networkPlan({ hosts, zone }: World): NetworkPlan {
  const plan = new AddressPlan({ hosts, zone });
  const absent = (why: string): string[] =>
    Object.entries(hosts).flatMap(([name, host]) =>
      typeof host === 'object' && 'absent' in host && host.absent === why ? plan.of(name) : [],
    );
  const silent = absent('timed-out');
  const unreachable = absent('no-route');
  const elsewhere = new Set([...silent, ...unreachable]);
  const all = [...Object.keys(hosts).flatMap((name) => plan.of(name)), ...plan.vacant()];
  return { local: [...new Set(all)].filter((address) => !elsewhere.has(address)), silent, unreachable };
}
