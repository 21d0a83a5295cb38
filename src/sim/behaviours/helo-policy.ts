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
  options: z.strictObject({
    refuse: z
      .array(
        z.enum([
          'localhost',
          'no-dot',
          'address-literal',
          'bare-address',
          'bad-characters',
          'malformed',
          'all',
        ]),
      )
      .min(1),
    at: stageSchema.default('ehlo'),
    reply: replySchema,
    then: thenSchema.optional(),
  }),
  create({ refuse, at, reply, then }) {
    const bad = (name: string): boolean => refuse.some((kind) => tests[kind]?.(name.toLowerCase()) ?? false);
    return {
      name: 'helo-policy',
      at: [at],
      decide: ({ stage, argument, session }, next) =>
        bad(stage === 'ehlo' ? argument : session.helo)
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
  malformed: (name) => !isPlausibleHello(name),
  all: () => true,
};
