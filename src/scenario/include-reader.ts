import { dirname, resolve } from 'node:path';
import type { Issue } from '../datafile/issue.ts';
import { issueAt, type Path, type Positions } from '../datafile/positions.ts';
import { readSource } from '../datafile/read-source.ts';
import type { Source } from '../datafile/source.ts';
import { parseFilled } from './parse-filled.ts';
import type { ReadingBudget } from './reading-budget.ts';
import { includeSchema, type PlacedStep } from './scenario.ts';
import type { Step } from './step.ts';
import type { Variables } from './variables.ts';

const deepestInclude = 8;

interface Spot {
  readonly source: Source;
  readonly at: Positions;
  readonly path: Path;
  /** The files that include this one, the outermost first. */
  readonly within: readonly string[];
}

/** Puts steps in their places and the steps of included files in theirs. */
export class IncludeReader {
  readonly issues: Issue[] = [];
  /** A connect may stand where nothing could be read. */
  connectLost: boolean;
  readonly #variables: Variables;
  readonly #budget: ReadingBudget;
  #exhausted = false;

  constructor(variables: Variables, budget: ReadingBudget, connectLost: boolean) {
    this.#variables = variables;
    this.#budget = budget;
    this.connectLost = connectLost;
  }

  /** Leaves out the steps that are none. */
  async place(steps: readonly (Step | undefined)[], spot: Spot): Promise<PlacedStep[]> {
    const placed: PlacedStep[] = [];
    for (const [i, step] of steps.entries()) {
      if (!step) continue;
      const here = { ...spot, path: [...spot.path, i] };
      if ('include' in step)
        for (const included of await this.#include(step.include, here)) placed.push(included);
      else placed.push({ step, place: here, branches: await this.#branches(step, here) });
    }
    return placed;
  }

  async #branches(step: Step, spot: Spot): Promise<PlacedStep[][]> {
    if ('repeat' in step) return [await this.place(step.steps, { ...spot, path: [...spot.path, 'steps'] })];
    if (!('parallel' in step)) return [];
    const branches: PlacedStep[][] = [];
    for (const [i, branch] of step.parallel.entries()) {
      branches.push(await this.place(branch, { ...spot, path: [...spot.path, 'parallel', i] }));
    }
    return branches;
  }

  async #include(name: string, spot: Spot): Promise<PlacedStep[]> {
    const refuse = (message: string): PlacedStep[] => {
      this.issues.push(issueAt(spot.source, spot.at, [...spot.path, 'include'], message));
      this.connectLost = true;
      return [];
    };
    if (this.#exhausted) return [];
    const file = resolve(dirname(spot.source.file), name);
    const within = [...spot.within, resolve(spot.source.file)];
    if (within.includes(file)) return refuse('goes in a circle: the steps of that file lead here');
    if (within.length > deepestInclude) return refuse(`includes more than ${deepestInclude} files deep`);
    const read = await readSource(file);
    if (Array.isArray(read)) return refuse(read[0]?.message ?? 'cannot be read');
    const source = read as Source;
    this.#exhausted = !this.#budget.spend(source);
    if (this.#exhausted) return refuse('is one file too many: too much is included, time and again');
    const parsed = parseFilled(source, includeSchema, this.#variables);
    this.issues.push(...parsed.issues);
    this.connectLost ||= 'sound' in parsed ? parsed.sound.connectLost : !('at' in parsed);
    if (!('at' in parsed)) return [];
    const { steps } = 'value' in parsed ? parsed.value : parsed.sound;
    return this.place(steps, { source, at: parsed.at, path: ['steps'], within });
  }
}
