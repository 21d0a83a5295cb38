/** Bounds, both of them belonging to what they bound. */
export interface Bounds {
  readonly 'at-least'?: number | undefined;
  readonly 'at-most'?: number | undefined;
}

export function holds({ 'at-least': least, 'at-most': most }: Bounds, value: number): boolean {
  return (least === undefined || value >= least) && (most === undefined || value <= most);
}

/** `at least 2 and at most 3`, or the number where both are the same. */
export function describeBounds(
  { 'at-least': least, 'at-most': most }: Bounds,
  show: (value: number) => string = (value) => `${value}`,
): string {
  if (least !== undefined && least === most) return show(least);
  return [
    ...(least === undefined ? [] : [`at least ${show(least)}`]),
    ...(most === undefined ? [] : [`at most ${show(most)}`]),
  ].join(' and ');
}
