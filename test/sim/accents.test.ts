import { expect, test } from 'vitest';
import { Lab, usualClient } from '../../src/sim/lab.ts';
import { labEpoch, VirtualClock } from '../../src/time/virtual-clock.ts';
import { address, profileOf } from './shipped-profiles.ts';
import { entries } from './walk/refusals.ts';
import { WireClient } from './walk/wire-client.ts';

/** Whose accent a profile speaks, and what of the reference was another host's or another year's. */
interface Accent {
  readonly profile: string;
  readonly provider: string;
  readonly situation?: readonly string[];
  /** Parts of replies that this host does not say. */
  readonly without?: readonly RegExp[];
  /** What EHLO has at its end under TLS, where STARTTLS is gone. */
  readonly onlyInside?: readonly string[];
  /** The same reply was taken down at a host of another name. */
  readonly named?: readonly [theirs: string, ours: string];
}

const accents: readonly Accent[] = [
  { profile: 'outlook', provider: 'microsoft-consumer' },
  { profile: 'gmail', provider: 'gmail' },
  {
    profile: 'yahoo',
    provider: 'yahoo',
    without: [/mta\{n\}/, /\.aol\..*ready/],
    named: ['.aol.', '.free.'],
  },
  { profile: 'aol', provider: 'yahoo', without: [/mta\{n\}/, /\.free\..*ready/], named: ['.free.', '.aol.'] },
  { profile: 'proton', provider: 'proton', onlyInside: ['REQUIRETLS'] },
  { profile: 'postfix', provider: 'postfix', situation: ['plain-banner', 'login'] },
];

const text = [
  'From: <ada@example.org>',
  'Message-ID: <one@example.org>',
  'Subject: test',
  '',
  'test',
  '',
].join('\r\n');

const dialogue = [
  ['EHLO probe.example.org', 'helo'],
  ['NOOP', 'any'],
  ['RSET', 'any'],
  ['VRFY alice@example.net', 'any'],
  ['MAIL FROM:<>', 'mail'],
  ['RSET', 'any'],
  ['MAIL FROM:<ada@example.org>', 'mail'],
  ['RCPT TO:<alice@example.net>', 'rcpt'],
  ['DATA', 'data'],
  [`${text}.`, 'message'],
  ['HELO probe.example.org', 'helo'],
  ['QUIT', 'quit'],
] as const;

interface Heard {
  readonly stage: string;
  readonly bytes: string;
}

/** What the host says to a client whose mail it takes, byte for byte, in clear and under TLS. */
async function courtesies({
  profile,
  situation = [],
}: Accent): Promise<{ readonly heard: readonly Heard[]; readonly inside: readonly Heard[] }> {
  const lab = new Lab({ clock: new VirtualClock(), seed: 1 });
  const overrides = situation.length > 0 ? { situation: [...situation] } : {};
  await lab.add('mx.example.net', { profile: await profileOf(profile), addresses: [address], overrides });
  const heard: Heard[] = [];
  const inside: Heard[] = [];
  const hear = async (client: WireClient, stage: string, into = heard): Promise<void> => {
    into.push({
      stage,
      bytes: ((await client.reply()) ?? ['nothing']).map((line) => `${line}\r\n`).join(''),
    });
  };
  const client = await WireClient.to(lab, address);
  await hear(client, 'connect');
  for (const [line, stage] of dialogue) {
    client.write(`${line}\r\n`);
    await hear(client, stage);
  }
  client.hangUp();
  const other = await WireClient.to(lab, address);
  await other.reply();
  other.write('EHLO probe.example.org\r\nSTARTTLS\r\n');
  await other.reply();
  await hear(other, 'starttls');
  expect(await other.secure()).toBe(true);
  for (const [line, stage] of dialogue) {
    other.write(`${line}\r\n`);
    await hear(other, stage, inside);
  }
  other.hangUp();
  await lab.close();
  return { heard, inside };
}

/** What stands for the placeholders; the rest is the host's to choose, as long as it stays with what it chose. */
const known: Readonly<Record<string, string>> = {
  ip: usualClient,
  sender: 'ada@example.org',
  recipient: 'alice@example.net',
  'message-id': 'one@example.org',
  bytes: `${text.length}`,
  date: new Date(labEpoch).toUTCString().replace('GMT', '+0000'),
  unixtime: `${labEpoch / 1_000}`,
};

const quoted = (literal: string): string => literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Fills a reply of the reference from what was heard; `undefined` where the two cannot be the same. */
function fill(lines: readonly string[], { bytes }: Heard, session: Map<string, string>): string | undefined {
  const reply = lines.map((line) => `${line}\r\n`).join('');
  const names: string[] = [];
  const source = reply.split(/\{([a-z-]+)\}/).map((part, i) => {
    if (i % 2 === 0) return quoted(part);
    if (known[part] !== undefined) return quoted(known[part]);
    names.push(part);
    return '([A-Za-z0-9.-]+)';
  });
  const found = new RegExp(`^${source.join('')}$`).exec(bytes);
  if (!found) return undefined;
  const values = names.map((name, i) => [name, found[i + 1] ?? ''] as const);
  for (const [name, value] of values) {
    if (name === 'n' || name === 'queue-id') continue; // a number of its own each time
    const part = name === 'host' ? value.split('.')[0] : value; // named in short in the greeting, in full later
    if ((session.get(name) ?? part) !== part) return undefined;
    session.set(name, part ?? '');
  }
  let i = 0;
  return reply.replace(/\{([a-z-]+)\}/g, (_, name: string) => known[name] ?? values[i++]?.[1] ?? '');
}

test.each(accents)('$profile speaks as the reference has it, byte for byte', async (accent) => {
  const { provider, without = [], named = ['', ''] } = accent;
  const { heard } = await courtesies(accent);
  const session = new Map<string, string>();
  const accepted = entries
    .filter((entry) => entry.provider === provider && entry.reason === 'accept' && entry.code < 400)
    .filter(({ reply }) => !without.some((part) => part.test(reply[0] ?? '')));
  expect(accepted.length).toBeGreaterThan(2);
  const unheard = accepted.filter(({ stage, reply }) => {
    const lines = reply.map((line) => line.replace(named[0], named[1]));
    const there = heard.filter((one) => one.stage === stage);
    return !there.some(
      (one) => fill(lines, one, new Map(session)) === one.bytes && fill(lines, one, session),
    );
  });
  expect(
    unheard.map(({ stage, reply }) => ({ stage, reply, heard: heard.filter((one) => one.stage === stage) })),
  ).toEqual([]);
  const greeted = heard.filter(({ bytes }) => /^(?:220|250|252|354|221)/.test(bytes));
  expect(greeted.length).toBe(heard.length);
});

/** Stages at which the reference knows the accents of these hosts. */
const stagesKnown = ['mail', 'rcpt', 'data', 'message', 'quit'];

/** An EHLO reply as it is under TLS. RFC 3207 4.2 */
function asInside(reply: readonly string[], more: readonly string[]): string[] {
  const texts = [...reply.map((line) => line.slice(4)), ...more].filter((text) => text !== 'STARTTLS');
  return texts.map((text, i) => `250${i < texts.length - 1 ? '-' : ' '}${text}`);
}

test.each(accents)(
  '$profile speaks the same under TLS, and says nothing that the reference has otherwise',
  async (accent) => {
    const { provider, without = [], named = ['', ''], onlyInside = [] } = accent;
    const { heard, inside } = await courtesies(accent);
    const accepted = entries
      .filter((entry) => entry.provider === provider && entry.reason === 'accept' && entry.code < 400)
      .filter(({ reply }) => !without.some((part) => part.test(reply[0] ?? '')))
      .map(({ stage, reply }) => ({ stage, reply: reply.map((line) => line.replace(named[0], named[1])) }));
    const greeting = accepted.filter(({ stage, reply }) => stage === 'helo' && reply.length > 1);
    const ehlo = inside[0] as Heard;
    expect(
      greeting.some(({ reply }) => fill(asInside(reply, onlyInside), ehlo, new Map()) === ehlo.bytes),
    ).toBe(true);
    const unlike = [...heard, ...inside].filter(({ stage, bytes }) => {
      const same = accepted.filter((entry) => entry.stage === stage);
      if (!stagesKnown.includes(stage) || same.length === 0) return false;
      return !same.some(({ reply }) => fill(reply, { stage, bytes }, new Map()) === bytes);
    });
    expect(unlike).toEqual([]);
  },
);
