import { fillableSchemaOf, jsonSchemaOf } from '../datafile/json-schema.ts';
import { closest } from '../datafile/suggest.ts';
import { includeSchema, scenarioSchema } from '../scenario/scenario.ts';
import { profileSchema } from '../sim/profile.ts';
import { worldSchema } from '../world/world.ts';
import { UsageError } from './exit.ts';
import type { Surroundings } from './surroundings.ts';

const kinds = {
  scenario: () => fillableSchemaOf(scenarioSchema, 'An mxlab scenario', ['vars', 'matrix']),
  include: () => fillableSchemaOf(includeSchema, 'Steps that several mxlab scenarios include', []),
  world: () => jsonSchemaOf(worldSchema, 'An mxlab world'),
  provider: () => jsonSchemaOf(profileSchema, 'An mxlab provider profile'),
};

/** Prints JSON Schemas. Throws a UsageError for a kind that is not there. */
export function schema(kind: string | undefined, { write }: Surroundings): void {
  const names = Object.keys(kinds);
  if (kind !== undefined && !Object.hasOwn(kinds, kind)) {
    const near = closest(kind, names);
    throw new UsageError(
      `there is no kind of file called ${kind}; ${near ? `did you mean ${near}?` : `known: ${names.join(', ')}.`}`,
    );
  }
  const chosen =
    kind === undefined
      ? Object.fromEntries(names.map((name) => [name, kinds[name as keyof typeof kinds]()]))
      : kinds[kind as keyof typeof kinds]();
  write(`${JSON.stringify(chosen, null, 2)}\n`);
}
