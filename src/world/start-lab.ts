import type { z } from 'zod';
import { parseDocument } from '../datafile/document.ts';
import { entriesOf } from '../datafile/entries.ts';
import { type Issue, inOrder } from '../datafile/issue.ts';
import type { Positions } from '../datafile/positions.ts';
import { readSource } from '../datafile/read-source.ts';
import { renderIssue } from '../datafile/render-issue.ts';
import type { Source } from '../datafile/source.ts';
import { ZoneResolver } from '../dns/zone-resolver.ts';
import { Lab } from '../sim/lab.ts';
import { ProviderShelf } from '../sim/load-profiles.ts';
import type { Clock } from '../time/clock.ts';
import { ManualClock } from '../time/manual-clock.ts';
import { RealClock } from '../time/real-clock.ts';
import { ScaledClock } from '../time/scaled-clock.ts';
import { VirtualClock } from '../time/virtual-clock.ts';
import { AddressPlan } from './address-plan.ts';
import { DialogueLog } from './dialogue-log.ts';
import { Doors, reachable } from './doors.ts';
import type { HostLike, HostSource } from './host-source.ts';
import { OutsideResolver, type WayIn } from './outside-resolver.ts';
import { populate, portOf } from './populate.ts';
import { RunningLab } from './running-lab.ts';
import { soundHosts } from './sound-hosts.ts';
import { type World, type WorldSource, worldOf, worldSchema } from './world.ts';
import { judgeHosts, realHosts } from './world-faults.ts';

/** How a lab's time goes: the world's, so many times as fast, by hand, or jumping when all sleep (for probes only). */
export type Pace = 'real' | 'manual' | 'virtual' | number;

export interface LabStart {
  readonly clock?: Pace;
  readonly seed?: string | number;
  /**
   * Where hosts listen for programs: an address, or an IPv4 network such as `127.0.1.0/24` of which each host gets an address
   * of its own. 127.0.0.1 unless said otherwise. `planned`: each host where the zone says that it is, on its own port, in a network
   * made for that (`networkPlan`).
   */
  readonly address?: string;
  /** The port of the first host, the next one for the next host and so on; in a network, of all. Free ports without it. */
  readonly port?: number;
  /** Programs name their client in a PROXY v1 line first; a host of the world may say otherwise. */
  readonly proxy?: boolean;
  readonly shelf?: ProviderShelf;
}

/** What is wrong with a world, as text for people. */
export class WorldError extends Error {
  readonly issues: readonly Issue[];

  constructor(issues: readonly Issue[], source?: Source) {
    const shown = issues.map((issue) => renderIssue(issue, issue.file === source?.file ? source : undefined));
    super(shown.join('\n\n'));
    this.name = 'WorldError';
    this.issues = issues;
  }
}

/** A world as code writes it: hosts by name, the rest optional. */
export type WorldLike = Omit<z.input<typeof worldSchema>, 'world' | 'hosts'> & {
  readonly world?: string;
  readonly hosts: Readonly<Record<string, HostLike>>;
};

/**
 * Starts the hosts of a world: a file, or `{ hosts: { 'mx.outlook.example': 'outlook' } }`. Rejects with a WorldError for a
 * world that is not well-formed, with a system error where a host cannot listen.
 */
export async function startLab(world: string | WorldLike, start: LabStart = {}): Promise<RunningLab> {
  const shelf = start.shelf ?? new ProviderShelf();
  return startWorld(worldOf(await readWorld(world, shelf)), { ...start, shelf });
}

/** Reads and judges a world file. Rejects with a WorldError. */
export async function readWorldFile(
  file: string,
  shelf: ProviderShelf = new ProviderShelf(),
): Promise<World> {
  return worldOf(await readWorld(file, shelf));
}

/** The same for a world that has been read and judged (`judgeHosts`). Rejects with a system error where a host cannot listen. */
export async function startWorld({ hosts, zone, seed }: World, start: LabStart = {}): Promise<RunningLab> {
  const shelf = start.shelf ?? new ProviderShelf();
  const end = new AbortController();
  const clock = clockOf(start.clock ?? 'real', end.signal);
  const log = new DialogueLog();
  const lab = new Lab({ clock, seed: start.seed ?? seed, listener: log });
  const plan = new AddressPlan({ hosts, zone });
  const planned = start.address === 'planned';
  const doors = new Doors(planned ? '127.0.0.1' : (start.address ?? '127.0.0.1'), start.port ?? 0);
  const listening = (name: string, host: HostSource) => {
    const proxied = wantsProxy(host) ?? start.proxy ?? false;
    if (planned) return { address: plan.of(name)[0] as string, port: portOf(host).port, proxied };
    for (const { port } of lab.hosts.values()) doors.opened(port);
    return { ...doors.next(), proxied };
  };
  try {
    await populate(lab, hosts, plan, shelf, listening);
  } catch (error) {
    await lab.close();
    end.abort();
    throw error;
  }
  const resolver = new ZoneResolver(plan.zone, clock);
  const outside = new OutsideResolver(resolver, leadsOutside(hosts, plan, { lab, doors }));
  return new RunningLab(lab, { resolver, outside, zone: plan.zone, log, end });
}

function wantsProxy(host: HostSource): boolean | undefined {
  return typeof host === 'object' && 'provider' in host ? host.proxy : undefined;
}

/** From simulated addresses to those of doors. In a network a host that refuses connections has an address where nobody listens. */
function leadsOutside(
  hosts: Readonly<Record<string, HostSource>>,
  plan: AddressPlan,
  { lab, doors }: { readonly lab: Lab; readonly doors: Doors },
): WayIn[] {
  const ways: WayIn[] = [];
  for (const [name, host] of Object.entries(hosts)) {
    const refuses = typeof host === 'object' && 'absent' in host && host.absent === 'refused';
    const listener = lab.hosts.get(name);
    const door = listener
      ? reachable(listener.address)
      : refuses && doors.network
        ? doors.next().address
        : undefined;
    if (door !== undefined) ways.push(...plan.of(name).map((from) => ({ host: name, from, to: door })));
  }
  return ways;
}

async function readWorld(world: string | WorldLike, shelf: ProviderShelf): Promise<WorldSource> {
  const source: Source | Issue[] =
    typeof world === 'string'
      ? await readSource(world)
      : { file: 'world', text: JSON.stringify({ world: 'a world', ...world }, null, 2) };
  if (Array.isArray(source)) throw new WorldError(source);
  const parsed = parseDocument(source, worldSchema);
  const { hosts, at } = 'value' in parsed ? { ...parsed.value, at: parsed.at } : soundPart(parsed);
  const named = at
    ? [...(await judgeHosts(hosts, { source, at, shelf })).issues, ...realHosts(hosts, { source, at })]
    : [];
  if ('value' in parsed && named.length === 0) return parsed.value;
  throw new WorldError(inOrder(['issues' in parsed ? parsed.issues : [], named].flat(), source), source);
}

/** What can be judged of a file with mistakes besides them. */
function soundPart({ unjudged }: Faulty): { readonly hosts: World['hosts']; readonly at?: Positions } {
  return unjudged ? { hosts: soundHosts(entriesOf(unjudged.tree).hosts), at: unjudged.at } : { hosts: {} };
}

type Faulty = Extract<ReturnType<typeof parseDocument>, { issues: unknown }>;

function clockOf(pace: Pace, end: AbortSignal): Clock {
  if (typeof pace === 'number') return new ScaledClock(pace, end);
  switch (pace) {
    case 'real':
      return new RealClock(end);
    case 'manual':
      return new ManualClock();
    case 'virtual':
      return new VirtualClock();
    default:
      return pace satisfies never;
  }
}
