/** Something measured beside a peer in the same run on the same machine. */
export interface Measure {
  readonly what: string;
  readonly unit: string;
  readonly ours: number;
  readonly peer: string;
  readonly theirs: number;
  /** The ratio of ours to theirs that we promise. */
  readonly atLeast: number;
}

/** One line for a person; `ok` or `LOW` by the promise. */
export function printMeasure({ what, unit, ours, peer, theirs, atLeast }: Measure): string {
  const ratio = ours / theirs;
  const verdict = ratio >= atLeast ? 'ok ' : 'LOW';
  return `${verdict} ${ratio.toFixed(2)} x (promised ${atLeast}): ${what}: ${Math.round(ours)} ${unit} beside ${Math.round(theirs)} of ${peer}`;
}
