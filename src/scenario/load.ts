import { z } from 'zod';
import { parseDocument } from '../datafile/document.ts';
import { inOrder } from '../datafile/issue.ts';
import { issueAt } from '../datafile/positions.ts';
import { readSource } from '../datafile/read-source.ts';
import type { Source } from '../datafile/source.ts';
import type { ProviderShelf } from '../sim/load-profiles.ts';
import { IncludeReader } from './include-reader.ts';
import { parseFilled } from './parse-filled.ts';
import { ReadingBudget } from './reading-budget.ts';
import { type Loaded, matrixSchema, type Scenario, scenarioSchema, variablesSchema } from './scenario.ts';
import { faultsOfScenario } from './scenario-faults.ts';
import { soundVariables } from './sound-parts.ts';
import { combinations, countCombinations, describeVariant, type Variables } from './variables.ts';

const mostCombinations = 1_000;

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
  const budget = new ReadingBudget();
  for (const variant of combinations(matrix)) {
    const variables = { ...vars, ...alike(options.set ?? {}, vars), ...variant };
    const loaded = budget.spend(text)
      ? await loadVariant(text, variables, describeVariant(variant), { ...options, budget })
      : {
          issues: [issueAt(text, head.at, ['matrix'], 'has too many combinations for a file of this length')],
        };
    if ('issues' in loaded) return loaded;
    scenarios.push(...loaded.scenarios);
  }
  return { scenarios };
}

/** From a command line every value is text; where the file has a number, one that reads as a number is one. */
function alike(set: Variables, vars: Variables): Variables {
  return Object.fromEntries(
    Object.entries(set).map(([name, value]) => {
      const isNumber = typeof vars[name] === 'number' && /^\d{1,15}$/.test(`${value}`);
      return [name, isNumber ? Number(value) : value];
    }),
  );
}

/** Tells what is wrong besides its variables with a file whose variables are wrong. */
async function loadFaulty(
  source: Source,
  { issues, unjudged }: Faulty,
  options: LoadOptions,
): Promise<Loaded> {
  if (!unjudged) return { issues };
  const variables = { ...soundVariables(unjudged.tree), ...options.set };
  const loaded = await loadVariant(source, variables, '', { ...options, budget: new ReadingBudget() });
  return 'issues' in loaded ? loaded : { issues };
}

async function loadVariant(
  source: Source,
  variables: Variables,
  variant: string,
  { shelf, budget }: LoadOptions & { readonly budget: ReadingBudget },
): Promise<Loaded> {
  const parsed = parseFilled(source, scenarioSchema, variables);
  if (!('at' in parsed)) return parsed;
  const { at } = parsed;
  const sound = 'value' in parsed ? { ...parsed.value, connectLost: false } : parsed.sound;
  const reader = new IncludeReader(variables, budget, sound.connectLost);
  const steps = await reader.place(sound.steps, { source, at, path: ['steps'], within: [] });
  const { connectLost } = reader;
  const faults = await faultsOfScenario({ hosts: sound.hosts, steps }, { source, at, shelf, connectLost });
  const issues = inOrder([...parsed.issues, ...reader.issues, ...faults], source);
  if (issues.length > 0 || !('value' in parsed)) return { issues };
  return { scenarios: [{ ...parsed.value, file: source.file, variant, steps }] };
}

type Faulty = Extract<ReturnType<typeof parseDocument>, { issues: unknown }>;
