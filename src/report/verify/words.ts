import { confidenceWord, type Verification } from '../../verify/verification.ts';
import type { SubReason } from '../../verify/vocabulary.ts';

/** Why, in a phrase. */
const subReasonWords: Readonly<Record<SubReason, string>> = {
  ok: 'accepted, where addresses that cannot exist are refused',
  forwarded: 'accepted for a mailbox elsewhere, which was not asked',
  'catch-all': 'two addresses that cannot exist were accepted in sessions of their own',
  'probable-catch-all': 'an address that cannot exist was accepted once, and could not be tried again',
  'no-such-user': 'there is no such mailbox',
  'mailbox-disabled': 'the mailbox is switched off',
  moved: 'the user has moved',
  'bad-syntax': 'it is no address',
  'no-such-domain': 'there is no such domain',
  'null-mx': 'the domain says that it takes no mail',
  'no-mx-no-address': 'the domain has neither an MX nor an address',
  'no-usable-address': 'no exchanger has an address that can be used',
  'mx-refuses-all': 'every exchanger says that it takes no mail',
  'recipient-restricted': 'the mailbox takes mail from certain senders only',
  'mailbox-full': 'the mailbox is full',
  greylisted: 'the host puts off whom it does not know; it must be asked again later',
  'receive-rate': 'the mailbox gets mail too quickly at the moment',
  'rate-limited': 'we ask too much for the host',
  reputation: 'the host distrusts our address',
  blocklisted: 'our address is on a block list',
  policy: 'the host refuses us, and does not say it of the mailbox',
  'sender-refused': 'the host refuses our sender',
  'helo-refused': 'the host refuses the name we introduce ourselves with',
  'rdns-refused': 'our address has no name in DNS, or not a matching one',
  'auth-required': 'the host wants a login: it is not for mail from outside',
  'tls-required': 'the host wants TLS, and there was none',
  'tls-policy': 'TLS failed',
  'relay-denied': 'the host does not serve this domain',
  size: 'the mailbox takes small messages only',
  content: 'the host refused for what it took for content',
  'server-trouble': 'the host has trouble of its own',
  'verification-pending': 'the host is finding out itself',
  'vrfy-declined': 'the host says that it has not looked',
  'protocol-error': 'the dialogue got out of step',
  timeout: 'no answer came in time',
  disconnected: 'the connection broke off before the answer',
  unreachable: 'no exchanger could be reached',
  'dns-trouble': 'the name system gave no answer',
  'smtputf8-unsupported': 'the host cannot take an address outside ASCII',
  'probe-blocked': 'the host does not want to be asked',
};

/** Why, as a sentence. A mailbox may have been accepted without anything to compare it with. */
export function whyOf({ subReason, catchAll }: Pick<Verification, 'subReason' | 'catchAll'>): string {
  const alone = subReason === 'ok' && !catchAll;
  const words = alone
    ? 'accepted; there was no clear answer about an address that cannot exist, to compare it with'
    : subReasonWords[subReason];
  return `${words[0]?.toUpperCase()}${words.slice(1)}.`;
}

/** The verdict, why, and how surely: `deliverable · ok · 0.98 (high)`, with the dot that is given. */
export function verdictTitle(
  { verdict, subReason, confidence }: Pick<Verification, 'verdict' | 'subReason' | 'confidence'>,
  dot: string,
): string {
  const surely = (Math.floor(confidence * 100) / 100).toFixed(2); // 0.9996 is not certain
  return [verdict, subReason, ...(confidence > 0 ? [`${surely} (${confidenceWord(confidence)})`] : [])].join(
    ` ${dot} `,
  );
}
