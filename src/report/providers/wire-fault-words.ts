import type { z } from 'zod';
import type { wireFault } from '../../sim/behaviours/wire-fault.ts';
import { formatDuration } from '../../time/duration.ts';

type Fault = z.output<typeof wireFault.options>['fault'];

/** How a spoilt reply comes, to stand behind it: `one byte at a time, 1 s apart`. */
export function wireFaultWords(fault: Fault): string {
  const { split, drip, truncate, overlong } = fault;
  if (split) return `in pieces of ${split.size} bytes${apart(split.every)}`;
  if (typeof drip === 'number') return `one byte at a time${apart(drip)}`;
  if (drip)
    return `one byte at a time${apart(drip.every)}, until the session is ${formatDuration(drip.until)} old`;
  if (truncate !== undefined) return `cut off behind ${truncate} bytes`;
  if (overlong !== undefined) return `as one line of ${overlong} bytes`;
  if (fault['bare-lf']) return 'with LF where CRLF is due';
  if (fault.doubled) return 'twice';
  return fault.instead ? 'as bytes that are no such reply' : 'with stray bytes behind it';
}

const apart = (every: number): string => (every > 0 ? `, ${formatDuration(every)} apart` : '');
