import { z } from 'zod';
import { durationShape, hours, parseDuration } from '../time/duration.ts';

const wrongDuration = 'is not a duration like 30s, 15m or 4h';
const longestDuration = hours(24 * 366 * 10);

/** A duration as a person writes it (`30s`, `1h30m`), read as milliseconds. */
export const durationSchema = z
  .string({ error: wrongDuration })
  .regex(durationShape, wrongDuration)
  .meta({ examples: ['30s', '15m', '4h', '1h30m'] })
  .transform((text) => parseDuration(text) ?? 0)
  .refine((ms) => ms <= longestDuration, 'is longer than ten years');

/** For a mapping of which every key may be left out: refines it to have one. A key that is misspelt was meant to be there. */
export function notEmpty(message: string): [(value: object) => boolean, z.core.$ZodCustomParams] {
  return [
    (value) => Object.values(value).some((one) => one !== undefined),
    { message, when: ({ issues }) => issues.length === 0 },
  ];
}
