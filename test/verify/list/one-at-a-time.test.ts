import { expect, test } from 'vitest';
import { verifyList } from '../../../src/verify/list/verify-list.ts';
import { startLab } from '../../../src/world/start-lab.ts';

const asker = { helo: 'probe.verifier.example', sender: 'probe@verifier.example', from: '198.51.100.7' };
const manners = { parallel: 2, perSecond: 100, perConnection: 40, perTransaction: 4 };

test.each(['second-recipient', 'multiple-regions'])(
  'who was one recipient too many is asked about alone: %s at Outlook',
  async (situation) => {
    const mailboxes = { '*': 'unknown', real: 'exists' } as const;
    const lab = await startLab(
      { hosts: { 'mx.choosy.example': { provider: 'outlook', situation, mailboxes } } },
      { clock: 'virtual' },
    );
    const list = Array.from({ length: 60 }, (_, key) => ({
      key,
      address: `${key % 2 ? 'gone' : 'real+'}${key}@choosy.example`,
    }));
    const wrong: string[] = [];
    for await (const { key, address, verification } of verifyList(lab, list, { ...asker, manners })) {
      const right = key % 2 ? 'undeliverable' : 'deliverable';
      if (verification.verdict !== right) wrong.push(`${address}: ${verification.verdict}`);
    }
    await lab.close();
    expect(wrong).toEqual([]);
  },
);
