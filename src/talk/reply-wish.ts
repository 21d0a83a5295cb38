import { z } from 'zod';
import type { Reply } from '../smtp/reply.ts';

const shape = /^[2-5](?:\d\d|xx)(?: [245]\.\d{1,3}\.\d{1,3})?$/;

/** `250`, `5xx`, `550 5.1.1`, or `closed` for a connection that ends. */
export const replyPatternSchema = z
  .union([z.string(), z.number().transform(String)])
  .refine((text) => text === 'closed' || shape.test(text), {
    message: 'is not a reply such as 250, 5xx or closed',
  });

export function fitsPattern(pattern: string, { code, enhanced }: Reply): boolean {
  const [digits = '', status] = pattern.split(' ');
  const same = digits.endsWith('xx') ? digits[0] === `${code}`[0] : digits === `${code}`;
  return same && (status === undefined || status === enhanced);
}
