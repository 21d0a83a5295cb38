import type { Explanation } from '../../src/knowledge/explanation.ts';
import { type Knowledge, loadKnowledge } from '../../src/knowledge/knowledge.ts';
import type { Reason } from '../../src/knowledge/vocabulary.ts';
import { isPositive, type Reply } from '../../src/smtp/reply.ts';

/** What is said of a few reasons, in words that stay the same when those of the package are mended. */
const known: Partial<Record<Reason, Partial<Explanation>>> = {
  accept: {
    about: 'session',
    says: 'The server agrees. It may still change its mind.',
    advice: 'Go on.',
    retry: 'not-needed',
    verifier: 'none',
  },
  greylisted: {
    about: 'client',
    says: 'The host puts off senders that it has not met.',
    causes: [
      'The sender is new here.',
      'The second try came too early.',
      'A third cause, which is not named.',
    ],
    advice:
      'Try again after five to fifteen minutes from the same address, with the same sender and recipient.',
    retry: 'minutes',
    retryNote: 'Five minutes suit most hosts.',
    verifier: 'retry',
    rule: 'rules/general/40-limits-and-lists.yaml#greylisted',
  },
  blocklisted: {
    about: 'client',
    says: 'The network that our address belongs to is on a block list.',
    causes: ['A neighbour sends spam.'],
    advice: 'Ask the list for removal.',
    retry: 'never',
    verifier: 'unknown',
    contradictions: ['The words and the code disagree.'],
    notes: ['A note about the code at large, which is not shown beside a rule.'],
    rule: 'rules/provider/microsoft.yaml#s3140',
  },
  'user-unknown': {
    about: 'recipient',
    says: 'There is no mailbox with this name.',
    causes: ['A typing error in the address.'],
    advice: 'Take the address off your lists.',
    retry: 'never',
    verifier: 'undeliverable',
    notes: ['Some filters hide a block behind it.'],
    rule: 'enhanced-code',
  },
};

function reasonOf(reply: Reply): Reason {
  if (isPositive(reply)) return 'accept';
  if (reply.code === 450) return 'greylisted';
  return reply.enhanced === '5.7.1' ? 'blocklisted' : 'user-unknown';
}

function explain(reply: Reply): Explanation {
  const reason = reasonOf(reply);
  const source = 'RFC 5321';
  return {
    reason,
    about: 'unclear',
    code: { code: reply.code, title: `Title of ${reply.code}`, says: '', source },
    enhanced:
      reply.enhanced === undefined
        ? undefined
        : { code: reply.enhanced, title: `title of ${reply.enhanced}`, says: '', source },
    says: '',
    causes: [],
    advice: '',
    adviceFor: {},
    retry: 'never',
    verifier: 'unknown',
    confidence: 0.9,
    rule: 'basic-code',
    because: 'it does',
    contradictions: [],
    notes: [],
    ...known[reason],
  };
}

const { rules, codes, enhancedCodes, enhancedBook, reasons, explainClientError } = await loadKnowledge();

const experiment = {
  scenario: 'scenarios/experiments/one.yaml',
  command: 'mxlab run scenarios/experiments/one.yaml',
  tells: 'It passes when it was this.',
};

/** Small and fixed, so that what reporters make of an explanation can be compared to the letter. */
export const smallKnowledge: Knowledge = {
  rules,
  codes,
  enhancedCodes,
  enhancedBook,
  reasons,
  explain,
  reasonOf,
  explainClientError,
  explainEnding: (ending, transcript) => ({
    id: `${ending.kind}-at-${ending.stage}`,
    summary: 'it ended',
    says: `The conversation broke off (${ending.kind}).`,
    causes: [
      {
        side: 'yours',
        cause: 'We did something wrong.',
        evidence: [`There were ${transcript?.events.length ?? 0} events.`],
        advice: 'Do better.',
        experiment,
      },
      { side: 'theirs', cause: 'They did.', evidence: [], advice: 'Wait.', experiment },
      { side: 'path', cause: 'Something in between did.', evidence: [], advice: 'Look.', experiment },
      {
        side: 'path',
        cause: 'A fourth cause, which is not named.',
        evidence: [],
        advice: 'Look.',
        experiment,
      },
    ],
    advice: 'Do better.',
    verifier: 'retry',
  }),
};
