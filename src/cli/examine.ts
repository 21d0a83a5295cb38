import { extname } from 'node:path';
import { startNameServer } from '../dns/name-server.ts';
import { SystemResolver } from '../dns/system-resolver.ts';
import { commandValidator } from '../exam/adapters/command.ts';
import { httpValidator } from '../exam/adapters/http.ts';
import { moduleApart } from '../exam/adapters/module-apart.ts';
import { ownVerifier } from '../exam/adapters/own.ts';
import { lotsOf, startTown, townPlan } from '../exam/exam-town.ts';
import type { ExamCase } from '../exam/load-cases.ts';
import type { Mapping } from '../exam/mapping.ts';
import { type ExamOptions, runExam } from '../exam/run-exam.ts';
import { type ScoreCard, scoreCard } from '../exam/score-card.ts';
import type { Validator } from '../exam/validator.ts';
import { nameServers, PrivateNetwork } from '../netns/network.ts';
import { ProviderShelf } from '../sim/load-profiles.ts';
import { escapeControls } from '../text/escape.ts';
import { parseDuration } from '../time/duration.ts';
import { RealClock } from '../time/real-clock.ts';
import { startWorld } from '../world/start-lab.ts';
import { worldOf } from '../world/world.ts';
import { endGroup } from './end-group.ts';
import type { ExamFlags } from './exam-flags.ts';
import { startService } from './exam-service.ts';
import { outwardly } from './exec-command.ts';
import { UsageError } from './exit.ts';
import type { Surroundings } from './surroundings.ts';

/** Our own verifier: each question in a world of its own, in simulated time. */
export async function examineOurselves(
  cases: readonly ExamCase[],
  mappings: readonly Mapping[],
  flags: ExamFlags,
  surroundings: Surroundings,
): Promise<ScoreCard> {
  const shelf = new ProviderShelf();
  const validator = ownVerifier('198.51.100.7');
  const answers = await runExam(
    cases,
    validator,
    async (one) => {
      const lab = await startWorld(worldOf({ world: one.exam, ...one }), {
        clock: 'virtual',
        seed: flags.seed,
        shelf,
      });
      return { lab, left: () => lab.close() };
    },
    optionsOf(mappings, flags, surroundings),
  );
  return scoreCard(validator.name, answers);
}

/** Somebody else's: inside of a private network where all cases stand side by side. */
export async function examineOthers(
  cases: readonly ExamCase[],
  mappings: readonly Mapping[],
  flags: ExamFlags,
  surroundings: Surroundings,
): Promise<ScoreCard> {
  const network = PrivateNetwork.prepare();
  SystemResolver.redirect(nameServers.slice(0, 1)); // this process read resolv.conf before it was ours
  const lots = lotsOf(cases);
  network.apply(townPlan(lots));
  const town = await startTown(lots, { clock: flags.clock, seed: flags.seed, shelf: new ProviderShelf() });
  const names = await Promise.all(
    nameServers.map((address) => startNameServer(town.resolver, { address, port: 53 })),
  );
  let endService = (): void => {};
  let validator: Validator | undefined;
  try {
    if (flags.start !== undefined)
      endService = await startService(flags.start, flags.http ?? '', surroundings);
    const options = optionsOf(mappings, flags, surroundings);
    validator = await validatorOf(flags, options, surroundings);
    const labOf = async (one: ExamCase) => {
      const lab = town.labs.get(one);
      if (!lab) throw new Error(`the case ${one.name} has no world`);
      return { lab, left: async () => {} };
    };
    return scoreCard(validator.name, await runExam(cases, validator, labOf, options));
  } finally {
    await validator?.close?.();
    endService();
    await Promise.all(names.map((server) => server.close()));
    await town.close();
  }
}

async function validatorOf(
  { command, http, module = '', clock, seed }: ExamFlags,
  { timeLimit, alarm }: ExamOptions,
  { directory, complain }: Surroundings,
): Promise<Validator> {
  if (command !== undefined) return commandValidator(command, { env: outwardly(), cwd: directory, endGroup });
  if (http !== undefined) return httpValidator(http);
  const pace = typeof clock === 'number' ? clock : 1;
  const task = { reference: module, directory, pace, seed, nameServers: nameServers.slice(0, 1) };
  return moduleApart(task, {
    program: new URL(`./exam-thread${extname(import.meta.url)}`, import.meta.url),
    patience: timeLimit,
    alarm,
    stray: (error) => complain(`mxlab: nobody caught this: ${escapeControls(error)}`),
  });
}

function optionsOf(
  mappings: readonly Mapping[],
  { parallel, timeLimit }: ExamFlags,
  { stopwatch }: Surroundings,
): ExamOptions {
  const limit = parseDuration(timeLimit);
  if (limit === undefined) throw new UsageError(`--time-limit ${timeLimit} is no time such as 60s.`);
  const clock = new RealClock();
  const alarm = (ms: number, ring: () => void): (() => void) => {
    const set = clock.alarm(ms, ring);
    return () => set.cancel();
  };
  return { mappings, parallel, timeLimit: limit, stopwatch, alarm };
}
