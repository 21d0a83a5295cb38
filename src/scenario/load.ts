import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { parseDocument } from '../datafile/document.ts';
import type { Issue } from '../datafile/issue.ts';
import { issueAt, type Path, type Positions } from '../datafile/positions.ts';
import { readSource } from '../datafile/read-source.ts';
import type { Source } from '../datafile/source.ts';
import type { ProviderShelf } from '../sim/load-profiles.ts';
import {
  includeSchema,
  type Loaded,
  matrixSchema,
  type PlacedStep,
  type Scenario,
  scenarioSchema,
  variablesSchema,
} from './scenario.ts';
import { faultsOfScenario, suggest } from './scenario-faults.ts';
import type { Step } from './step.ts';
import {
  combinations,
  countCombinations,
  describeVariant,
  fillIn,
  type Unfilled,
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
  if ('issues' in head) return { issues: head.issues };
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

async function loadVariant(
  source: Source,
  variables: Variables,
  variant: string,
  options: LoadOptions,
): Promise<Loaded> {
  const parsed = parseFilled(source, scenarioSchema, variables);
  if ('issues' in parsed) return { issues: parsed.issues };
  const { value, at, strays } = parsed;
  const reader = new IncludeReader(variables);
  const steps = await reader.place(value.steps, { source, at, path: ['steps'] }, 0);
  const scenario: Scenario = { ...value, file: source.file, variant, steps };
  const issues = [
    ...strays,
    ...reader.issues,
    ...(await faultsOfScenario(scenario, source, at, options.shelf)),
  ];
  return issues.length > 0 ? { issues } : { scenarios: [scenario] };
}

type Filled<T> =
  | { readonly value: T; readonly at: Positions; readonly strays: readonly Issue[] }
  | { readonly issues: readonly Issue[] };

/** Reads a file with its variables filled in; `strays` are the names in its steps that are no variables. */
function parseFilled<T>(source: Source, schema: z.ZodType<T>, variables: Variables): Filled<T> {
  let left: readonly Unfilled[] = [];
  const filling = z.preprocess((tree) => {
    const filled = fillInAllBut(tree, variables);
    left = unfilled((filled as { steps?: unknown } | null)?.steps, ['steps']);
    return filled;
  }, schema);
  const parsed = parseDocument(source, filling);
  if ('issues' in parsed) return parsed;
  const strays = left.map(({ path, name }) => {
    const message = `names no variable: there is no ${name} in vars or matrix`;
    return issueAt(source, parsed.at, path, message, suggest(name, Object.keys(variables)));
  });
  return { ...parsed, strays };
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
  readonly #variables: Variables;

  constructor(variables: Variables) {
    this.#variables = variables;
  }

  async place(steps: readonly Step[], spot: Spot, depth: number): Promise<PlacedStep[]> {
    const placed: PlacedStep[] = [];
    for (const [i, step] of steps.entries()) {
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
      return [];
    };
    if (depth >= deepestInclude)
      return refuse(`includes more than ${deepestInclude} files deep; does a file include itself?`);
    const source = await readSource(resolve(dirname(spot.source.file), name));
    if (Array.isArray(source)) return refuse(source[0]?.message ?? 'cannot be read');
    const parsed = parseFilled(source as Source, includeSchema, this.#variables);
    this.issues.push(...('issues' in parsed ? parsed.issues : parsed.strays));
    if ('issues' in parsed) return [];
    return this.place(
      parsed.value.steps,
      { source: source as Source, at: parsed.at, path: ['steps'] },
      depth + 1,
    );
  }
}
