import { isIP } from 'node:net';
import type { Issue } from '../datafile/issue.ts';
import { loadKnowledge } from '../knowledge/knowledge.ts';
import { isLoopback, liveDial } from '../probe/live-dial.ts';
import type { Detail } from '../report/reporter-options.ts';
import { writeTraces } from '../report/trace.ts';
import { leavesLab, realHosts } from '../scenario/beyond-lab.ts';
import type { RunListener } from '../scenario/result.ts';
import { type RunOptions, runScenarios, together } from '../scenario/run.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Target } from '../scenario/stand.ts';
import { RealClock } from '../time/real-clock.ts';
import { readEndpoint } from '../world/endpoint.ts';
import { exitCodes, UsageError } from './exit.ts';
import { openReporters, prepareFolder, type ReporterWish, readReporters } from './open-reporters.ts';
import { readScenarios } from './read-scenarios.ts';
import { renderIssues } from './render-issues.ts';
import type { Surroundings } from './surroundings.ts';

/** What `mxlab run` may be told. */
export interface RunFlags {
  readonly target?: string;
  readonly only?: readonly string[];
  readonly seed: string;
  readonly parallel: number;
  readonly bail?: boolean;
  readonly reporter?: readonly string[];
  readonly detail?: Detail;
  readonly realTime?: boolean;
  readonly live?: boolean;
  readonly sendData?: boolean;
  readonly trace?: string;
  readonly set?: readonly string[];
  readonly providers?: readonly string[];
}

/** Runs scenarios and sets the exit code: 0 passed, 1 an expectation failed, 2 a file or argument is wrong, 3 our own defect. */
export async function run(
  paths: readonly string[],
  flags: RunFlags,
  surroundings: Surroundings,
): Promise<void> {
  const target = flags.target === undefined ? undefined : readTarget(flags.target);
  if (target && !flags.live && !isLoopback(target.host)) refuseToDial(target.host);
  const wishes = readReporters(flags.reporter ?? []);
  const { scenarios, issues, shelf } = await readScenarios(paths, flags);
  const knowledge = await loadKnowledge();
  const { detail } = flags;
  if (issues.length > 0) return refuseToRun(issues, wishes, { surroundings, knowledge });
  const chosen = scenarios.filter((scenario) => isChosen(scenario, flags.only ?? []));
  if (chosen.length === 0) throw new UsageError(`no scenario has the tag or text ${flags.only?.join(', ')}.`);
  if (!flags.live) for (const scenario of chosen) keepToThisMachine(scenario, target);
  if (flags.trace !== undefined) prepareFolder(flags.trace);
  const reporters = openReporters(wishes, { surroundings, knowledge, detail });
  const listeners: RunListener[] = [...reporters.listeners];
  if (flags.trace !== undefined) listeners.push(writeTraces(flags.trace, knowledge, surroundings.directory));
  const options: Omit<RunOptions, 'signal'> = {
    seed: flags.seed,
    shelf,
    knowledge,
    dialWorld: liveDial({ live: flags.live ?? false, clock: new RealClock() }),
    ...(target ? { target } : {}),
    parallel: flags.parallel,
    bail: flags.bail ?? false,
    realTime: flags.realTime ?? false,
    sendData: flags.sendData ?? !flags.live,
    stopwatch: surroundings.stopwatch,
  };
  await runInterruptibly(chosen, options, together(listeners), surroundings);
  reporters.close();
}

/** Tells of mistakes in files: to the person, and to every reporter that is for machines. */
async function refuseToRun(
  issues: readonly Issue[],
  wishes: readonly ReporterWish[],
  choice: Parameters<typeof openReporters>[1],
): Promise<void> {
  const { surroundings } = choice;
  const reporters = openReporters(
    wishes.filter(({ name }) => name !== 'terminal'),
    choice,
  );
  const listener = together(reporters.listeners);
  listener.onIssues?.(issues);
  await listener.onRunEnd?.({ passed: 0, failed: 0, defects: 0, notRun: 0, simulated: 0, real: 0 });
  reporters.close();
  surroundings.complain(await renderIssues(issues));
  surroundings.endWith(exitCodes.usage);
}

/** Ctrl-C ends the run after telling what there is; a second one ends it at once. */
async function runInterruptibly(
  scenarios: readonly Scenario[],
  options: Omit<RunOptions, 'signal'>,
  listener: RunListener,
  surroundings: Surroundings,
): Promise<void> {
  const interruption = new AbortController();
  const stopListening = surroundings.onInterrupt(() => {
    if (interruption.signal.aborted) surroundings.exit(exitCodes.interrupted);
    interruption.abort();
  });
  const totals = await runScenarios(scenarios, { ...options, signal: interruption.signal }, listener);
  stopListening();
  if (interruption.signal.aborted) surroundings.endWith(exitCodes.interrupted);
  else if (totals.defects > 0) surroundings.endWith(exitCodes.defect);
  else if (totals.failed > 0) surroundings.endWith(exitCodes.failed);
}

function readTarget(text: string): Target {
  const { address, port } = readEndpoint(text);
  const wellFormed = isIP(address) !== 0 || /^(?=.{1,253}$)[a-z0-9-]+(?:\.[a-z0-9-]+)*$/i.test(address);
  if (!wellFormed || port < 1 || port > 65_535)
    throw new UsageError(`--target takes host or host:port, not ${text}.`);
  return { host: address, port };
}

function refuseToDial(host: string): never {
  throw new UsageError(
    `${host} is not on this machine: nothing was dialled. Add --live to connect to real hosts.`,
  );
}

function isChosen(scenario: Scenario, only: readonly string[]): boolean {
  const text = `${scenario.scenario} ${scenario.variant} ${scenario.file}`.toLowerCase();
  return (
    only.length === 0 ||
    only.some((word) => scenario.tags.includes(word) || text.includes(word.toLowerCase()))
  );
}

/** Throws a UsageError for a scenario that would dial hosts of the world. */
function keepToThisMachine(scenario: Scenario, target: Target | undefined): void {
  if (target) return;
  for (const host of realHosts(scenario)) if (!isLoopback(host)) refuseToDial(host);
  if (leavesLab(scenario) && realHosts(scenario).length === 0) {
    throw new UsageError(
      `${scenario.file} has no hosts, so DNS would say whom to dial: nothing was dialled. Add hosts, or --live.`,
    );
  }
}
