import { z } from 'zod';
import { behaviourKind } from '../behaviour.ts';
import { accept } from '../decision.ts';

/** Takes every recipient without looking; stands before whatever would look. */
export const acceptAll = behaviourKind({
  name: 'accept-all',
  options: z.strictObject({}),
  create: () => ({ name: 'accept-all', at: ['rcpt'], decide: () => accept }),
});
