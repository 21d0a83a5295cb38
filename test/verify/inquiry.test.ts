import { describe, expect, test } from 'vitest';
import { DomainMemory } from '../../src/verify/domain-memory.ts';
import { type VerifyOptions, verifyAddress } from '../../src/verify/verify-address.ts';
import { startLab, type WorldLike } from '../../src/world/start-lab.ts';

const asker = { helo: 'probe.verifier.example', sender: 'probe@verifier.example', from: '198.51.100.7' };

async function inWorld<T>(
  hosts: WorldLike['hosts'],
  work: (lab: Awaited<ReturnType<typeof startLab>>) => Promise<T>,
): Promise<T> {
  const lab = await startLab({ hosts }, { clock: 'virtual' });
  try {
    return await work(lab);
  } finally {
    await lab.close();
  }
}

const verify = (
  lab: Awaited<ReturnType<typeof startLab>>,
  address: string,
  options: Partial<VerifyOptions> = {},
) => verifyAddress(lab, address, { ...asker, ...options });

describe('manners', () => {
  test('nobody hears DATA, and every session is left with QUIT', () =>
    inWorld({ 'mx.example.net': 'postfix' }, async (lab) => {
      await verify(lab, 'alice@example.net');
      await verify(lab, 'nobody@example.net');
      const said = lab.dialogues.map(({ events }) =>
        events.flatMap((event) => (event.kind === 'sent' ? event.lines : [])),
      );
      expect(said.length).toBeGreaterThan(0);
      expect(said.flat().filter((line) => /^(DATA|BDAT|VRFY|EXPN)/i.test(line))).toEqual([]);
      expect(said.map((lines) => lines.at(-1))).toEqual(said.map(() => 'QUIT'));
    }));

  test('what a domain has shown is not asked again', () =>
    inWorld({ 'mx.example.net': 'accept-all' }, async (lab) => {
      const memory = new DomainMemory();
      const first = await verify(lab, 'alice@example.net', { memory });
      const sessions = lab.dialogues.length;
      const second = await verify(lab, 'bob@example.net', { memory });
      expect([first.verdict, second.verdict]).toEqual(['accept-all', 'accept-all']);
      expect(sessions).toBe(2);
      expect(lab.dialogues.length).toBe(3);
    }));

  test('a greylist gets the same sender, recipient and control each time', () =>
    inWorld(
      { 'mx.example.net': { provider: 'greylister', mailboxes: { '*': 'unknown', alice: 'exists' } } },
      async (lab) => {
        const waits: number[] = [];
        const result = await verify(lab, 'alice@example.net', {
          waiting: ({ next, first }) => waits.push(next - first),
        });
        expect(result).toMatchObject({ verdict: 'deliverable', subReason: 'ok', evidence: { tries: 2 } });
        expect(waits).toHaveLength(1);
        expect(waits[0]).toBeGreaterThanOrEqual(6 * 60_000);
        expect(new Set(result.evidence.controls.map(({ address }) => address)).size).toBe(1);
      },
    ));

  test('without leave to wait it says when to come back', () =>
    inWorld({ 'mx.example.net': 'greylister' }, async (lab) => {
      const now = lab.clock.now();
      const result = await verify(lab, 'alice@example.net', { wait: 0 });
      expect(result).toMatchObject({ verdict: 'unknown', subReason: 'greylisted', confidence: 0 });
      expect(result.retryableFrom).toBeGreaterThanOrEqual(now + 6 * 60_000);
    }));

  test('a block is not argued with', () =>
    inWorld({ 'mx.outlook.example': { provider: 'outlook', situation: 'blocklisted' } }, async (lab) => {
      const result = await verify(lab, 'alice@outlook.example');
      expect(result).toMatchObject({ verdict: 'unknown', subReason: 'blocklisted', evidence: { tries: 1 } });
      expect(lab.dialogues.length).toBe(1);
    }));
});

test('a sender that is refused is changed for the null sender once', () =>
  inWorld(
    {
      'mx.example.net': {
        provider: 'postfix',
        behaviours: [
          {
            'address-policy': {
              whose: 'sender',
              refuse: ['no-dot'],
              reply: '550 5.1.8 Sender address rejected',
            },
          },
        ],
      },
    },
    async (lab) => {
      const refused = { sender: 'probe@localhost' };
      const alice = await verify(lab, 'alice@example.net', refused);
      expect(alice).toMatchObject({
        verdict: 'deliverable',
        notes: [expect.stringContaining('null sender')],
      });
      expect(await verify(lab, 'nobody@example.net', refused)).toMatchObject({ subReason: 'no-such-user' });
    },
  ));

describe('who refuses the postmaster refuses us', () => {
  const liar = {
    provider: 'postfix',
    behaviours: [{ 'canned-reply': { at: 'rcpt', reply: '550 5.1.1 User unknown' } }],
  };

  test('the same refusal for postmaster is a policy', () =>
    inWorld({ 'mx.example.net': liar }, async (lab) => {
      const result = await verify(lab, 'alice@example.net');
      expect(result).toMatchObject({ verdict: 'unknown', subReason: 'policy', evidence: { rule: 'V084' } });
      expect(result.evidence.postmaster?.code).toBe(550);
    }));

  test('and is asked for once a domain', () =>
    inWorld({ 'mx.example.net': 'postfix' }, async (lab) => {
      const memory = new DomainMemory();
      for (const name of ['nobody', 'noone', 'nil']) await verify(lab, `${name}@example.net`, { memory });
      const asked = lab.dialogues.filter((dialogue) =>
        JSON.stringify(dialogue.events).includes('postmaster'),
      );
      expect(asked).toHaveLength(1);
    }));
});
