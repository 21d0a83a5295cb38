import { z } from 'zod';
import { behaviourKind } from '../behaviour.ts';
import { accept } from '../decision.ts';
import { isMagic } from '../magic-recipients.ts';

/** Takes every recipient without looking; stands before whatever would look. Who asks for an answer by name gets that. */
export const acceptAll = behaviourKind({
  name: 'accept-all',
  options: z.strictObject({}),
  create: () => ({
    name: 'accept-all',
    at: ['rcpt'],
    decide: ({ address }, next) =>
      isMagic(address.slice(0, Math.max(0, address.lastIndexOf('@')))) ? next() : accept,
  }),
});
