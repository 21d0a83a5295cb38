import type { Accent, Occasion } from './accent.ts';
import type { Command } from './protocol.ts';
import type { Wording } from './wording.ts';

const commandOccasions: Readonly<Record<string, Occasion>> = {
  RSET: 'rset',
  NOOP: 'noop',
  VRFY: 'vrfy',
  EXPN: 'expn',
  HELP: 'help',
};

/** What a host says to a command that goes well. */
export function courtesyOf(accent: Accent, { stage, verb, address, fault }: Command, tls: boolean): Wording {
  if (verb === 'EHLO') return accent.ehlo(tls);
  if (verb === 'HELO') return accent.helo;
  if (stage === 'mail' && address === '') return accent.words('mail-null');
  if (stage === 'command') return accent.words(fault ?? commandOccasions[verb] ?? 'not-implemented');
  return accent.words(stage === 'data' && verb === 'BDAT' ? 'chunk' : (stage as Occasion));
}
