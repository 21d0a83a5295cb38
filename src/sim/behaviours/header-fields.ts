import { z } from 'zod';
import { behaviourKind } from '../behaviour.ts';
import { countSchema, replySchema, thenSchema } from '../options.ts';

/** The header of a message: its bytes, and how often each field stands in it. RFC 5322 2.1, 2.2 */
interface Header {
  readonly bytes: number;
  readonly fields: ReadonlyMap<string, readonly string[]>;
}

/** What is wrong with a header. RFC 5322 3.6 wants one From, one Date, and at most one of most others. */
const tests = {
  'no-from': ({ fields }: Header) => !fields.get('from')?.some((value) => value.includes('@')),
  'several-addresses-in-from': ({ fields }: Header) =>
    fields.get('from')?.some((value) => (value.match(/@/g)?.length ?? 0) > 1) === true,
  'no-date': ({ fields }: Header) => !fields.has('date'),
  'no-message-id': ({ fields }: Header) =>
    !fields.get('message-id')?.some((value) => /<[^<>\s]+>/.test(value)),
  'several-subjects': ({ fields }: Header) => (fields.get('subject')?.length ?? 0) > 1,
};

type Test = keyof typeof tests;

/** Refuses messages for their header: fields that are missing or doubled, or too much of it. */
export const headerFields = behaviourKind({
  name: 'header-fields',
  options: z
    .strictObject({
      refuse: z.array(z.enum(Object.keys(tests) as [Test, ...Test[]])).default([]),
      'longer-than': countSchema.optional().describe('bytes of header'),
      reply: replySchema,
      then: thenSchema.optional(),
    })
    .refine((options) => options.refuse.length > 0 || options['longer-than'] !== undefined, {
      message: 'needs refuse, longer-than or both',
    }),
  create(options) {
    const { refuse, reply, then } = options;
    const limit = options['longer-than'] ?? Number.POSITIVE_INFINITY;
    return {
      name: 'header-fields',
      at: ['message'],
      decide({ message }, next) {
        const header = readHeader(message?.toString('latin1') ?? '');
        return header.bytes > limit || refuse.some((test) => tests[test](header))
          ? { kind: 'reply', reply, ...(then ? { then } : {}) }
          : next();
      },
    };
  },
});

function readHeader(message: string): Header {
  const [text = ''] = message.split(/\r?\n\r?\n/, 1);
  const fields = new Map<string, string[]>();
  for (const line of text.replace(/\r?\n(?=[ \t])/g, ' ').split(/\r?\n/)) {
    const [, name, value = ''] = /^([!-9;-~]+)[ \t]*:(.*)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const values = fields.get(name.toLowerCase()) ?? [];
    values.push(value);
    fields.set(name.toLowerCase(), values);
  }
  return { bytes: text.length, fields };
}
