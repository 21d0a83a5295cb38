import type { Position } from '../datafile/source.ts';
import type { Check } from '../scenario/check.ts';
import type { StepResult } from '../scenario/result.ts';
import type { Place } from '../scenario/scenario.ts';

/** Whether a step has this key in its file. */
export function hasKey({ at, path }: Place, key: string): boolean {
  // A path that leads nowhere gives the place of the step itself.
  return !samePosition(at([...path, key]), at(path));
}

/** Where the expectation stands that did not hold; for a step without one, its verb. */
export function positionOfCheck({ place, verb }: StepResult, { path }: Check): Position {
  if (hasKey(place, 'expect')) return place.at([...place.path, 'expect', ...path]);
  return hasKey(place, verb) ? place.at([...place.path, verb], 'key') : place.at(place.path);
}

function samePosition(a: Position, b: Position): boolean {
  return a.line === b.line && a.column === b.column && a.length === b.length;
}
