import { readEndpoint } from '../world/endpoint.ts';
import type { PlacedStep, Scenario } from './scenario.ts';

/** The real hosts that a scenario names by address. */
export function realHosts({ hosts }: Pick<Scenario, 'hosts'>): string[] {
  return Object.values(hosts).flatMap((host) =>
    typeof host === 'object' && 'address' in host ? [readEndpoint(host.address).address] : [],
  );
}

/** Whether it is the world's DNS that says where to go: there are neither hosts nor a zone. */
export function asksWorld({ hosts, zone }: Pick<Scenario, 'hosts' | 'zone'>): boolean {
  return zone === undefined && Object.keys(hosts).length === 0;
}

/** Whether anything in it happens outside of the lab, where nobody keeps to simulated time. */
export function leavesLab(scenario: Scenario): boolean {
  return realHosts(scenario).length > 0 || (asksWorld(scenario) && looksUp(scenario.steps));
}

/** Whether a step asks DNS for the hosts of a domain. */
function looksUp(steps: readonly PlacedStep[]): boolean {
  return steps.some(({ step, branches }) => 'attempt' in step || 'verify' in step || branches.some(looksUp));
}
