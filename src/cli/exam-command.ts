import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startNameServer } from '../dns/name-server.ts';
import { SystemResolver } from '../dns/system-resolver.ts';
import { commandValidator } from '../exam/adapters/command.ts';
import { httpValidator } from '../exam/adapters/http.ts';
import { ModuleError, moduleValidator } from '../exam/adapters/module.ts';
import { ownVerifier } from '../exam/adapters/own.ts';
import { lotsOf, startTown, townPlan } from '../exam/exam-town.ts';
import { areCases, type ExamCase, loadCases } from '../exam/load-cases.ts';
import { isMapping, loadMapping, type Mapping, mappingNames } from '../exam/mapping.ts';
import { type ExamOptions, runExam } from '../exam/run-exam.ts';
import { type Baseline, baselineOf, changesSince, type ScoreCard, scoreCard } from '../exam/score-card.ts';
import type { Validator } from '../exam/validator.ts';
import { NetworkError, nameServers, PrivateNetwork } from '../netns/network.ts';
import { examHtml } from '../report/exam/html.ts';
import { examJson } from '../report/exam/json.ts';
import { examJUnit } from '../report/exam/junit.ts';
import { renderChanges, renderScoreCard } from '../report/exam/terminal.ts';
import { createPalette } from '../report/palette.ts';
import { ProviderShelf } from '../sim/load-profiles.ts';
import { escapeControls } from '../text/escape.ts';
import { parseDuration } from '../time/duration.ts';
import { RealClock } from '../time/real-clock.ts';
import { type Pace, startWorld } from '../world/start-lab.ts';
import { worldOf } from '../world/world.ts';
import { endGroup, startService } from './exam-service.ts';
import { enter, isInside, outwardly } from './exec-command.ts';
import { exitCodes, UsageError } from './exit.ts';
import { renderIssues } from './render-issues.ts';
import type { Surroundings } from './surroundings.ts';

/** What `mxlab exam` may be told. */
export interface ExamFlags {
  readonly self?: boolean;
  readonly command?: string;
  readonly http?: string;
  readonly start?: string;
  readonly module?: string;
  readonly mapping: readonly string[];
  readonly only?: readonly string[];
  readonly cases?: string;
  readonly parallel: number;
  readonly timeLimit: string;
  readonly clock: Pace;
  readonly seed: string;
  readonly baseline?: string;
  readonly update?: boolean;
  readonly reporter?: readonly string[];
}

const reporters = { terminal: undefined, json: examJson, html: examHtml, junit: examJUnit } as const;

/** Puts a validator through the exam. Exit codes: 0 nothing wrong, or nothing changed since the baseline; 1 otherwise; 2 usage. */
export async function exam(flags: ExamFlags, surroundings: Surroundings): Promise<void> {
  checkTogether(flags);
  const wishes = readReporters(flags.reporter ?? []);
  const cases = await chosenCases(flags, surroundings);
  const mappings = await readMappings(flags, surroundings);
  if (!cases || !mappings) return surroundings.endWith(exitCodes.usage);
  const baseline = readBaseline(flags);
  if (!flags.self && !isInside()) return enter(surroundings);
  try {
    const card = await (flags.self ? examineOurselves : examineOthers)(cases, mappings, flags, surroundings);
    write(card, wishes, surroundings);
    const code = conclude(card, baseline, flags, surroundings);
    if (flags.module === undefined) surroundings.endWith(code);
    else surroundings.exit(code); // a module's sockets and timers may outlive its answers
  } catch (error) {
    if (error instanceof ModuleError || error instanceof NetworkError)
      throw new UsageError(`${error.message}.`);
    throw error;
  }
}

function checkTogether({ self, command, http, module, start, baseline, update }: ExamFlags): void {
  const asked = [self, command, http, module].filter((one) => one !== undefined).length;
  if (asked !== 1)
    throw new UsageError(
      "name one validator: --self, --command 'python3 check.py {address}', --http URL or --module file.mjs#function.",
    );
  if (start !== undefined && http === undefined)
    throw new UsageError('--start starts the service of --http.');
  if (http !== undefined && !/^https?:$/.test(protocolOf(http)))
    throw new UsageError(`--http ${http} is no URL such as http://127.0.0.1:8080/validate.`);
  if (update && baseline === undefined)
    throw new UsageError('--update writes the file of --baseline: name it.');
}

function protocolOf(url: string): string {
  const plain = url.replaceAll('{address}', 'x');
  return URL.canParse(plain) ? new URL(plain).protocol : '';
}

async function chosenCases(
  { cases, only }: ExamFlags,
  { complain }: Surroundings,
): Promise<readonly ExamCase[] | undefined> {
  const folder = cases === undefined ? undefined : pathToFileURL(`${resolve(cases)}/`);
  const read = await loadCases(folder).catch((error: Error) => {
    throw new UsageError(`${cases}: ${error.message}.`);
  });
  if (!areCases(read)) {
    complain(await renderIssues(read, ' Nothing was asked.'));
    return undefined;
  }
  const chosen = read.filter(
    (one) =>
      !only || only.some((text) => `${one.name} ${one.exam}`.toLowerCase().includes(text.toLowerCase())),
  );
  if (chosen.length === 0)
    throw new UsageError(`no case has ${only?.join(' or ') ?? 'a name'} in its name or title.`);
  return chosen;
}

async function readMappings(
  { mapping }: ExamFlags,
  { complain }: Surroundings,
): Promise<readonly Mapping[] | undefined> {
  const names = mapping.length > 0 ? mapping : ['mxlab', 'result', 'status', 'reacher', 'boolean', 'words'];
  const read = await Promise.all(names.map((name) => loadMapping(name)));
  const issues = read.flatMap((one) => (isMapping(one) ? [] : one));
  if (issues.length === 0) return read.filter(isMapping);
  complain(await renderIssues(issues, ` Ready ones: ${(await mappingNames()).join(', ')}.`));
  return undefined;
}

function readBaseline({ baseline, update }: ExamFlags): Baseline | undefined {
  if (baseline === undefined || update) return undefined;
  try {
    const read = JSON.parse(readFileSync(baseline, 'utf8')) as Baseline;
    if (typeof read?.marks !== 'object' || read.marks === null) throw new Error('it holds no marks');
    return read;
  } catch (error) {
    throw new UsageError(`${baseline} is no baseline: ${(error as Error).message}. Make one with --update.`);
  }
}

/** Our own verifier: each question in a world of its own, in simulated time. */
async function examineOurselves(
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
async function examineOthers(
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
  const heedless = outlasting(surroundings);
  let endService = (): void => {};
  try {
    if (flags.start !== undefined)
      endService = await startService(flags.start, flags.http ?? '', surroundings);
    const validator = await validatorOf(flags, surroundings);
    const labOf = async (one: ExamCase) => {
      const lab = town.labs.get(one);
      if (!lab) throw new Error(`the case ${one.name} has no world`);
      return { lab, left: async () => {} };
    };
    return scoreCard(
      validator.name,
      await runExam(cases, validator, labOf, optionsOf(mappings, flags, surroundings)),
    );
  } finally {
    heedless();
    endService();
    await Promise.all(names.map((server) => server.close()));
    await town.close();
  }
}

/** Errors that a module leaves behind, of sockets that it has forgotten, end no exam. Returns how to let them again. */
function outlasting({ complain }: Surroundings): () => void {
  const heed = (error: unknown): void => complain(`mxlab: nobody caught this: ${escapeControls(`${error}`)}`);
  process.on('uncaughtException', heed);
  process.on('unhandledRejection', heed);
  return () => {
    process.off('uncaughtException', heed);
    process.off('unhandledRejection', heed);
  };
}

async function validatorOf(
  { command, http, module = '' }: ExamFlags,
  { directory }: Surroundings,
): Promise<Validator> {
  if (command !== undefined) return commandValidator(command, { env: outwardly(), cwd: directory, endGroup });
  if (http !== undefined) return httpValidator(http);
  return moduleValidator(module, (file) => resolve(directory, file));
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

type Wish = { readonly name: keyof typeof reporters; readonly file: string | undefined };

function readReporters(wanted: readonly string[]): readonly Wish[] {
  const wishes = wanted.map((spec): Wish => {
    const [, name = '', file] = /^([^=]*)(?:=(.*))?$/s.exec(spec) ?? [];
    if (!Object.hasOwn(reporters, name))
      throw new UsageError(`there is no reporter called ${name}; there are terminal, json, html and junit.`);
    return { name: name as Wish['name'], file };
  });
  return wishes.some(({ file }) => file === undefined)
    ? wishes
    : [{ name: 'terminal', file: undefined }, ...wishes];
}

function write(card: ScoreCard, wishes: readonly Wish[], surroundings: Surroundings): void {
  const { columns, colours: colour, unicode } = surroundings;
  for (const { name, file } of wishes) {
    const text =
      reporters[name]?.(card) ??
      `${renderScoreCard(card, { palette: createPalette({ colour: file === undefined ? colour : 0, unicode }), columns }).join('\n')}\n`;
    if (file === undefined) surroundings.write(text);
    else save(file, text);
  }
}

function save(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${(error as Error).message}.`);
  }
}

function conclude(
  card: ScoreCard,
  baseline: Baseline | undefined,
  flags: ExamFlags,
  surroundings: Surroundings,
): number {
  if (flags.update && flags.baseline !== undefined) {
    save(flags.baseline, `${JSON.stringify(baselineOf(card), null, 2)}\n`);
    surroundings.complain(`mxlab: ${flags.baseline} is the baseline now.`);
    return exitCodes.passed;
  }
  if (baseline) {
    const { columns, colours: colour, unicode } = surroundings;
    const changes = changesSince(baseline, card);
    const lines = renderChanges(changes, { palette: createPalette({ colour, unicode }), columns });
    surroundings.complain(
      changes.length === 0 ? 'mxlab: nothing has changed since the baseline.' : lines.join('\n'),
    );
    return changes.length === 0 ? exitCodes.passed : exitCodes.failed;
  }
  const { wrong, dangerous, hung, crashed } = card.counts;
  return wrong + dangerous + hung + crashed === 0 ? exitCodes.passed : exitCodes.failed;
}
