import { z } from 'zod';
import { accentSchema } from './accent.ts';
import { catalogue } from './behaviours/catalogue.ts';
import { magicSchema } from './magic-recipients.ts';

const observationSchema = z.strictObject({
  on: z
    .union([z.string(), z.number()])
    .transform(String)
    .describe('when it was seen: a date, a month or a year'),
  source: z.string().min(1).describe('where it was seen'),
  note: z.string().optional(),
});

/** One behaviour by its name: `{ greylisting: { reply: ... } }`. */
const behaviourEntrySchema = z
  .strictObject(Object.fromEntries(catalogue.map((kind) => [kind.name, kind.options.optional()])))
  .refine((entry) => Object.values(entry).filter((value) => value !== undefined).length === 1, {
    message: 'names exactly one behaviour, such as { tarpit: { delay: 5s } }',
    when: ({ issues }) => issues.length === 0, // a name that is none has been told already
  });

const mailboxesSchema = z
  .record(z.string(), z.string())
  .describe('local part to state, such as alice: exists; "*" is everybody else');

const valuesSchema = z
  .record(z.string().regex(/^[a-z][a-z0-9-]*$/), z.coerce.string())
  .describe('what placeholders stand for in this host, such as id: "{hex:16}"');

const situationSchema = z.strictObject({
  about: z.string().min(1),
  behaviours: z.array(behaviourEntrySchema).default([]),
  accent: accentSchema.optional(),
  mailboxes: mailboxesSchema.optional(),
  observed: z.array(observationSchema).optional(),
});

/** A file in `fixtures/providers/`: how one provider or program behaves as a receiving host. */
export const profileSchema = z
  .strictObject({
    provider: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'is not a name of small letters, digits and hyphens'),
    title: z.string().min(1),
    about: z.string().optional(),
    extends: z
      .string()
      .optional()
      .describe('a profile whose accent, mailboxes and values this one builds on'),
    'mx-suffixes': z.array(z.string()).default([]),
    covers: z
      .array(z.string())
      .default([])
      .describe('providers of fixtures/reference/provider-replies.yaml whose replies this profile gives'),
    host: z
      .string()
      .optional()
      .describe('what {host} stands for, if not the name the host has in the scenario'),
    values: valuesSchema.default({}),
    'strict-spacing': z
      .boolean()
      .default(false)
      .describe('refuses a blank behind the colon of MAIL FROM: and RCPT TO:'),
    'lenient-addresses': z
      .boolean()
      .default(false)
      .describe(
        'takes any address that leads somewhere: without brackets, over-long, with underscores or in UTF-8',
      ),
    'hello-optional': z.boolean().default(false).describe('takes MAIL from clients that have not said EHLO'),
    'hello-once': z.boolean().default(false).describe('refuses EHLO to clients that have said it'),
    'loose-blanks': z
      .boolean()
      .default(false)
      .describe('passes over blanks before the verb, and takes a tab behind it'),
    'single-blanks': z
      .boolean()
      .default(false)
      .describe('takes MAIL FROM: and RCPT TO: for verbs, with one blank in them'),
    'strict-arguments': z
      .boolean()
      .default(false)
      .describe('refuses what stands behind NOOP, HELP and other verbs without argument, be it a blank'),
    verbs: z
      .array(z.string().toUpperCase())
      .optional()
      .describe('verbs known besides the usual: EXPN, HELP, ETRN'),
    accent: accentSchema.default({}),
    mailboxes: mailboxesSchema.default({}),
    magic: magicSchema.default({}),
    behaviours: z.array(behaviourEntrySchema).default([]),
    situations: z.record(z.string().regex(/^[a-z0-9][a-z0-9-]*$/), situationSchema).default({}),
    observed: z
      .array(observationSchema)
      .optional()
      .describe('sources of the accent and the standing behaviours'),
    invented: z.literal(true).optional().describe('not modelled on anybody; needs no sources'),
  })
  .superRefine((profile, context) => {
    if (profile.invented) return;
    if (!profile.observed)
      context.addIssue({ code: 'custom', message: 'has no sources: add observed, or say invented: true' });
    for (const [name, { observed }] of Object.entries(profile.situations)) {
      if (observed) continue;
      context.addIssue({
        code: 'custom',
        path: ['situations', name],
        message: 'has no sources: add observed',
      });
    }
  });

export type ProviderProfile = z.output<typeof profileSchema>;
export type Situation = z.output<typeof situationSchema>;

/** What a scenario may say about a host besides its provider: all of it comes before the profile's own. */
const memberSchema = z.strictObject({
  situation: z
    .union([z.string(), z.array(z.string()).min(1)])
    .optional()
    .describe('situations to switch on'),
  accent: accentSchema.optional(),
  mailboxes: mailboxesSchema.optional(),
  values: valuesSchema.optional(),
  behaviours: z.array(behaviourEntrySchema).optional(),
});

export const hostOverridesSchema = memberSchema.extend({
  pool: z
    .array(memberSchema)
    .min(2)
    .optional()
    .describe('unlike machines behind one name; connections go to them in turn'),
});

export type HostOverrides = z.output<typeof hostOverridesSchema>;
export type HostMember = z.output<typeof memberSchema>;
