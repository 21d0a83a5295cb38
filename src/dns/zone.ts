import { z } from 'zod';
import { durationSchema } from '../datafile/schemas.ts';
import type { MxRecord } from './resolver.ts';

/** What a zone holds at one name. */
export interface ZoneRecords {
  readonly mx?: readonly MxRecord[] | undefined;
  readonly a?: readonly string[] | undefined;
  readonly aaaa?: readonly string[] | undefined;
  readonly txt?: readonly string[] | undefined;
  readonly ptr?: readonly string[] | undefined;
  readonly cname?: string | undefined;
  /** Every question about the name ends like this. */
  readonly fails?: 'nxdomain' | 'servfail' | 'refused' | 'timeout' | undefined;
  /** ms until the answer comes. */
  readonly slow?: number | undefined;
}

/**
 * Names and their records. A name may be a wildcard (`*.example.net`), an address (for its PTR), or have a
 * trailing dot, capitals or non-ASCII letters.
 */
export type Zone = Readonly<Record<string, ZoneRecords>>;

const wrongName = 'is not a domain name';
const wrongMx = "is not an MX record like [10, mx1.example.net] or '10 mx1.example.net'";

/** Any text that DNS could hold as a name; whether it is a good one is what a zone may be there to test. */
const nameSchema = z.string().regex(/^[^\s.]{1,63}(?:\.[^\s.]{1,63})*\.?$/, wrongName);
const exchangeShape = /^(?:\.|[^\s.]{1,63}(?:\.[^\s.]{1,63})*\.?)$/;
const preferenceSchema = z.int(wrongMx).min(0, wrongMx).max(65_535, wrongMx);

const withoutDot = (name: string): string => name.replace(/\.$/, '');

const mxTextSchema = z
  .string({ error: wrongMx })
  .regex(/^(?:[0-5]?\d{1,4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5]) +\S+$/, wrongMx)
  .transform((text): MxRecord => {
    const [preference, exchange = ''] = text.split(/ +/);
    return { preference: Number(preference), exchange: withoutDot(exchange) };
  });

const mxPairSchema = z
  .tuple([preferenceSchema, z.string().regex(exchangeShape, wrongName)])
  .transform(([preference, exchange]): MxRecord => ({ preference, exchange: withoutDot(exchange) }));

const mxRecordSchema = z.union([mxPairSchema, mxTextSchema]);

const nullMx: readonly MxRecord[] = [{ preference: 0, exchange: '' }]; // RFC 7505 3

const mxSchema = z
  .union([
    z.null().transform(() => nullMx),
    mxTextSchema.transform((record) => [record]),
    z.array(mxRecordSchema),
  ])
  .describe(
    "mail exchangers: '10 mx1.example.net', a list of such or of [10, mx1.example.net]; null for no mail at all",
  );

/** One value or a list of them. */
function oneOrMore<T extends z.ZodType<string>>(schema: T) {
  return z.union([schema.transform((value) => [value]), z.array(schema)]);
}

const recordsSchema = z
  .strictObject({
    mx: mxSchema.optional(),
    a: oneOrMore(z.ipv4('is not an IPv4 address')).optional(),
    aaaa: oneOrMore(z.ipv6('is not an IPv6 address')).optional(),
    txt: oneOrMore(z.string()).optional(),
    ptr: oneOrMore(nameSchema).optional(),
    cname: nameSchema.optional().describe('the name that this one is an alias of'),
    fails: z.enum(['nxdomain', 'servfail', 'refused', 'timeout']).optional(),
    slow: durationSchema.optional().describe('how long the answer takes'),
  })
  .refine(
    ({ cname, mx, a, aaaa, txt, ptr }) =>
      cname === undefined || [mx, a, aaaa, txt, ptr].every((records) => records === undefined),
    'has a cname, and an alias can have no other records', // RFC 1034 3.6.2
  );

/** A zone as a person writes it: name to records. */
export const zoneSchema: z.ZodType<Zone> = z.record(
  z.string().regex(/^(?:[^\s.:]{1,63}(?:\.[^\s.:]{1,63})*\.?|[\da-f.]*:[\da-f:.]*)$/i, wrongName),
  recordsSchema,
);
