import type { VerdictBook } from '../rules.ts';
import type { Verification } from '../verification.ts';

/** What an answer says of the pace: go on, slower, or not at all. */
export type Sign = 'none' | 'slow' | 'stop';

export function signOf({ evidence }: Verification, { rules }: VerdictBook): Sign {
  const rule = rules.find(({ id }) => id === evidence.rule);
  if (rule?.stop) return 'stop';
  return rule?.again === 'slow-down' ? 'slow' : 'none';
}
