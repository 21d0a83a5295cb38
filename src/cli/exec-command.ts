import { readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type NameServer, startNameServer } from '../dns/name-server.ts';
import { loadKnowledge } from '../knowledge/knowledge.ts';
import {
  type CommandLine,
  dyingWithUs,
  inNamespace,
  obstacleTo,
  type ProgramSurroundings,
  runProgram,
} from '../netns/enter.ts';
import { NetworkError, nameServers, PrivateNetwork } from '../netns/network.ts';
import { DialogueSaver } from '../report/serve/save-dialogues.ts';
import { ServeView } from '../report/serve/serve-view.ts';
import { networkPlan } from '../world/network-plan.ts';
import type { RunningLab } from '../world/running-lab.ts';
import { type Pace, readWorldFile, startWorld, WorldError } from '../world/start-lab.ts';
import { exitCodes, UsageError } from './exit.ts';
import { prepareFolder } from './open-reporters.ts';
import { shelfOf } from './provider-shelf.ts';
import { renderIssues } from './render-issues.ts';
import type { Surroundings } from './surroundings.ts';

/** What `mxlab exec` may be told. */
export interface ExecFlags {
  readonly world?: string;
  readonly clock: Pace;
  readonly seed?: string;
  readonly follow?: boolean;
  readonly save?: string;
  readonly providers?: readonly string[];
}

/** Set by us for ourselves, where we run inside of the namespace, to the name of the namespace outside. */
const inside = 'MXLAB_EXEC_INSIDE';

/** `net:[4026531840]`; empty where there is no such thing. */
function networkNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/net');
  } catch {
    return '';
  }
}

export const shippedWorld = fileURLToPath(new URL('../../fixtures/worlds/internet.yaml', import.meta.url));

/** Runs a program inside of a private little internet, and exits with its exit code; 2 where that cannot be had. */
export async function exec(
  [file, ...args]: readonly string[],
  flags: ExecFlags,
  surroundings: Surroundings,
): Promise<void> {
  if (file === undefined)
    throw new UsageError('name a command behind --, such as: mxlab exec -- python3 check.py');
  try {
    if (isInside()) await stay({ file, args }, flags, surroundings);
    else await enter(surroundings);
  } catch (error) {
    if (error instanceof NetworkError) throw new UsageError(`${error.message}. ${alternative}`);
    const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
    if (code === 'EADDRINUSE')
      throw new UsageError(`the world has two listeners at ${address} port ${port}. Nothing was run.`);
    if (!(error instanceof WorldError)) throw error;
    surroundings.complain(await renderIssues(error.issues, ' Nothing was run.'));
    surroundings.endWith(exitCodes.usage);
  }
}

const alternative = 'Without it, mxlab serve with --dns-port puts the same hosts on ports of this machine.';

/** Runs this program once more, with the same arguments, in namespaces of its own. */
export async function enter(surroundings: Surroundings): Promise<void> {
  const machine = { platform: process.platform, uid: process.getuid?.() ?? -1 };
  const obstacle = obstacleTo(machine);
  if (obstacle !== undefined)
    throw new UsageError(`a private network cannot be had here: ${obstacle}. ${alternative}`);
  const again = { file: process.execPath, args: [...process.execArgv, ...process.argv.slice(1)] };
  const env = { ...process.env, [inside]: networkNamespace() };
  const about = around(surroundings, env);
  const { code } = await runProgram(inNamespace(dyingWithUs(again, about), machine), about);
  surroundings.endWith(code);
}

/** A program gets Ctrl-C as we do, from the terminal; when we are asked to end, it is passed on. What comes of it is the program's. */
function around({ directory: cwd, onInterrupt }: Surroundings, env: NodeJS.ProcessEnv): ProgramSurroundings {
  return { env, cwd, onSignal: (pass) => onInterrupt((by) => void (by === 'SIGTERM' && pass(by))) };
}

/** Whether we run in a namespace that we have made. The variable alone does not say so. */
export function isInside(): boolean {
  const outside = process.env[inside] ?? '';
  return /^net:\[\d+\]$/.test(outside) && networkNamespace() !== outside;
}

/** The environment as programs see it that know nothing of us. */
export function outwardly(): NodeJS.ProcessEnv {
  const env = { ...process.env };
  delete env[inside];
  return env;
}

async function stay(command: CommandLine, flags: ExecFlags, surroundings: Surroundings): Promise<void> {
  const shelf = await shelfOf(flags.providers ?? []);
  if (flags.save !== undefined) prepareFolder(flags.save);
  const world = await readWorldFile(flags.world ?? shippedWorld, shelf);
  const network = PrivateNetwork.prepare();
  network.apply(networkPlan(world));
  const { clock, seed } = flags;
  const lab = await startWorld(world, {
    address: 'planned',
    clock,
    shelf,
    ...(seed === undefined ? {} : { seed }),
  });
  const saver = flags.save === undefined ? undefined : new DialogueSaver(flags.save);
  if (saver) lab.listen(saver);
  let dialogues = 0;
  lab.listen({ opened: () => void dialogues++ });
  let names: readonly NameServer[] = [];
  try {
    names = await startNames(lab);
    if (flags.follow) lab.listen(await viewOf(lab, surroundings));
    surroundings.endWith(await runInside(command, surroundings));
  } finally {
    await Promise.all(names.map((server) => server.close()));
    await lab.close();
    await saver?.close();
  }
  if (flags.follow)
    surroundings.complain(`mxlab: ${dialogues} ${dialogues === 1 ? 'dialogue' : 'dialogues'}.`);
}

export async function startNames(lab: RunningLab): Promise<readonly NameServer[]> {
  return Promise.all(
    nameServers.map((address) => startNameServer(lab.outsideResolver, { address, port: 53 })),
  );
}

async function viewOf(lab: RunningLab, surroundings: Surroundings): Promise<ServeView> {
  const { columns, colours: colour, unicode } = surroundings;
  const write = (text: string): void => void process.stderr.write(text);
  const options = {
    write,
    backlog: () => process.stderr.writableLength,
    columns,
    colour,
    unicode,
    isTerminal: false,
  };
  const served = { hosts: lab.hosts, dns: null, control: null, proxy: false, clock: 'real' };
  return new ServeView({ ...options, knowledge: await loadKnowledge() }, served);
}

/** The program, on our input and output. */
async function runInside(command: CommandLine, surroundings: Surroundings): Promise<number> {
  try {
    const about = around(surroundings, outwardly());
    return (await runProgram(dyingWithUs(command, about), about)).code;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UsageError(`there is no program called ${command.file}.`);
    if (code === 'EACCES') throw new UsageError(`${command.file} may not be run: ${message}.`);
    throw error;
  }
}
