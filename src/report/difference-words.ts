import type { Difference } from '../scenario/result.ts';

/** In what two answers differ, at the gravest. */
export function differenceWords({
  matters,
  capabilities,
}: Pick<Difference, 'matters' | 'capabilities'>): string {
  if (matters) return 'codes or endings differ';
  if (capabilities.length === 0) return 'only the words differ';
  return `capabilities differ: ${capabilities.map(capabilityWords).join(', ')}`;
}

/** `XFOO only real`, `SIZE 1000 simulated and 2000 real`. */
function capabilityWords({ keyword, simulated, real }: Difference['capabilities'][number]): string {
  if (real === undefined) return `${keyword} only simulated`;
  if (simulated === undefined) return `${keyword} only real`;
  return `${keyword} ${simulated || 'bare'} simulated and ${real || 'bare'} real`;
}
