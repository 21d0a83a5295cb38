import { z } from 'zod';
import type { Issue } from '../datafile/issue.ts';
import type { Path, Positions } from '../datafile/positions.ts';
import type { Source } from '../datafile/source.ts';
import { zoneSchema } from '../dns/zone.ts';
import { hostsSchema } from '../world/host-source.ts';
import { type Step, stepsSchema } from './step.ts';
import { patienceSchema } from './step-parts.ts';

export const valueSchema = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.union([z.string(), z.number()])),
]);
const variableName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'is not a name of small letters, digits and hyphens');

export const variablesSchema = z.record(variableName, valueSchema);
export const matrixSchema = z.record(variableName, z.array(valueSchema).min(1));

/** A file in `scenarios/`: hosts, steps, and what each step must come to. */
export const scenarioSchema = z.strictObject({
  scenario: z.string().min(1).describe('the claim, as a sentence'),
  about: z.string().optional(),
  tags: z.array(z.string()).default([]),
  rules: z
    .array(z.string().regex(/^[A-Z]{3}-\d\d$/, 'is not a rule such as REP-02'))
    .default([])
    .describe('rules of smtp-rules.md that this shows'),
  hosts: hostsSchema.default({}),
  zone: zoneSchema.optional(),
  vars: variablesSchema.optional().describe('values for {name} anywhere in the file'),
  matrix: matrixSchema.optional().describe('runs the scenario once for each combination of values'),
  helo: z
    .string()
    .default('probe.example.net')
    .describe('what the client calls itself, unless a step says otherwise'),
  sender: z.string().default('probe@example.net'),
  from: z.string().optional().describe('the client address to come from, unless a step says otherwise'),
  patience: patienceSchema.optional(),
  steps: stepsSchema,
});

/** A file of steps that several scenarios include. */
export const includeSchema = z.strictObject({ about: z.string().optional(), steps: stepsSchema });

type ScenarioSource = z.output<typeof scenarioSchema>;

/** Where something stands in a file. */
export interface Place {
  readonly source: Source;
  readonly at: Positions;
  readonly path: Path;
}

/** A step with its place; included steps stand in their own file. */
export interface PlacedStep {
  readonly step: Step;
  readonly place: Place;
  /** Of repeat (one list) and parallel (one list for each branch). */
  readonly branches: readonly (readonly PlacedStep[])[];
}

/** A scenario ready to run: variables filled in, includes expanded, one for each combination of a matrix. */
export interface Scenario extends Omit<ScenarioSource, 'steps'> {
  readonly file: string;
  /** What tells it from the others of its matrix, such as `at: mail, how: reset`; empty without one. */
  readonly variant: string;
  readonly steps: readonly PlacedStep[];
}

export type Loaded = { readonly scenarios: readonly Scenario[] } | { readonly issues: readonly Issue[] };
