import { z } from 'zod';
import { durationSchema } from '../../datafile/schemas.ts';
import { rawBytes } from '../../text/raw-bytes.ts';
import { behaviourKind } from '../behaviour.ts';
import { afterwards, type WireFault } from '../decision.ts';
import type { Exchange } from '../exchange.ts';
import { countSchema, stagesSchema } from '../options.ts';

const faultSchema = z
  .strictObject({
    split: z
      .strictObject({ size: countSchema, every: durationSchema.default(0) })
      .optional()
      .describe('in pieces'),
    drip: z
      .union([durationSchema, z.strictObject({ every: durationSchema, until: durationSchema })])
      .optional()
      .describe('one byte at a time, this far apart; until the session has lasted so long'),
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
    const always = faultOf(fault);
    const { drip } = fault;
    const spoiled = ({ session }: Exchange): WireFault =>
      typeof drip === 'object'
        ? {
            kind: 'split',
            size: 1,
            every: drip.every,
            bytes: Math.ceil((drip.until - session.age) / drip.every),
          }
        : always;
    return {
      name: 'wire-fault',
      at,
      seesFaults: true,
      decide: (exchange, next) =>
        afterwards(next(), (decision) =>
          decision.kind === 'accept' || decision.kind === 'reply'
            ? { ...decision, fault: spoiled(exchange) }
            : decision,
        ),
    };
  },
});

function faultOf(fault: z.output<typeof faultSchema>): WireFault {
  if (fault.split) return { kind: 'split', ...fault.split };
  if (typeof fault.drip === 'number') return { kind: 'split', size: 1, every: fault.drip };
  if (fault.truncate !== undefined) return { kind: 'truncate', bytes: fault.truncate };
  if (fault['bare-lf']) return { kind: 'bare-lf' };
  if (fault.doubled) return { kind: 'doubled' };
  if (fault['followed-by'] !== undefined) return { kind: 'followed-by', bytes: fault['followed-by'] };
  if (fault.overlong !== undefined)
    return { kind: 'instead', bytes: Buffer.from(`250 ${'x'.repeat(fault.overlong)}\r\n`) };
  return { kind: 'instead', bytes: fault.instead ?? Buffer.alloc(0) };
}
