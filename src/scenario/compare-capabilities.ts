import { type Capabilities, capabilitiesOf } from '../smtp/capabilities.ts';
import { isPositive } from '../smtp/reply.ts';
import type { Answer } from '../transcript/ending.ts';

/** A keyword of EHLO that two hosts do not offer alike: with which parameters, `''` without any, absent where it is not offered. */
export interface CapabilityDifference {
  readonly keyword: string;
  readonly simulated?: string;
  readonly real?: string;
}

/** Where both hosts said yes to EHLO, what they do not offer alike. Neither order nor capitals matter. RFC 5321 4.1.1.1 */
export function compareCapabilities(simulated: Answer, real: Answer): CapabilityDifference[] {
  const [left, right] = [offeredIn(simulated), offeredIn(real)];
  if (!left || !right) return [];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((keyword) => {
    const [here, there] = [left.get(keyword), right.get(keyword)];
    if (here && there && alike(here, there)) return [];
    return [
      {
        keyword,
        ...(here ? { simulated: here.join(' ') } : {}),
        ...(there ? { real: there.join(' ') } : {}),
      },
    ];
  });
}

function offeredIn(answer: Answer): Capabilities | undefined {
  const said = answer.kind === 'reply' && answer.stage === 'ehlo' && isPositive(answer.reply);
  return said ? capabilitiesOf(answer.reply) : undefined;
}

function alike(some: readonly string[], others: readonly string[]): boolean {
  const plain = (parameters: readonly string[]): string =>
    parameters.join(' ').toUpperCase().split(' ').sort().join(' ');
  return plain(some) === plain(others);
}
