import type { EndingExplanation } from '../knowledge/endings.ts';
import type { About, Conclusion, Retry } from '../knowledge/vocabulary.ts';
import type { CertificateFacts } from '../transcript/ending.ts';

/** Whom a reply speaks of, behind its title. */
export const aboutWords: Readonly<Record<About, string>> = {
  client: 'about the client',
  helo: 'about the HELO name',
  sender: 'about the sender',
  session: 'about the session',
  message: 'about the message',
  domain: 'about the domain',
  recipient: 'about the recipient',
  server: 'about the server itself',
  unclear: 'about whom is left open',
};

/** Whether to come back with the same mail. */
export const retryWords: Readonly<Record<Retry, string>> = {
  now: 'Try again at once',
  minutes: 'Try again in minutes',
  hours: 'Try again in hours',
  later: 'Try again in a day or later',
  never: 'Do not try again unchanged',
  'not-needed': 'Nothing to try again',
};

/** What a validator may take from it. */
export const conclusionWords: Readonly<Record<Conclusion, string>> = {
  deliverable: 'To a validator: deliverable',
  undeliverable: 'To a validator: undeliverable',
  retry: 'To a validator: ask again later',
  unknown: 'To a validator: unknown',
  none: 'To a validator: says nothing of any recipient',
};

/** Whose doing it may be. */
export const sideWords: Readonly<Record<EndingExplanation['causes'][number]['side'], string>> = {
  yours: 'Your side',
  theirs: 'Their side',
  path: 'In between',
};

/** Whose it is, who says so, and for how long. */
export function describeCertificate({
  subject,
  issuer,
  altNames,
  validFrom,
  validTo,
}: CertificateFacts): string {
  const names = altNames === '' ? '' : ` (${altNames.replaceAll('DNS:', '')})`;
  return `The certificate is for ${subject}${names}, issued by ${issuer}, valid from ${day(validFrom)} to ${day(validTo)}.`;
}

function day(iso: string): string {
  return iso.slice(0, 10);
}
