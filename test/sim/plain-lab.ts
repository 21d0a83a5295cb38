import { onTestFinished } from 'vitest';
import { Lab } from '../../src/sim/lab.ts';
import { hostOverridesSchema, type ProviderProfile, profileSchema } from '../../src/sim/profile.ts';
import { VirtualClock } from '../../src/time/virtual-clock.ts';

/** A profile of nobody in particular. */
export function plain(traits: object = {}): ProviderProfile {
  return profileSchema.parse({ provider: 'plain', title: 'A plain host', invented: true, ...traits });
}

export interface PlainLab {
  readonly lab: Lab;
  readonly clock: VirtualClock;
}

/** A lab with one plain host, `mx.example.net` at 192.0.2.25, for the length of one test. */
export async function plainLab(
  behaviours: readonly object[] = [],
  traits: object = {},
  how: { readonly implicitTls?: true } = {},
): Promise<PlainLab> {
  const clock = new VirtualClock();
  const lab = new Lab({ clock, seed: 1 });
  onTestFinished(() => lab.close());
  const overrides = hostOverridesSchema.parse({ behaviours });
  await lab.add('mx.example.net', { profile: plain(traits), overrides, addresses: ['192.0.2.25'], ...how });
  return { lab, clock };
}

/** Offers STARTTLS, and under TLS every way to log in. */
export const offering = {
  accent: {
    ehlo: [
      '{host}',
      'PIPELINING',
      'CHUNKING',
      'BINARYMIME',
      'ENHANCEDSTATUSCODES',
      { keyword: 'STARTTLS', when: 'clear' },
      { keyword: 'AUTH PLAIN LOGIN CRAM-MD5 XOAUTH2', when: 'tls' },
    ],
  },
};
