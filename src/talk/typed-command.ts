import type { Command } from '../probe/command.ts';
import type { Stage } from '../smtp/stage.ts';
import { stageOfVerb } from '../transcript/stage-tracker.ts';

/** The verb of a line in capitals, and what stands behind it. RFC 5321 2.4: verbs are told by their letters alone. */
export function partsOf(line: string): { readonly verb: string; readonly rest: string } {
  const [, verb = '', rest = ''] = /^\s*(\S*)\s*(.*?)\s*$/s.exec(line) ?? [];
  return { verb: verb.toUpperCase(), rest };
}

/** A line as it was typed, to be sent as it is. */
export function commandOf(line: string): Command {
  return { stage: stageOf(line), line };
}

function stageOf(line: string): Stage {
  const { verb, rest } = partsOf(line);
  if (verb === 'BDAT') return /\bLAST$/i.test(rest) ? 'message' : 'data';
  return Object.hasOwn(stageOfVerb, verb) ? (stageOfVerb[verb] ?? 'command') : 'command';
}

/** May stand only at the end of a group (RFC 2920 3.1), or begins something that needs more than a line. */
const lasts = new Set([
  'EHLO',
  'HELO',
  'STARTTLS',
  'AUTH',
  'DATA',
  'BDAT',
  'VRFY',
  'EXPN',
  'NOOP',
  'HELP',
  'QUIT',
]);

export function endsGroup(line: string): boolean {
  return lasts.has(partsOf(line).verb);
}

/** Leads to a message, or is a part of one. */
export function bringsMessage(line: string): boolean {
  const { verb } = partsOf(line);
  return verb === 'DATA' || verb === 'BDAT';
}

/** The size of a chunk in octets; undefined for a line that says none. RFC 3030 2 */
export function chunkSize(line: string): number | undefined {
  const size = /^\s*BDAT\s+(\d{1,8})(?:\s+LAST)?\s*$/i.exec(line)?.[1];
  return size === undefined ? undefined : Number(size);
}

/** One of our own commands: `/help`, `?`, `?550`. No verb of SMTP begins like that. */
export function isOwn(line: string): boolean {
  return /^\s*[/?]/.test(line);
}
