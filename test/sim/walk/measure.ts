import type { Lab } from '../../../src/sim/lab.ts';
import type { ProviderProfile } from '../../../src/sim/profile.ts';
import { labWith } from '../shipped-profiles.ts';
import { type Dialogue, hold } from './dialogue.ts';
import { standardDialogues } from './dialogues.ts';
import type { Observation } from './observation.ts';
import { isHeardIn, type Refusal, refusalsOf } from './refusals.ts';
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

/**
 * Which refusals of the providers it covers a profile gives, over real sockets: first as it is, then in each of its
 * situations that has words for any that are missing still.
 */
export async function measure(profile: ProviderProfile): Promise<readonly Reached[]> {
  const lab = await labWith(profile.provider);
  const walk = new Walk(profile, lab);
  await walk.through();
  for (const name of Object.keys(profile.situations)) await walk.through(name);
  await lab.close();
  return walk.reached;
}

class Walk {
  readonly reached: Reached[] = [];
  readonly #profile: ProviderProfile;
  readonly #lab: Lab;
  readonly #missing: Set<Refusal>;

  constructor(profile: ProviderProfile, lab: Lab) {
    this.#profile = profile;
    this.#lab = lab;
    this.#missing = new Set(profile.covers.flatMap(refusalsOf));
  }

  /** Holds one dialogue after the other until nothing is left that the profile has words for. */
  async through(name?: string): Promise<void> {
    const situation = name === undefined ? undefined : this.#profile.situations[name];
    const words = wordsOf(this.#profile, situation);
    const hoped = [...this.#missing].filter((refusal) => words.some((text) => couldBe(refusal, text)));
    const host = this.#lab.hosts.get('mx.example.net');
    if (name !== undefined && hoped.length > 0) host?.switch(name, true);
    for (const dialogue of standardDialogues(subjectOf(this.#profile, situation))) {
      if (!hoped.some((refusal) => this.#missing.has(refusal))) break;
      host?.memory.reset(); // a client the host has not met before
      const label = `${this.#profile.provider}${name ? ` in ${name}` : ''}: "${dialogue.name}"`;
      for (const heard of await unlessStuck(hold(this.#lab, dialogue), label))
        this.#note(heard, dialogue, name);
    }
    if (name !== undefined && hoped.length > 0) host?.switch(name, false);
  }

  #note(heard: Observation, { name }: Dialogue, situation: string | undefined): void {
    for (const refusal of this.#missing) {
      if (!isHeardIn(refusal, heard)) continue;
      this.#missing.delete(refusal);
      const how = { client: name, ...(situation === undefined ? {} : { situation }) };
      this.reached.push({ refusal, profile: this.#profile.provider, ...how });
    }
  }
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

/** A host and a client that both wait for the other make simulated time stand still: that is told by real time. */
async function unlessStuck<T>(work: Promise<T>, label: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const stuck = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${label} does not come to an end`)), 60_000);
  });
  return Promise.race([work, stuck]).finally(() => clearTimeout(timer));
}
