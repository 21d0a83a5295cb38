import { isIP } from 'node:net';
import type { Transcript } from '../transcript/transcript.ts';
import type { ExperimentData } from './schema/experiment.ts';

/** Of the scenarios that come with mxlab. */
export const experimentFolder = 'scenarios/experiments';

/** A scenario that tells one cause from the others. */
export interface Experiment {
  /** Its path, as `mxlab run` takes it. */
  readonly scenario: string;
  /** What to type, with the values of this session. */
  readonly command: string;
  /** What to take from its passing. */
  readonly tells: string;
}

/** Where the host of a session is reached: nothing where it was a simulated one. */
export type Place = { readonly target: string; readonly live: boolean } | undefined;

/** Nothing that a shell would take apart, since names and addresses come from the other side and from logs. */
const plain = /^[\w][\w.@+:[\]-]{0,253}$/;

/** Puts the command together. Values that are unknown, or odd enough to hurt in a shell, are left to the scenario. */
export function setUpExperiment(
  experiment: ExperimentData | undefined,
  values: Readonly<Record<string, string>>,
  place: Place,
): Experiment {
  if (experiment === undefined) throw new Error('a cause names an experiment that is not there');
  const { scenario, tells, set, fills, sends } = experiment;
  const path = `${experimentFolder}/${scenario}.yaml`;
  const known = Object.entries(set).flatMap(([name, from]): string[] => {
    const value = values[from] ?? '';
    return plain.test(value) && value !== '0' ? [`--set ${name}=${quoted(value)}`] : [];
  });
  const open = Object.entries(fills).map(([name, value]) => `--set ${name}=${value}`);
  const options = place
    ? [
        `--target ${quoted(place.target)}`,
        ...(place.live ? ['--live', ...(sends ? ['--send-data'] : [])] : []),
        ...known,
        ...open,
      ]
    : [];
  return { scenario: path, command: ['mxlab run', path, ...options].join(' '), tells };
}

function quoted(value: string): string {
  return /[[\]]/.test(value) ? `'${value}'` : value;
}

/** Names and addresses of documents and tests, at which nobody can be reached. RFC 2606 2, 3; RFC 6761; RFC 5737 3; RFC 3849 */
const invented =
  /(?:^|\.)(?:example|test|invalid)$|(?:^|\.)example\.(?:com|net|org)$|^(?:192\.0\.2|198\.51\.100|203\.0\.113)\.|^2001:0?db8:/i;
const loopback = /^(?:127\.|::1$|localhost$)/;

/** Where the session of a transcript went. */
export function placeOf(transcript: Transcript | undefined): Place {
  const connected = transcript?.events.find((event) => event.kind === 'connected');
  if (connected?.kind !== 'connected') return undefined;
  const { address, port } = connected;
  if (isIP(address) === 0 || invented.test(address)) return undefined;
  const host = plain.test(connected.host) && !invented.test(connected.host) ? connected.host : address;
  const name = loopback.test(address) ? address : host;
  return {
    target: isIP(name) === 6 ? `[${name}]:${port}` : `${name}:${port}`,
    live: !loopback.test(address),
  };
}
