/** Something measured beside a peer in the same run on the same machine. */
export interface Measure {
  readonly what: string;
  readonly unit: string;
  readonly ours: number;
  readonly peer: string;
  readonly theirs: number;
  /** The ratio of ours to theirs that we promise; absent for what is only told. */
  readonly atLeast?: number;
}

/** One line for a person; `ok` or `LOW` by the promise. */
export function printMeasure({ what, unit, ours, peer, theirs, atLeast }: Measure): string {
  const ratio = ours / theirs;
  const verdict = atLeast === undefined ? '   ' : ratio >= atLeast ? 'ok ' : 'LOW';
  const promise = atLeast === undefined ? '' : ` (promised ${atLeast})`;
  return `${verdict} ${ratio.toFixed(2)} x${promise}: ${what}: ${Math.round(ours)} ${unit} beside ${Math.round(theirs)} of ${peer}`;
}
