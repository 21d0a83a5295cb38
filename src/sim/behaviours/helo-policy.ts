import { z } from 'zod';
import { behaviourKind } from '../behaviour.ts';
import { replySchema, stageSchema, thenSchema } from '../options.ts';
import { isPlausibleHello } from '../protocol.ts';

/**
 * Judges the name in EHLO: Gmail turns away `localhost` and loopback literals, Postfix with
 * reject_non_fqdn_helo_hostname wants a dot in it. `at` is where the refusal is given: Postfix waits until RCPT.
 */
export const heloPolicy = behaviourKind({
  name: 'helo-policy',
  options: z
    .strictObject({
      refuse: z
        .array(
          z.enum([
            'localhost',
            'no-dot',
            'address-literal',
            'bare-address',
            'bad-characters',
            'strange-characters',
            'over-long',
            'malformed',
            'missing',
            'all',
          ]),
        )
        .default([]),
      names: z
        .array(z.string().toLowerCase())
        .default([])
        .describe('names, or .example.net for everything below'),
      at: stageSchema.default('ehlo'),
      reply: replySchema,
      then: thenSchema.optional(),
    })
    .refine(({ refuse, names }) => refuse.length + names.length > 0, {
      message: 'needs refuse, names or both',
    }),
  create({ refuse, names, at, reply, then }) {
    const named = (name: string): boolean =>
      names.some((other) => (other.startsWith('.') ? name.endsWith(other) : name === other));
    const bad = (name: string): boolean => named(name) || refuse.some((kind) => tests[kind]?.(name) ?? false);
    return {
      name: 'helo-policy',
      at: [at],
      decide: ({ stage, argument, session }, next) =>
        bad((stage === 'ehlo' ? argument : session.helo).toLowerCase())
          ? { kind: 'reply', reply, ...(then ? { then } : {}) }
          : next(),
    };
  },
});

const tests: Readonly<Record<string, (name: string) => boolean>> = {
  localhost: (name) =>
    name === 'localhost' || name.startsWith('localhost.') || /^\[(?:127\.|ipv6:::1\])/.test(name),
  'no-dot': (name) => !name.startsWith('[') && !name.replace(/\.$/, '').includes('.'),
  'address-literal': (name) => name.startsWith('['),
  'bare-address': (name) => /^[\d.]+$/.test(name),
  'bad-characters': (name) => !/^\[.*\]$|^[a-z0-9.-]+$/.test(name),
  'strange-characters': (name) => !/^\[.*\]$|^[a-z0-9._-]+$/.test(name), // an underscore is not strange
  'over-long': (name) => name.length > 255, // RFC 5321 4.5.3.1.2
  malformed: (name) => name !== '' && !isPlausibleHello(name),
  missing: (name) => name === '',
  all: () => true,
};
