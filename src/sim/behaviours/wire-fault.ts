import { z } from 'zod';
import { durationSchema } from '../../datafile/schemas.ts';
import { rawBytes } from '../../text/raw-bytes.ts';
import { behaviourKind } from '../behaviour.ts';
import { afterwards, type WireFault } from '../decision.ts';
import { countSchema, stagesSchema } from '../options.ts';

const faultSchema = z
  .strictObject({
    split: z
      .strictObject({ size: countSchema, every: durationSchema.default(0) })
      .optional()
      .describe('in pieces'),
    drip: durationSchema.optional().describe('one byte at a time, this far apart'),
    truncate: z.number().int().min(0).optional().describe('only the first bytes'),
    'bare-lf': z.literal(true).optional(),
    doubled: z.literal(true).optional(),
    instead: z.string().transform(rawBytes).optional().describe('other bytes; \\r \\n \\xNN as escapes'),
    'followed-by': z
      .string()
      .transform(rawBytes)
      .optional()
      .describe('bytes behind the reply, in the same write'),
    overlong: countSchema.optional().describe('a text line of so many bytes'),
  })
  .refine((fault) => Object.keys(fault).length === 1, { message: 'needs exactly one fault' });

/** Spoils the bytes of whatever reply the rest of the chain gives. */
export const wireFault = behaviourKind({
  name: 'wire-fault',
  options: z.strictObject({ at: stagesSchema, fault: faultSchema }),
  create({ at, fault }) {
    const spoiled = faultOf(fault);
    return {
      name: 'wire-fault',
      at,
      seesFaults: true,
      decide: (_exchange, next) =>
        afterwards(next(), (decision) =>
          decision.kind === 'accept' || decision.kind === 'reply'
            ? { ...decision, fault: spoiled }
            : decision,
        ),
    };
  },
});

function faultOf(fault: z.output<typeof faultSchema>): WireFault {
  if (fault.split) return { kind: 'split', ...fault.split };
  if (fault.drip !== undefined) return { kind: 'split', size: 1, every: fault.drip };
  if (fault.truncate !== undefined) return { kind: 'truncate', bytes: fault.truncate };
  if (fault['bare-lf']) return { kind: 'bare-lf' };
  if (fault.doubled) return { kind: 'doubled' };
  if (fault['followed-by'] !== undefined) return { kind: 'followed-by', bytes: fault['followed-by'] };
  if (fault.overlong !== undefined)
    return { kind: 'instead', bytes: Buffer.from(`250 ${'x'.repeat(fault.overlong)}\r\n`) };
  return { kind: 'instead', bytes: fault.instead ?? Buffer.alloc(0) };
}
