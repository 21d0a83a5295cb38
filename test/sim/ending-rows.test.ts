import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/chance/seeded-random.ts';
import { hostOverridesSchema, type ProviderProfile } from '../../src/sim/profile.ts';
import { SimulatedHost } from '../../src/sim/simulated-host.ts';
import { minutes } from '../../src/time/duration.ts';
import { ManualClock } from '../../src/time/manual-clock.ts';
import { RealClock } from '../../src/time/real-clock.ts';
import { type Door, endOf, type WireEnd } from './ending-client.ts';
import { doors } from './ending-ways.ts';
import { profileOf } from './shipped-profiles.ts';

/**
 * Section 4 of the reference on provider behaviour, the rows in which a host ends the connection: each by the profile that
 * shows it, as the socket of a client sees it, in clear and under TLS. Of FIN or RST the reference knows nothing; a profile
 * has one of them, and is made to have the other here.
 */
interface Row {
  readonly row: number;
  readonly host: { readonly provider: string; readonly situation?: string; readonly behaviours?: object[] };
  readonly lines: readonly string[];
  /** The last reply before the end. */
  readonly last: string;
  readonly doors?: readonly Door[];
  /** So long the clock goes on behind the last line, in ms. */
  readonly lasts?: number;
  readonly asShipped?: 'end' | 'ECONNRESET';
}

const hello = 'EHLO mail.example.org';
const sender = 'MAIL FROM:<probe@example.org>';
const recipient = 'RCPT TO:<alice@example.net>';
const message = [sender, recipient, 'DATA', 'From: <probe@example.org>\r\nSubject: x\r\n\r\nx\r\n.'];
const atOnce: readonly Door[] = ['in clear', 'implicit TLS'];
const messages = (count: number): string[] => Array.from({ length: count }, () => message).flat();

const rows: readonly Row[] = [
  { row: 1, host: { provider: 'outlook', situation: 'blocklisted' }, lines: [hello, sender], last: '550' },
  {
    row: 2,
    host: { provider: 'icloud', situation: 'blocked' },
    lines: [hello, sender, recipient],
    last: '550',
  },
  { row: 3, host: { provider: 'gmx', situation: 'blocklisted' }, lines: [], last: '554', doors: atOnce },
  { row: 3, host: { provider: 't-online', situation: 'blocklisted' }, lines: [], last: '554', doors: atOnce },
  {
    row: 5,
    host: { provider: 'orange', situation: 'too-many-connections' },
    lines: [],
    last: '421',
    doors: atOnce,
  },
  {
    row: 6,
    host: { provider: 'yahoo', situation: 'message-limit' },
    lines: [hello, ...messages(20), sender],
    last: '250',
  },
  { row: 7, host: { provider: 'qq', situation: 'hangs-up-at-hello' }, lines: [hello], last: '220' },
  { row: 8, host: { provider: 'qq', situation: 'spf-fails' }, lines: [hello, sender], last: '550' },
  {
    row: 9,
    host: { provider: 'gmail', situation: 'idle-limit' },
    lines: [hello, sender],
    last: '451',
    lasts: minutes(6),
  },
  { row: 10, host: { provider: 'outlook' }, lines: [hello], last: '421', lasts: minutes(21) },
  { row: 11, host: { provider: 'exim' }, lines: [`${hello}\r\nNOOP`], last: '554' },
  { row: 15, host: { provider: 'exim' }, lines: [hello, 'XYZZY', 'XYZZY', 'XYZZY', 'XYZZY'], last: '500' },
  {
    row: 20,
    host: { provider: 'accept-all', behaviours: [{ disconnect: { at: 'rcpt', how: 'reset', every: 101 } }] },
    lines: [hello, sender, ...Array.from({ length: 101 }, () => recipient)],
    last: '250',
    asShipped: 'ECONNRESET',
  },
  {
    row: 22,
    host: { provider: 'postfix', behaviours: [{ disconnect: { at: 'data', how: 'reset' } }] },
    lines: [hello, sender, recipient, 'DATA'],
    last: '250',
    asShipped: 'ECONNRESET',
  },
];

/** The same profile, which hangs up by the other means wherever it hangs up. */
function hangingUp<T>(value: T, how: 'close' | 'reset'): T {
  if (Array.isArray(value)) return value.map((each) => hangingUp(each, how)) as T;
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  const entries = Object.entries(value).map(([key, inner]) => {
    if (key === 'canned-reply') return [key, saidLast(hangingUp(inner, how), how)];
    const end = (key === 'then' || key === 'how') && (inner === 'close' || inner === 'reset');
    return [key, end ? how : hangingUp(inner, how)];
  });
  return Object.fromEntries(entries) as T;
}

/** A 421 is followed by FIN without anybody saying so. RFC 5321 3.8 */
function saidLast(options: { reply: { code: number }; then?: unknown }, then: 'close' | 'reset'): object {
  return options.reply.code === 421 ? { ...options, then } : options;
}

async function see({ host, lines, lasts }: Row, door: Door, how?: 'close' | 'reset'): Promise<WireEnd> {
  const shipped = await profileOf(host.provider);
  const ours = hostOverridesSchema.parse({
    ...(host.situation ? { situation: host.situation } : {}),
    behaviours: host.behaviours ?? [],
  });
  const profile: ProviderProfile = offeringTls(how ? hangingUp(shipped, how) : shipped);
  const byHand = lasts === undefined ? undefined : new ManualClock();
  const simulated = await SimulatedHost.start({
    name: 'mx.example.net',
    profile,
    overrides: how ? hangingUp(ours, how) : ours,
    clock: byHand ?? new RealClock(),
    random: seededRandom('rows'),
    implicitTls: door === 'implicit TLS',
  });
  try {
    return await endOf(simulated.port, door, lines, () => byHand?.advance(lasts ?? 0));
  } finally {
    await simulated.close();
  }
}

/** Not all providers of the table offer STARTTLS in the reference; how they end a connection is asked of all. */
function offeringTls(profile: ProviderProfile): ProviderProfile {
  const { ehlo } = profile.accent;
  return !ehlo || ehlo.includes('STARTTLS')
    ? profile
    : { ...profile, accent: { ...profile.accent, ehlo: [...ehlo, 'STARTTLS'] } };
}

describe.each(rows)('row $row, $host.provider', (row) => {
  for (const door of row.doors ?? doors) {
    test(`as it is shipped, ${door}`, async () => {
      const { how, codes } = await see(row, door);
      expect({ how, last: codes.at(-1) }).toEqual({ how: row.asShipped ?? 'end', last: row.last });
    });

    test(`FIN is FIN, ${door}`, async () => {
      expect((await see(row, door, 'close')).how).toBe('end');
    });

    test(`RST is RST, ${door}`, async () => {
      expect((await see(row, door, 'reset')).how).toBe('ECONNRESET');
    });
  }
});
