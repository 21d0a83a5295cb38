import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { parseDocument } from '../datafile/document.ts';
import type { Issue } from '../datafile/issue.ts';
import { issueAt, type Path, type Positions } from '../datafile/positions.ts';
import { readSource } from '../datafile/read-source.ts';
import type { Source } from '../datafile/source.ts';
import type { ProviderShelf } from '../sim/load-profiles.ts';
import { suggest } from '../world/world-faults.ts';
import {
  includeSchema,
  type Loaded,
  matrixSchema,
  type PlacedStep,
  type Scenario,
  scenarioSchema,
  variablesSchema,
} from './scenario.ts';
import { faultsOfScenario } from './scenario-faults.ts';
import { type SoundParts, soundParts, soundVariables } from './sound-parts.ts';
import type { Step } from './step.ts';
import {
  combinations,
  countCombinations,
  describeVariant,
  fillIn,
  unfilled,
  type Variables,
} from './variables.ts';

const mostCombinations = 1_000;
const deepestInclude = 8;

/** What has to be known before the rest of a file can be judged. */
const headSchema = z.looseObject({ vars: variablesSchema.optional(), matrix: matrixSchema.optional() });

/** What loading needs besides the file. */
export interface LoadOptions {
  readonly shelf: ProviderShelf;
  /** Values that replace those of `vars`. */
  readonly set?: Variables;
}

/** Reads a scenario file. All mistakes come back at once. */
export async function loadScenarios(file: string, options: LoadOptions): Promise<Loaded> {
  const source = await readSource(file);
  if (Array.isArray(source)) return { issues: source };
  const text = source as Source;
  const head = parseDocument(text, headSchema);
  if ('issues' in head) return loadFaulty(text, head, options);
  const { vars = {}, matrix = {} } = head.value;
  const count = countCombinations(matrix);
  if (count > mostCombinations) {
    return {
      issues: [
        issueAt(text, head.at, ['matrix'], `has ${count} combinations, of at most ${mostCombinations}`),
      ],
    };
  }
  const scenarios: Scenario[] = [];
  for (const variant of combinations(matrix)) {
    const loaded = await loadVariant(
      text,
      { ...vars, ...options.set, ...variant },
      describeVariant(variant),
      options,
    );
    if ('issues' in loaded) return loaded;
    scenarios.push(...loaded.scenarios);
  }
  return { scenarios };
}

/** Tells what is wrong besides its variables with a file whose variables are wrong. */
async function loadFaulty(
  source: Source,
  { issues, unjudged }: Faulty,
  options: LoadOptions,
): Promise<Loaded> {
  if (!unjudged) return { issues };
  const loaded = await loadVariant(source, { ...soundVariables(unjudged.tree), ...options.set }, '', options);
  return 'issues' in loaded ? loaded : { issues };
}

async function loadVariant(
  source: Source,
  variables: Variables,
  variant: string,
  { shelf }: LoadOptions,
): Promise<Loaded> {
  const parsed = parseFilled(source, scenarioSchema, variables);
  if (!('at' in parsed)) return parsed;
  const { at } = parsed;
  const sound = 'value' in parsed ? { ...parsed.value, connectLost: false } : parsed.sound;
  const reader = new IncludeReader(variables, sound.connectLost);
  const steps = await reader.place(sound.steps, { source, at, path: ['steps'] }, 0);
  const { connectLost } = reader;
  const faults = await faultsOfScenario({ hosts: sound.hosts, steps }, { source, at, shelf, connectLost });
  const issues = inOrder([...parsed.issues, ...reader.issues, ...faults], source);
  if (issues.length > 0 || !('value' in parsed)) return { issues };
  return { scenarios: [{ ...parsed.value, file: source.file, variant, steps }] };
}

/** Issues of a file from its top to its end, then those of files that it includes. */
function inOrder(issues: readonly Issue[], { file }: Source): readonly Issue[] {
  const own = issues
    .filter((issue) => issue.file === file)
    .sort((a, b) => a.line - b.line || a.column - b.column);
  return [...own, ...issues.filter((issue) => issue.file !== file)];
}

type Faulty = Extract<ReturnType<typeof parseDocument>, { issues: unknown }>;

/**
 * A file with its variables filled in, as its schema gives it or, where it has mistakes, what of it reads well. Names in
 * its steps that are no variables are among the issues.
 */
type Filled<T> =
  | { readonly value: T; readonly at: Positions; readonly issues: readonly Issue[] }
  | { readonly sound: SoundParts; readonly at: Positions; readonly issues: readonly Issue[] }
  | { readonly issues: readonly Issue[] };

function parseFilled<T>(source: Source, schema: z.ZodType<T>, variables: Variables): Filled<T> {
  let filled: unknown;
  const filling = z.preprocess((tree) => {
    filled = fillInAllBut(tree, variables);
    return filled;
  }, schema);
  const parsed = parseDocument(source, filling);
  const { at } = 'value' in parsed ? parsed : (parsed.unjudged ?? {});
  if (!at) return { issues: 'issues' in parsed ? parsed.issues : [] };
  const left = unfilled((filled as { steps?: unknown } | null)?.steps, ['steps']);
  const strays = left.map(({ path, name }) => {
    const message = `names no variable: there is no ${name} in vars or matrix`;
    return issueAt(source, at, path, message, suggest(name, Object.keys(variables)));
  });
  if ('value' in parsed) return { value: parsed.value, at, issues: strays };
  return { sound: soundParts(filled), at, issues: [...strays, ...parsed.issues.filter(elsewhere(strays))] };
}

/** What is said of a variable that is not there is the cause of what else is said of its place. */
function elsewhere(strays: readonly Issue[]): (issue: Issue) => boolean {
  return ({ line, column }) => !strays.some((stray) => stray.line === line && stray.column === column);
}

/** `vars` and `matrix` themselves stay as they are written. */
function fillInAllBut(tree: unknown, variables: Variables): unknown {
  if (tree === null || typeof tree !== 'object' || Array.isArray(tree)) return tree;
  const { vars, matrix, ...rest } = tree as Record<string, unknown>;
  return {
    ...(fillIn(rest, variables) as object),
    ...(vars === undefined ? {} : { vars }),
    ...(matrix === undefined ? {} : { matrix }),
  };
}

interface Spot {
  readonly source: Source;
  readonly at: Positions;
  readonly path: Path;
}

/** Puts steps in their places and the steps of included files in theirs. */
class IncludeReader {
  readonly issues: Issue[] = [];
  /** A connect may stand where nothing could be read. */
  connectLost: boolean;
  readonly #variables: Variables;

  constructor(variables: Variables, connectLost: boolean) {
    this.#variables = variables;
    this.connectLost = connectLost;
  }

  /** Leaves out the steps that are none. */
  async place(steps: readonly (Step | undefined)[], spot: Spot, depth: number): Promise<PlacedStep[]> {
    const placed: PlacedStep[] = [];
    for (const [i, step] of steps.entries()) {
      if (!step) continue;
      const here = { ...spot, path: [...spot.path, i] };
      if ('include' in step) placed.push(...(await this.#include(step.include, here, depth)));
      else placed.push({ step, place: here, branches: await this.#branches(step, here, depth) });
    }
    return placed;
  }

  async #branches(step: Step, spot: Spot, depth: number): Promise<PlacedStep[][]> {
    if ('repeat' in step)
      return [await this.place(step.steps, { ...spot, path: [...spot.path, 'steps'] }, depth)];
    if (!('parallel' in step)) return [];
    const branches: PlacedStep[][] = [];
    for (const [i, branch] of step.parallel.entries()) {
      branches.push(await this.place(branch, { ...spot, path: [...spot.path, 'parallel', i] }, depth));
    }
    return branches;
  }

  async #include(name: string, spot: Spot, depth: number): Promise<PlacedStep[]> {
    const refuse = (message: string): PlacedStep[] => {
      this.issues.push(issueAt(spot.source, spot.at, [...spot.path, 'include'], message));
      this.connectLost = true;
      return [];
    };
    if (depth >= deepestInclude)
      return refuse(`includes more than ${deepestInclude} files deep; does a file include itself?`);
    const read = await readSource(resolve(dirname(spot.source.file), name));
    if (Array.isArray(read)) return refuse(read[0]?.message ?? 'cannot be read');
    const source = read as Source;
    const parsed = parseFilled(source, includeSchema, this.#variables);
    this.issues.push(...parsed.issues);
    this.connectLost ||= 'sound' in parsed ? parsed.sound.connectLost : !('at' in parsed);
    if (!('at' in parsed)) return [];
    const { steps } = 'value' in parsed ? parsed.value : parsed.sound;
    return this.place(steps, { source, at: parsed.at, path: ['steps'] }, depth + 1);
  }
}
