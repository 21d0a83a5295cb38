import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Ending, Observation, SaidAt } from './observation.ts';

/** One refusal or deferral of provider-replies.yaml. */
export interface Refusal {
  readonly provider: string;
  readonly stage: SaidAt | 'any';
  readonly lines: readonly string[];
  readonly ending: Ending;
  /** The reply with anything sensible in the place of its placeholders; lines joined with CRLF. */
  readonly pattern: RegExp;
}

interface Entry {
  readonly provider: string;
  readonly stage: Refusal['stage'];
  readonly reply: readonly string[];
  readonly code: number;
  readonly closes: 'none' | 'fin' | 'rst' | '421';
  readonly reason: string;
}

const file = new URL('../../../fixtures/reference/provider-replies.yaml', import.meta.url);

/** All entries of the reference, in its order. */
export const entries = parse(readFileSync(file, 'utf8')) as readonly Entry[];

const address = String.raw`(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:.]*)`;
const word = String.raw`[^\s{}]+?`;
const text = String.raw`[^\r\n{}]+?`;

/** What may stand in the place of a placeholder; one word unless said otherwise. */
const shapes: Readonly<Record<string, string>> = {
  ip: address,
  reply: text,
  date: text,
  time: text,
  name: text,
  banner: text,
};

function patternOf(lines: readonly string[]): RegExp {
  const parts = lines.join('\r\n').split(/\{([a-z-]+)\}/);
  const source = parts.map((part, i) =>
    i % 2 === 0 ? part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : (shapes[part] ?? word),
  );
  return new RegExp(`^${source.join('')}$`);
}

/** A reply refuses when its code says so, or when it ends the session over something the client did. */
function refuses({ code, closes, reason }: Entry): boolean {
  return code >= 400 || (reason !== 'accept' && closes !== 'none');
}

/** Every refusal and deferral of a provider, in the order of the reference. RFC 5321 4.2.1 */
export function refusalsOf(provider: string): readonly Refusal[] {
  return entries
    .filter((entry) => entry.provider === provider && refuses(entry))
    .map((entry) => ({
      provider,
      stage: entry.stage,
      lines: entry.reply,
      ending: entry.closes === '421' ? 'fin' : entry.closes,
      pattern: patternOf(entry.reply),
    }));
}

/** Whether what was heard is that refusal: stage, every line, and what became of the connection. */
export function isHeardIn(refusal: Refusal, { stage, lines, ending }: Observation): boolean {
  if (refusal.stage !== 'any' && refusal.stage !== stage) return false;
  if (refusal.ending !== ending) return false;
  if (refusal.pattern.test(lines.join('\r\n'))) return true;
  const code = lines.at(-1)?.slice(0, 3);
  const behindTeaser = lines.findIndex((line) => line.slice(0, 3) === code);
  return behindTeaser > 0 && refusal.pattern.test(lines.slice(behindTeaser).join('\r\n'));
}
