import { Lab } from '../../src/sim/lab.ts';
import { isProfile, ProviderShelf } from '../../src/sim/load-profiles.ts';
import type { ProviderProfile } from '../../src/sim/profile.ts';
import { renderWording, type Wording } from '../../src/sim/wording.ts';
import { VirtualClock } from '../../src/time/virtual-clock.ts';

export const shelf = new ProviderShelf();

export async function profileOf(name: string): Promise<ProviderProfile> {
  const found = await shelf.get(name);
  if (isProfile(found)) return found;
  throw new Error(`${name}: ${JSON.stringify(found)}`);
}

/** Where the one host of a lab listens. */
export const address = '192.0.2.25';

/** A lab with one host, mx.example.net, that behaves as a provider does. */
export async function labWith(provider: string, situation?: string): Promise<Lab> {
  const lab = new Lab({ clock: new VirtualClock(), seed: 1 });
  const overrides = situation === undefined ? {} : { situation };
  await lab.add('mx.example.net', { profile: await profileOf(provider), addresses: [address], overrides });
  return lab;
}

/** A reply in a profile and where it stands: the occasion, or the behaviour that says it. */
export interface Said {
  readonly label: string;
  readonly words: Wording;
}

const isWording = (value: object): value is Wording => 'code' in value && 'lines' in value;

export function wordingsIn(value: unknown): Wording[] {
  if (typeof value !== 'object' || value === null) return [];
  return isWording(value) ? [value] : Object.values(value).flatMap(wordingsIn);
}

export function saidIn(
  part: Pick<ProviderProfile, 'behaviours'> & { accent?: ProviderProfile['accent'] | undefined },
): Said[] {
  const listed = [part.accent ?? {}, ...part.behaviours].flatMap((group) => Object.entries(group));
  return listed.flatMap(([label, value]) => wordingsIn(value).map((words) => ({ label, words })));
}

/** The reply as the file has it, placeholders and all. */
export const textOf = (words: Wording): string => renderWording(words, (name) => `{${name}}`).trimEnd();

/** The code of each reply, or `closed`. */
export const codes = (replies: readonly (readonly string[])[]): string[] =>
  replies.map((lines) => lines.at(-1)?.split(' ')[0] ?? '');

/** The usual lines of a session. */
export const hello = 'EHLO probe.example.org';
export const mail = 'MAIL FROM:<ada@example.org>';
export const rcpt = (local: string): string => `RCPT TO:<${local}@example.net>`;
export const message = 'Subject: test\r\n\r\ntest\r\n.';
