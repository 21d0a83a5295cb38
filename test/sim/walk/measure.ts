import type { Lab } from '../../../src/sim/lab.ts';
import type { ProviderProfile } from '../../../src/sim/profile.ts';
import { labWith } from '../shipped-profiles.ts';
import { hold } from './dialogue.ts';
import { standardDialogues } from './dialogues.ts';
import { isHeardIn, type Refusal } from './refusals.ts';
import { subjectOf, wordsOf } from './subject.ts';

/** How a refusal of the reference came about. */
export interface Reached {
  readonly refusal: Refusal;
  readonly profile: string;
  /** The situation the host was in; absent when it was in none. */
  readonly situation?: string;
  /** What the client did, as a predicate. */
  readonly client: string;
}

/** A reply with anything at all in the place of its placeholders. */
function skeleton(reply: string): RegExp {
  const parts = reply
    .split(/\{[a-z][a-z0-9:-]*\}/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^\\r\\n]+?')}$`);
}

/** Whether a reply written in a profile could turn out to be that refusal, whatever stands for the placeholders of either. */
function couldBe({ lines }: Refusal, words: string): boolean {
  const reply = lines.join('\r\n');
  return skeleton(reply).test(words) || skeleton(words).test(reply);
}

/**
 * Which refusals a profile gives, over real sockets: first as it is, then in each of its situations that has words for
 * any that are missing still.
 */
export async function measure(
  profile: ProviderProfile,
  refusals: readonly Refusal[],
): Promise<readonly Reached[]> {
  const reached: Reached[] = [];
  const lab = await labWith(profile.provider);
  const missing = new Set(refusals);
  const walk = async (wanted: ReadonlySet<Refusal>, situation?: string): Promise<void> => {
    const left = new Set(wanted);
    const subject = subjectOf(profile, situation === undefined ? undefined : profile.situations[situation]);
    for (const dialogue of standardDialogues(subject)) {
      if (left.size === 0) return;
      for (const heard of await holdAfresh(lab, dialogue)) {
        for (const refusal of missing) {
          if (!isHeardIn(refusal, heard)) continue;
          missing.delete(refusal);
          left.delete(refusal);
          reached.push({
            refusal,
            profile: profile.provider,
            client: dialogue.name,
            ...(situation ? { situation } : {}),
          });
        }
      }
    }
  };
  const wantedOf = (words: readonly string[]): ReadonlySet<Refusal> =>
    new Set([...missing].filter((refusal) => words.some((text) => couldBe(refusal, text))));
  await walk(wantedOf(wordsOf(profile)));
  for (const [name, situation] of Object.entries(profile.situations)) {
    const wanted = wantedOf(wordsOf(profile, situation));
    if (wanted.size === 0) continue;
    const host = lab.hosts.get('mx.example.net');
    host?.switch(name, true);
    await walk(wanted, name);
    host?.switch(name, false);
  }
  await lab.close();
  return reached;
}

/** A client the host has not met before. */
function holdAfresh(lab: Lab, dialogue: Parameters<typeof hold>[1]): ReturnType<typeof hold> {
  lab.hosts.get('mx.example.net')?.memory.reset();
  return hold(lab, dialogue);
}
