import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Issue } from '../datafile/issue.ts';
import { loadKnowledge } from '../knowledge/knowledge.ts';
import { isLoopback } from '../probe/live-dial.ts';
import { makeFolder } from '../report/make-folder.ts';
import { DialogueSaver } from '../report/serve/save-dialogues.ts';
import { ServeJson } from '../report/serve/serve-json.ts';
import { ServeView } from '../report/serve/serve-view.ts';
import type { Served } from '../report/serve/served.ts';
import { wrap } from '../report/width.ts';
import type { DialogueListener } from '../sim/host-dialogue.ts';
import type { ProviderShelf } from '../sim/load-profiles.ts';
import { RealClock } from '../time/real-clock.ts';
import type { HostFault } from '../world/running-lab.ts';
import { WorldError } from '../world/start-lab.ts';
import { exitCodes, UsageError } from './exit.ts';
import { hostsAsked } from './hosts-asked.ts';
import { prepareFolder } from './open-reporters.ts';
import { shelfOf } from './provider-shelf.ts';
import { renderIssues } from './render-issues.ts';
import { type Standing, type StandingOptions, standUp } from './serve-standing.ts';
import type { Surroundings } from './surroundings.ts';
import { writing } from './writing.ts';

/** What `mxlab serve` may be told. */
export interface ServeFlags extends StandingOptions {
  readonly world?: string;
  readonly providers?: readonly string[];
  readonly tls?: 'implicit';
  readonly json?: boolean;
  readonly save?: string;
}

/** Hears dialogues, and is told at the end how it went. */
interface Teller extends DialogueListener {
  end(dialogues: number, unused: readonly HostFault[]): void;
}

/** So long, in real ms, the program waits at its end for somebody to read what it wrote. */
const lastPatience = 1_000;

/** Serves hosts until Ctrl-C, then exits with 0; with 2 where a file, an argument or a port is wrong. */
export async function serve(
  args: readonly string[],
  flags: ServeFlags,
  surroundings: Surroundings,
): Promise<void> {
  const shelf = await shelfOf(flags.providers ?? []);
  if (args.length === 0 && flags.world === undefined) return sayWhatToType(shelf, surroundings);
  checkTogether(args, flags);
  if (flags.save !== undefined) prepareFolder(flags.save);
  const asked = flags.world ?? (await hostsAsked(args, shelf, flags.tls === 'implicit'));
  if (typeof asked === 'object' && 'issues' in asked) return refuse(asked.issues, surroundings);
  try {
    const standing = await standUp(asked, flags, shelf);
    if (flags.caFile !== undefined) await writeAuthority(standing, flags.caFile);
    if (!isLoopback(flags.host.replace(/\/.*/, ''))) warnOf(flags.host, surroundings);
    await follow(standing, await tellerFor(standing.served, flags, surroundings), flags.save, surroundings);
  } catch (error) {
    if (!(error instanceof WorldError)) throw error;
    await refuse(error.issues, surroundings);
  }
}

async function sayWhatToType(
  shelf: ProviderShelf,
  { complain, endWith, columns }: Surroundings,
): Promise<void> {
  const known = `Providers: ${(await shelf.names()).join(', ')}.`;
  complain(
    [
      'mxlab serve starts simulated hosts. Name the providers, each with its situations:',
      '',
      '  mxlab serve outlook gmail',
      '  mxlab serve outlook:blocklisted --port 2525',
      '  mxlab serve --world world.yaml --dns-port 5353 --control-port 8025',
      '',
      ...wrap(known, columns),
      'mxlab providers says more about them, mxlab serve --help about the options.',
    ].join('\n'),
  );
  endWith(exitCodes.usage);
}

/** Throws a UsageError for options that contradict each other. */
function checkTogether(args: readonly string[], flags: ServeFlags): void {
  if (args.length > 0 && flags.world !== undefined)
    throw new UsageError('name providers or a --world, not both; a world names its own hosts.');
  if (flags.clock === 'manual' && flags.controlPort === undefined)
    throw new UsageError('a manual clock needs --control-port: the control API is what moves it on.');
  if (!isLoopback(flags.controlHost) && flags.controlToken === undefined)
    throw new UsageError(`the control API on ${flags.controlHost} needs a --control-token.`);
}

/** Throws a UsageError for a file that cannot be written; nothing keeps listening then. */
async function writeAuthority({ lab, close }: Standing, file: string): Promise<void> {
  const pem = await lab.authorities();
  try {
    writing(file, () => {
      makeFolder(dirname(file));
      writeFileSync(file, pem);
    });
  } catch (error) {
    await close();
    throw error;
  }
}

async function refuse(issues: readonly Issue[], { complain, endWith }: Surroundings): Promise<void> {
  complain(await renderIssues(issues, ' Nothing was started.'));
  endWith(exitCodes.usage);
}

function warnOf(host: string, { complain }: Surroundings): void {
  complain(`mxlab: whoever can reach ${host} can talk to these hosts. Nothing they are sent is passed on.`);
}

async function tellerFor(served: Served, { json }: ServeFlags, surroundings: Surroundings): Promise<Teller> {
  const { write, backlog, columns, colours: colour, unicode, terminal: isTerminal } = surroundings;
  const knowledge = await loadKnowledge();
  if (json) return new ServeJson({ write, backlog, knowledge }, served);
  return new ServeView({ write, backlog, knowledge, columns, colour, unicode, isTerminal }, served);
}

/** Tells of dialogues until it is enough, then closes everything and says how it went. */
async function follow(
  { lab, close }: Standing,
  teller: Teller,
  save: string | undefined,
  surroundings: Surroundings,
): Promise<void> {
  const saver = save === undefined ? undefined : new DialogueSaver(save);
  let dialogues = 0;
  lab.listen({ opened: () => void dialogues++ });
  lab.listen(teller);
  if (saver) lab.listen(saver);
  await interruption(surroundings);
  const unused = lab.unusedFaults;
  await close();
  teller.end(dialogues, unused);
  await saver?.close();
  await beRead(surroundings);
}

/** Resolves on Ctrl-C; a second one ends the program at once. */
function interruption({ onInterrupt, exit }: Surroundings): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    onInterrupt(() => {
      if (asked) exit(exitCodes.interrupted);
      asked = true;
      resolve();
    });
  });
}

/** A pipe that nobody reads must not keep the program from ending. */
async function beRead({ backlog, exit }: Surroundings): Promise<void> {
  const clock = new RealClock();
  const deadline = clock.now() + lastPatience;
  while (backlog() > 0) {
    if (clock.now() > deadline) return exit(exitCodes.passed);
    await clock.sleep(20);
  }
}
