import { writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { seededRandom } from '../chance/seeded-random.ts';
import { closest } from '../datafile/suggest.ts';
import { SystemResolver } from '../dns/system-resolver.ts';
import { loadKnowledge } from '../knowledge/knowledge.ts';
import { isLoopback, liveDial } from '../probe/live-dial.ts';
import { createPalette } from '../report/palette.ts';
import { converse } from '../talk/converse.ts';
import { type SimulatedPartner, simulatedPartner } from '../talk/simulated-partner.ts';
import { type Partner, Talk } from '../talk/talk.ts';
import { TalkView } from '../talk/talk-view.ts';
import { RealClock } from '../time/real-clock.ts';
import { printDialogue } from '../transcript/notation.ts';
import type { Transcript } from '../transcript/transcript.ts';
import { readEndpoint } from '../world/endpoint.ts';
import { exitCodes, UsageError } from './exit.ts';
import { hostsAsked } from './hosts-asked.ts';
import { shelfOf } from './provider-shelf.ts';
import { renderIssues } from './render-issues.ts';
import type { Surroundings } from './surroundings.ts';
import { openTyped } from './talk-input.ts';
import { writing } from './writing.ts';

/** What `mxlab talk` may be told. */
export interface TalkFlags {
  readonly live?: boolean;
  readonly sendData?: boolean;
  readonly tls?: 'implicit';
  readonly from?: string;
  readonly save?: string;
  readonly seed?: string;
  readonly providers?: readonly string[];
}

/** Talks to a host, or to a simulated one: a line at a time, explained. Exits with 1 where no connection came about. */
export async function talk(who: string, flags: TalkFlags, surroundings: Surroundings): Promise<void> {
  const { from } = flags;
  if (from !== undefined && isIP(from) === 0) throw new UsageError(`--from ${from} is no IP address.`);
  const simulated = await simulatedPartnerOf(who, flags, surroundings);
  if (simulated === 'refused') return surroundings.endWith(exitCodes.usage);
  const partner = simulated ?? (await realPartner(who, flags));
  const { colours: colour, unicode, write } = surroundings;
  const palette = createPalette({ colour, unicode });
  const view = new TalkView({
    write,
    knowledge: await loadKnowledge(),
    palette,
    columns: () => surroundings.columns,
  });
  const typed = openTyped(surroundings);
  const conversation = new Talk(partner, view);
  const save = (file: string): string => saved(file, conversation.transcripts);
  try {
    await converse({ talk: conversation, view, save, ...(simulated ? { simulated } : {}) }, typed);
    if (flags.save !== undefined) surroundings.complain(`mxlab: ${save(flags.save)}`);
    if (conversation.transcripts.every(isEmpty)) surroundings.endWith(exitCodes.failed);
  } finally {
    typed.close();
    await simulated?.close();
  }
}

/** Where the argument is the name of a provider, with situations or without. */
async function simulatedPartnerOf(
  who: string,
  { tls, from, seed, providers = [] }: TalkFlags,
  surroundings: Surroundings,
): Promise<SimulatedPartner | 'refused' | undefined> {
  const shelf = await shelfOf(providers);
  const [name = ''] = who.split(':');
  if (/:\d+$/.test(who) || !(await shelf.names()).includes(name)) return undefined;
  const asked = await hostsAsked([who], shelf, tls === 'implicit');
  if ('issues' in asked) {
    surroundings.complain(await renderIssues(asked.issues, ' Nobody was called.'));
    return 'refused';
  }
  return simulatedPartner(asked.hosts, {
    shelf,
    ...(seed === undefined ? {} : { seed }),
    ...(from === undefined ? {} : { from }),
  });
}

/** A host at an address or of a name. Throws a UsageError for one of the world that nobody has allowed to be called. */
async function realPartner(
  who: string,
  { live = false, sendData = false, tls, from, seed = 'talk', providers = [] }: TalkFlags,
): Promise<Partner> {
  const { address: name, port } = readEndpoint(who);
  if (!live && !isLoopback(name)) throw new UsageError(await nobodyCalled(name, providers));
  const clock = new RealClock();
  const resolver = new SystemResolver();
  const address = isIP(name) === 0 ? await addressOf(name, resolver) : name;
  const withhold = !sendData && !isLoopback(address);
  return {
    environment: { clock, resolver, dial: liveDial({ live, clock }), random: seededRandom(seed) },
    session: {
      host: name,
      address,
      port: tls && !/:\d+$/.test(who) ? 465 : port, // RFC 8314 3.3
      ...(tls ? { tls } : {}),
      ...(from === undefined ? {} : { from }),
    },
    ...(withhold ? { withholdMessages: 'Not sent: messages go to real hosts only with --send-data.' } : {}),
  };
}

async function nobodyCalled(name: string, providers: readonly string[]): Promise<string> {
  const [host = ''] = name.split(':');
  const near = closest(host, await (await shelfOf(providers)).names());
  const meant = near === undefined ? '' : ` Did you mean ${near}?`;
  return `${name} is neither a provider nor on this machine: nobody was called.${meant} Add --live to talk to real hosts.`;
}

async function addressOf(name: string, resolver: SystemResolver): Promise<string> {
  for (const family of [4, 6] as const) {
    const found = await resolver.addresses(name, family);
    if (found.kind === 'found' && found.records[0] !== undefined) return found.records[0];
  }
  throw new UsageError(`${name} has no address.`);
}

/** Writes dialogues in the notation that `mxlab explain` reads back. */
function saved(file: string, transcripts: readonly Transcript[]): string {
  const text = transcripts.map(({ events }) => `${printDialogue(events)}\n`).join('\n');
  writing(file, () => writeFileSync(file, text));
  return `the dialogue is in ${file}.`;
}

/** Nobody was reached. */
function isEmpty({ events }: Transcript): boolean {
  return events.every(({ kind }) => kind === 'ended');
}
