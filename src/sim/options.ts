import { z } from 'zod';
import type { HostStage } from './exchange.ts';
import { faultOfWording, wireLines, wording } from './wording.ts';

/** A reply as people write it: `550 5.1.1 No such user`, a bare `250`, or a list of lines. */
export const replySchema = z
  .union([z.string(), z.number().int(), z.array(z.string()).min(1)])
  .superRefine((text, context) => {
    const fault = faultOfWording(wireLines(text));
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
  })
  .transform(wording)
  .describe(
    'a reply: "550 5.1.1 No such user", or a list of lines such as "550-5.1.1 No", "550 5.1.1 such user"',
  );

export const hostStages = [
  'greeting',
  'ehlo',
  'starttls',
  'auth',
  'mail',
  'rcpt',
  'data',
  'message',
  'command',
  'quit',
] as const satisfies readonly HostStage[];

export const stageSchema = z.enum(hostStages).describe('the stage of the dialogue');

/** One stage or a list of them. */
export const stagesSchema = z
  .union([stageSchema, z.array(stageSchema).min(1)])
  .transform((at) => (Array.isArray(at) ? at : [at]));

export const thenSchema = z
  .enum(['close', 'reset'])
  .describe('what happens to the connection behind the reply: FIN or RST');

/** A regular expression. Throws nothing: a broken one is an issue. */
export const patternSchema = z.string().transform((text, context) => {
  try {
    return new RegExp(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'is no pattern' });
    return z.NEVER;
  }
});

export const countSchema = z.number().int().min(1);
