import { expect, test } from 'vitest';
import { redact, redactAddress } from '../../../src/report/verify/redact.ts';

test.each([
  ['alice@example.net', '***@example.net'],
  ['"a b"@example.net', '***@example.net'],
  ['alice@[IPv6:2001:db8::1]', '***@[IPv6:2001:db8::1]'],
  ['alice@münchen.example', '***@münchen.example'],
  ['alice', '***'],
  ['a@example.net Bob Miller', '***'],
  ['a@example.net,bob', '***'],
  ['<alice@example.net>', '***'],
])('%s is shown as %s', (address, shown) => {
  expect(redactAddress(address)).toBe(shown);
});

test('how a connection ended names nobody either', () => {
  const sent = 'RCPT TO:<alice@example.net>';
  const clean = redact({
    address: 'alice@example.net',
    verdict: 'unknown',
    subReason: 'disconnected',
    exists: 'unknown',
    confidence: 0,
    expires: 0,
    evidence: {
      rule: 'V999',
      ending: {
        kind: 'disconnected',
        stage: 'rcpt',
        how: 'closed',
        command: sent,
        lastSent: `${sent}\r\n`,
        lastReceived: '250 2.1.0 bob@example.net alice ok\r\n',
        elapsed: 3,
        tls: false,
      },
      controls: [],
      tries: 1,
      elapsed: 5,
      transcripts: [],
    },
    notes: [],
  });
  expect(clean.evidence.ending).toMatchObject({
    command: 'RCPT TO:<***@example.net>',
    lastSent: 'RCPT TO:<***@example.net>\r\n',
    lastReceived: '250 2.1.0 ***@example.net *** ok\r\n',
  });
});
