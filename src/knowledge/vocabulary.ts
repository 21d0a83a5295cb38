/** What a reply amounts to. Closed: the same list that scenarios, reports and tests use. */
export const reasons = [
  'accept',
  'auth-failed',
  'auth-required',
  'blocklisted',
  'dkim',
  'dmarc',
  'greylisted',
  'helo-rejected',
  'mailbox-disabled',
  'mailbox-full',
  'message-too-big',
  'moved',
  'null-mx',
  'other',
  'policy',
  'protocol-error',
  'ptr-missing',
  'rate-limited',
  'recipient-syntax',
  'relay-denied',
  'reputation',
  'sender-rejected',
  'server-busy',
  'spam-content',
  'spf',
  'system-error',
  'timeout',
  'tls-required',
  'too-many-recipients',
  'user-unknown',
  'virus',
] as const;

export type Reason = (typeof reasons)[number];

/** Whom a reply speaks of. `unclear` where code and words leave it open. */
export const abouts = [
  'client',
  'helo',
  'sender',
  'session',
  'message',
  'domain',
  'recipient',
  'server',
  'unclear',
] as const;

export type About = (typeof abouts)[number];

/** What a validator may conclude about the recipient. `none`: the reply has no bearing on any recipient. */
export const conclusions = ['deliverable', 'undeliverable', 'retry', 'unknown', 'none'] as const;

export type Conclusion = (typeof conclusions)[number];

/** Whether the same mail may be tried again: at once, after minutes, hours, `later` (a day and more), or never unchanged. */
export const retries = ['now', 'minutes', 'hours', 'later', 'never', 'not-needed'] as const;

export type Retry = (typeof retries)[number];
