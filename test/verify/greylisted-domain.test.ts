import { expect, test } from 'vitest';
import { DomainMemory } from '../../src/verify/domain-memory.ts';
import { verifyList } from '../../src/verify/list/verify-list.ts';
import { verifyAddress } from '../../src/verify/verify-address.ts';
import type { RunningLab } from '../../src/world/running-lab.ts';
import { startLab } from '../../src/world/start-lab.ts';

const asker = { helo: 'probe.verifier.example', sender: 'probe@verifier.example', from: '198.51.100.7' };
const greylister = { provider: 'greylister', mailboxes: { '*': 'unknown', alice: 'exists', bob: 'exists' } };

async function withGreylist<T>(work: (lab: RunningLab) => Promise<T>): Promise<T> {
  const lab = await startLab({ hosts: { 'mx.grey.example': greylister } }, { clock: 'virtual' });
  try {
    return await work(lab);
  } finally {
    await lab.close();
  }
}

/** Local parts that were named as recipients, in order. */
const recipientsAt = (lab: RunningLab): string[] =>
  lab.dialogues.flatMap(({ events }) =>
    events.flatMap((event) =>
      event.kind === 'sent'
        ? event.lines.flatMap((line) => /^RCPT TO:<(.*)@grey\.example>/.exec(line)?.[1] ?? [])
        : [],
    ),
  );

const isControl = (local: string): boolean => /^[a-z]{14}\d{4}$/.test(local);

test('a list asks a greylisted domain about one control, not about one for each address', () =>
  withGreylist(async (lab) => {
    const names = Array.from({ length: 40 }, (_, i) => (i % 2 ? `gone${i}` : `alice+${i}`));
    const list = names.map((local, key) => ({ key, address: `${local}@grey.example` }));
    const verdicts = new Map<number, string>();
    for await (const { key, verification } of verifyList(lab, list, asker))
      verdicts.set(key, verification.verdict);
    for (const { key } of list) expect(verdicts.get(key)).toBe(key % 2 ? 'undeliverable' : 'deliverable');
    const controls = recipientsAt(lab).filter(isControl);
    expect(new Set(controls).size).toBe(1);
    expect(controls.length).toBeLessThanOrEqual(4);
  }));

test('who comes later is judged beside the control that the greylist knows already', () =>
  withGreylist(async (lab) => {
    const memory = new DomainMemory();
    const options = { ...asker, memory, wait: 0 };
    expect(await verifyAddress(lab, 'alice@grey.example', options)).toMatchObject({
      subReason: 'greylisted',
    });
    expect(await verifyAddress(lab, 'bob@grey.example', options)).toMatchObject({ subReason: 'greylisted' });
    await lab.clock.sleep(10 * 60_000);
    const bob = await verifyAddress(lab, 'bob@grey.example', options);
    expect(bob).toMatchObject({ verdict: 'deliverable', evidence: { rule: 'V045' } });
    expect(bob.evidence.controls.map(({ result }) => result)).toContain('refused');
    const controls = recipientsAt(lab).filter(isControl);
    expect(controls).toEqual([controls[0], controls[0]]);
  }));
