import { parseDocument } from '../datafile/document.ts';
import type { Issue } from '../datafile/issue.ts';
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
import { populate } from './populate.ts';
import { RunningLab } from './running-lab.ts';
import { type WorldSource, worldOf, worldSchema } from './world.ts';
import { judgeHosts } from './world-faults.ts';

/** How a lab's time goes: the world's, so many times as fast, by hand, or jumping when all sleep (for probes only). */
export type Pace = 'real' | 'manual' | 'virtual' | number;

export interface LabStart {
  readonly clock?: Pace;
  readonly seed?: string | number;
  /** Where hosts listen for programs. 127.0.0.1 unless said otherwise. */
  readonly address?: string;
  /** The port of the first host, the next one for the next host and so on; free ports without it. */
  readonly port?: number;
  readonly shelf?: ProviderShelf;
}

/** What is wrong with a world, as text for people. */
export class WorldError extends Error {
  readonly issues: readonly Issue[];

  constructor(issues: readonly Issue[], source?: Source) {
    super(issues.map((issue) => renderIssue(issue, source)).join('\n\n'));
    this.name = 'WorldError';
    this.issues = issues;
  }
}

/** A world as code writes it: hosts by name, the rest optional. */
export type WorldLike = Partial<Omit<WorldSource, 'hosts'>> & {
  readonly hosts: Readonly<Record<string, unknown>>;
};

/**
 * Starts the hosts of a world: a file, or `{ hosts: { 'mx.outlook.example': 'outlook' } }`. Rejects with a WorldError for a
 * world that is not well-formed, with a system error where a host cannot listen.
 */
export async function startLab(world: string | WorldLike, start: LabStart = {}): Promise<RunningLab> {
  const shelf = start.shelf ?? new ProviderShelf();
  const { hosts, zone, seed } = worldOf(await readWorld(world, shelf));
  const clock = clockOf(start.clock ?? 'real');
  const log = new DialogueLog();
  const lab = new Lab({ clock, seed: start.seed ?? seed, listener: log });
  const plan = new AddressPlan({ hosts, zone });
  let port = start.port ?? 0;
  const listening = () => ({
    listen: { address: start.address ?? '127.0.0.1', port: port === 0 ? 0 : port++ },
  });
  try {
    await populate(lab, hosts, plan, shelf, listening);
  } catch (error) {
    await lab.close();
    throw error;
  }
  return new RunningLab(lab, new ZoneResolver(plan.zone, clock), plan.zone, log);
}

async function readWorld(world: string | WorldLike, shelf: ProviderShelf): Promise<WorldSource> {
  const source: Source | Issue[] =
    typeof world === 'string'
      ? await readSource(world)
      : { file: 'world', text: JSON.stringify({ world: 'a world', ...world }, null, 2) };
  if (Array.isArray(source)) throw new WorldError(source);
  const parsed = parseDocument(source, worldSchema);
  if ('issues' in parsed) throw new WorldError(parsed.issues, source);
  const { issues: faults } = await judgeHosts(parsed.value.hosts, { source, at: parsed.at, shelf });
  if (faults.length > 0) throw new WorldError(faults, source);
  return parsed.value;
}

function clockOf(pace: Pace): Clock {
  if (typeof pace === 'number') return new ScaledClock(pace);
  switch (pace) {
    case 'real':
      return new RealClock();
    case 'manual':
      return new ManualClock();
    case 'virtual':
      return new VirtualClock();
    default:
      return pace satisfies never;
  }
}
