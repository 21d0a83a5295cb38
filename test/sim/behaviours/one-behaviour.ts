import { Lab } from '../../../src/sim/lab.ts';
import { hostOverridesSchema, profileSchema } from '../../../src/sim/profile.ts';
import { VirtualClock } from '../../../src/time/virtual-clock.ts';
import { talk } from '../raw-client.ts';

/** What a plain host with these behaviours answers to each line after its greeting and EHLO; codes and words. */
export async function answersOf(
  behaviours: readonly object[],
  lines: readonly string[],
  manners: object = {},
): Promise<string[]> {
  const lab = new Lab({ clock: new VirtualClock(), seed: 1 });
  try {
    const profile = profileSchema.parse({
      provider: 'plain',
      title: 'A plain host',
      invented: true,
      ...manners,
    });
    const overrides = hostOverridesSchema.parse({ behaviours });
    await lab.add('mx.example.net', { profile, overrides, addresses: ['192.0.2.25'] });
    const replies = await talk(lab, '192.0.2.25', ['EHLO probe.example.org', ...lines]);
    return replies.slice(2).map((reply) => reply.at(-1) ?? '');
  } finally {
    await lab.close();
  }
}
