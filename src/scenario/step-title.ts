import type { GroupStep, Step } from './step.ts';

/** The verb of a step: the key that says what it does. */
export function verbOf(step: Step | GroupStep): string {
  return verbs.find((verb) => verb in step) ?? 'step';
}

const verbs = [
  'connect',
  'attempt', // before helo, which it may name
  'verify', // the same
  'ehlo',
  'helo',
  'starttls',
  'auth',
  'mail',
  'rcpt',
  'data',
  'bdat',
  'rset',
  'noop',
  'vrfy',
  'expn',
  'help',
  'quit',
  'send',
  'pipeline',
  'listen',
  'disconnect',
  'wait',
  'repeat',
  'parallel',
  'switch',
  'include',
] as const;

/** A step as a person would say it; its own title, if it has one. */
export function titleOf(step: Step | GroupStep): string {
  if (step.title !== undefined) return step.title;
  const verb = verbOf(step);
  const value = (step as unknown as Record<string, unknown>)[verb];
  if (verb === 'mail') return `MAIL FROM:<${value === '<>' ? '' : value}>`;
  if (verb === 'rcpt') return `RCPT TO:<${value}>`;
  if (verb === 'auth') return 'AUTH';
  if (verb === 'pipeline') return `${(value as unknown[]).length} commands in one write`;
  if ('switch' in step)
    return `switch ${step.on ?? step.off} ${step.on === undefined ? 'off' : 'on'} at ${step.switch}`;
  if (verb === 'send') return 'raw bytes';
  if (verb === 'attempt') return `attempt to ${Array.isArray(value) ? `${value.length} recipients` : value}`;
  if (verb === 'verify') return `verify ${Array.isArray(value) ? `${value.length} addresses` : value}`;
  if (['connect', 'wait', 'disconnect', 'listen', 'switch'].includes(verb))
    return `${verb}${typeof value === 'string' ? ` ${value}` : ''}`;
  return `${verb.toUpperCase()}${typeof value === 'string' && verb !== 'data' && verb !== 'bdat' ? ` ${value}` : ''}`;
}
