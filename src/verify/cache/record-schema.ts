import { z } from 'zod';
import { reasons } from '../../knowledge/vocabulary.ts';
import { type EnhancedStatusCode, enhancedStatusOf } from '../../smtp/enhanced-status.ts';
import { stages } from '../../smtp/stage.ts';
import { events, existences, subReasons, verdicts } from '../vocabulary.ts';

const share = z.number().min(0).max(1);
const count = z.number().min(0);
const controls = z.strictObject({ accepted: count, refused: count });

const reply = z.strictObject({
  code: z.number().int().min(200).max(599),
  enhanced: z
    .custom<EnhancedStatusCode>((text) => typeof text === 'string' && enhancedStatusOf(text) === text)
    .exactOptional(),
  lines: z.array(z.string()),
});

const probe = z.strictObject({
  address: z.string(),
  host: z.string().exactOptional(),
  result: z.enum(['accepted', 'refused', 'deferred', 'none']),
  reply: reply.exactOptional(),
});

/** A result as it is written: without the address that it is of. */
export const resultSchema = z.strictObject({
  verdict: z.enum(verdicts),
  subReason: z.enum(subReasons),
  exists: z.enum(existences),
  confidence: share,
  retryableFrom: z.number().exactOptional(),
  expires: z.number(),
  catchAll: z
    .strictObject({
      probability: share,
      controls,
      share: z.strictObject({ mean: share, low: share, high: share }),
    })
    .exactOptional(),
  evidence: z.strictObject({
    rule: z.string(),
    event: z.enum(events).exactOptional(),
    stage: z.enum(stages).exactOptional(),
    host: z.string().exactOptional(),
    ip: z.string().exactOptional(),
    reply: reply.exactOptional(),
    reason: z.enum(reasons).exactOptional(),
    says: z.string().exactOptional(),
    controls: z.array(probe),
    postmaster: reply.exactOptional(),
    tries: count,
    elapsed: count,
  }),
  notes: z.array(z.string()),
});

export const factsSchema = z.strictObject({
  controls,
  probes: z.array(probe),
  knownGood: z.boolean(),
  postmaster: reply.exactOptional(),
  deferred: z.strictObject({ address: z.string(), until: z.number() }).exactOptional(),
  exchangers: z.string(),
  expires: z.number(),
});

export type StoredReply = z.output<typeof reply>;
export type StoredProbe = z.output<typeof probe>;
