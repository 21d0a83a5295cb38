import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { replyFromLines } from '../../../src/smtp/reply.ts';
import type { DomainFacts } from '../../../src/verify/domain-memory.ts';
import type { Verification } from '../../../src/verify/verification.ts';

export const now = Date.UTC(2026, 0, 5, 9);
export const hour = 3_600_000;

/** The path of a file that is not there, in a folder of its own. */
export function newPath(name = 'cache.jsonl'): string {
  const folder = mkdtempSync(join(tmpdir(), 'mxlab-cache-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, name);
}

/** A result in which a host repeats the address wherever it can. */
export function refused(address: string, more: Partial<Verification> = {}): Verification {
  const local = address.slice(0, address.indexOf('@'));
  const reply = replyFromLines([
    `550-5.1.1 <${address}>: no such user`,
    `550 5.1.1 ${local} is unknown, so is ${local.toUpperCase()}; ask postmaster@strict.example`,
  ]);
  return {
    address,
    verdict: 'undeliverable',
    subReason: 'no-such-user',
    exists: 'no',
    confidence: 0.98,
    expires: now + 7 * 24 * hour,
    catchAll: {
      probability: 0.01,
      controls: { accepted: 0, refused: 1 },
      share: { mean: 0.3, low: 0.1, high: 0.7 },
    },
    evidence: {
      rule: 'V052',
      stage: 'rcpt',
      host: 'mx.strict.example',
      ip: '192.0.2.1',
      reply,
      reason: 'user-unknown',
      says: 'There is no mailbox with this name.',
      controls: [{ address: 'dubidubidu1234@strict.example', result: 'refused', reply }],
      postmaster: reply,
      tries: 2,
      elapsed: 400_000,
      transcripts: [],
    },
    notes: ['DNS-02: of 20 exchangers only the first 10 were looked at'],
    ...more,
  };
}

export const facts: DomainFacts = {
  controls: { accepted: 0, refused: 1 },
  probes: [
    {
      address: 'dubidubidu1234@strict.example',
      host: 'mx.strict.example',
      result: 'refused',
      reply: replyFromLines(['550 5.1.1 <dubidubidu1234@strict.example>: no such user']),
    },
  ],
  knownGood: true,
  exchangers: 'mx.strict.example',
  expires: now + 7 * 24 * hour,
};
