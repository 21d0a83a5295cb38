import { situationNames, situationOf } from '../sim/common-situations.ts';
import { isProfile, ProviderShelf } from '../sim/load-profiles.ts';
import { magicNames } from '../sim/magic-recipients.ts';
import { RealClock } from '../time/real-clock.ts';
import { portOf } from '../world/populate.ts';
import { startLab, type WorldLike } from '../world/start-lab.ts';
import type { Partner } from './talk.ts';

/** How often the time of a lab follows the person's, in ms, and how much of it passes at most: nobody lives through a stall. */
const beat = 20;
const longestStep = 100;

/** A situation that a host can be put in. */
interface Mood {
  readonly name: string;
  readonly about: string;
  readonly on: boolean;
}

/** A name to try as a recipient. */
interface Name {
  readonly local: string;
  readonly about: string;
}

/** A simulated host for a person to talk to, whose time goes as the person's does and can be moved on besides. */
export interface SimulatedPartner extends Partner {
  /** What people call it. */
  readonly title: string;
  /** The domain that it takes mail for. */
  readonly domain: string;
  /** Its mailboxes by their local part, `*` for everybody else, and after them the names that ask for an answer. */
  readonly names: () => readonly Name[];
  readonly moods: () => readonly Mood[];
  /** Throws a TypeError for a situation that is not there. */
  readonly put: (situation: string, on: boolean) => void;
  /** So many ms pass at once. */
  readonly pass: (delay: number) => void;
  readonly close: () => Promise<void>;
}

interface PartnerOptions {
  readonly shelf?: ProviderShelf;
  readonly seed?: string;
  /** The client address that the host sees; the lab's usual one without it. */
  readonly from?: string;
}

/** Starts the hosts of a world. The first is the one to talk to. Rejects with a WorldError for a world that is not well-formed. */
export async function simulatedPartner(
  hosts: WorldLike['hosts'],
  { shelf = new ProviderShelf(), seed, from }: PartnerOptions = {},
): Promise<SimulatedPartner> {
  const lab = await startLab({ hosts }, { shelf, clock: 'manual', ...(seed === undefined ? {} : { seed }) });
  const [[name, source]] = Object.entries(hosts) as [[string, WorldLike['hosts'][string]]];
  const provider = lab.host(name).provider;
  const profile = await shelf.get(provider);
  const found = await lab.resolver.addresses(name, 4);
  const [address] = found.kind === 'found' ? found.records : [];
  if (address === undefined || !isProfile(profile))
    throw new Error('a lab has the hosts that it was asked for');
  const { port, implicitTls } = portOf(source as Parameters<typeof portOf>[0]);
  const { clock, resolver, random, authorities, dial } = lab;
  const stop = follow((delay) => lab.advance(delay));
  return {
    environment: { clock, resolver, random, authorities, dial },
    session: {
      host: name,
      address,
      port,
      ...(implicitTls ? { tls: 'implicit' } : {}),
      ...(from === undefined ? {} : { from }),
    },
    provider,
    title: profile.title,
    domain: name.replace(/^mx\d*\./, ''),
    names: () => {
      const active = lab.host(name).situations.map((mood) => situationOf(profile, mood)?.mailboxes ?? {});
      const { '*': others = 'exists', ...own } = Object.assign({}, profile.mailboxes, ...active) as Readonly<
        Record<string, string>
      >;
      return Object.entries({ ...own, '*': others, ...magicNames, ...own }).map(([local, about]) => ({
        local,
        about,
      }));
    },
    moods: () => {
      const on = lab.host(name).situations;
      return situationNames(profile).map((mood) => ({
        name: mood,
        about: situationOf(profile, mood)?.about ?? '',
        on: on.includes(mood),
      }));
    },
    put: (situation, on) => lab.switch(name, situation, on),
    pass: (delay) => lab.advance(delay),
    close: async () => {
      stop();
      await lab.close();
    },
  };
}

/** Moves a clock on as the world's time goes. Returns how to stop. */
function follow(advance: (delay: number) => void): () => void {
  const clock = new RealClock();
  let last = clock.now();
  const step = (): void => {
    const now = clock.now();
    advance(Math.min(longestStep, Math.max(0, now - last)));
    last = now;
    alarm = clock.alarm(beat, step);
  };
  let alarm = clock.alarm(beat, step);
  return () => alarm.cancel();
}
