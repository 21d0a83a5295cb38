/** What may be said of an address. */
export const verdicts = ['deliverable', 'undeliverable', 'accept-all', 'unknown'] as const;

export type Verdict = (typeof verdicts)[number];

/** Why a verdict is what it is. Closed: lists, reports and the exam use the same words. */
export const subReasons = [
  'ok',
  'forwarded',
  'catch-all',
  'probable-catch-all',
  'no-such-user',
  'mailbox-disabled',
  'moved',
  'bad-syntax',
  'no-such-domain',
  'null-mx',
  'no-mx-no-address',
  'no-usable-address',
  'mx-refuses-all',
  'recipient-restricted',
  'mailbox-full',
  'greylisted',
  'receive-rate',
  'rate-limited',
  'reputation',
  'blocklisted',
  'policy',
  'sender-refused',
  'helo-refused',
  'rdns-refused',
  'auth-required',
  'tls-required',
  'tls-policy',
  'relay-denied',
  'size',
  'content',
  'server-trouble',
  'verification-pending',
  'vrfy-declined',
  'protocol-error',
  'timeout',
  'disconnected',
  'unreachable',
  'dns-trouble',
  'smtputf8-unsupported',
  'probe-blocked',
] as const;

export type SubReason = (typeof subReasons)[number];

/** Whether there is such a mailbox, which is another question than whether mail gets there. */
export const existences = ['yes', 'no', 'unknown'] as const;

export type Existence = (typeof existences)[number];

/** What may happen in place of a reply. */
export const events = [
  'bad-syntax',
  'no-such-domain',
  'dns-trouble',
  'null-mx',
  'no-mail-host',
  'no-usable-address',
  'no-usable-family',
  'smtputf8-unsupported',
  'unreachable',
  'dial-timed-out',
  'disconnected',
  'timed-out',
  'misspoke',
  'tls-failed',
  'withheld',
] as const;

export type VerifyEvent = (typeof events)[number];

/** What became of control addresses, which cannot exist. */
export const controlResults = ['refused', 'accepted', 'accepted-twice', 'mixed', 'deferred', 'none'] as const;

export type ControlResult = (typeof controlResults)[number];

/** What became of the postmaster, whom every domain must accept (RFC 5321 4.5.1). */
export const postmasterResults = ['accepted', 'same-refusal', 'other', 'none'] as const;

export type PostmasterResult = (typeof postmasterResults)[number];

export const scheduleNames = ['at-once', 'verification', 'slow-down', 'outage', 'greylist'] as const;

export type ScheduleName = (typeof scheduleNames)[number];
