import { expect, test } from 'vitest';
import { type VerifyOptions, verifyAddress } from '../../src/verify/verify-address.ts';
import { startLab } from '../../src/world/start-lab.ts';

const asker = { helo: 'probe.verifier.example', sender: 'probe@verifier.example', from: '198.51.100.7' };
const hour = 3_600_000;

async function afterReply(
  reply: string,
  at: 'greeting' | 'rcpt' = 'rcpt',
  options: Partial<VerifyOptions> = {},
) {
  const behaviours = [{ 'canned-reply': { at, reply } }];
  const lab = await startLab(
    { hosts: { 'mx.example.net': { provider: 'postfix', behaviours } } },
    { clock: 'virtual' },
  );
  try {
    const found = await verifyAddress(lab, 'alice@example.net', { ...asker, wait: 0, ...options });
    return { found, now: lab.clock.now() };
  } finally {
    await lab.close();
  }
}

test.each([
  ['452 4.2.2 Mailbox full', 'mailbox-full', 24],
  ['552 5.2.2 Over quota', 'mailbox-full', 24],
  ['450 4.2.1 The user you are trying to contact is receiving mail too quickly', 'receive-rate', 1],
  ['421 4.7.0 [TSS04] Messages temporarily deferred due to user complaints', 'reputation', 24],
] as const)('%s: not before %s allows it', async (reply, subReason, after) => {
  const { found, now } = await afterReply(reply);
  expect(found.subReason).toBe(subReason);
  expect(((found.retryableFrom ?? 0) - now) / hour).toBeCloseTo(after, 5);
  expect(found.expires).toBeLessThanOrEqual(found.retryableFrom ?? 0);
});

test('a host that turns us away in its greeting is left alone for a day', async () => {
  const { found, now } = await afterReply('554 5.7.1 No SMTP service here', 'greeting');
  expect(found).toMatchObject({ verdict: 'unknown', subReason: 'probe-blocked' });
  expect(((found.retryableFrom ?? 0) - now) / hour).toBeCloseTo(24, 5);
});

test('what is asked again by a schedule may be kept no longer than until then', async () => {
  const { found, now } = await afterReply('451 4.3.0 Lookup failure');
  expect(found.retryableFrom).toBeGreaterThan(now);
  expect(found.expires).toBeLessThanOrEqual(found.retryableFrom ?? 0);
});
