import type { Environment } from '../../probe/environment.ts';
import { verifyAddress } from '../../verify/verify-address.ts';
import type { Validator } from '../validator.ts';

/** Our own verifier, in the time and through the doors of the case. */
export function ownVerifier(from: string): Validator {
  return {
    name: 'mxlab verify',
    async ask(address, doors) {
      const options = { helo: 'probe.verifier.example', sender: 'probe@verifier.example', from };
      try {
        const { verdict, subReason, confidence, evidence } = await verifyAddress(
          doors as Environment,
          address,
          options,
        );
        const text = `${verdict} ${subReason} ${confidence.toFixed(2)} ${evidence.rule}`;
        return { kind: 'said', value: { verdict, sub_reason: subReason, confidence }, text };
      } catch (error) {
        return { kind: 'crashed', why: String(error) };
      }
    },
  };
}
