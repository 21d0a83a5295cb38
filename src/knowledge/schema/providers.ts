import { z } from 'zod';
import { pattern, prose } from './words.ts';

export const providersSchema = z.strictObject({
  title: z.string(),
  providers: z.array(
    z.strictObject({
      provider: prose,
      title: prose,
      /** Other names: its brands, and the parts it runs apart. */
      names: z.array(prose),
      /** What the names of its mail exchangers end in. */
      mx: z.array(z.string().regex(/^\./)),
      /** What only its replies say. */
      text: pattern.optional(),
    }),
  ),
});

export type ProvidersData = z.infer<typeof providersSchema>;
