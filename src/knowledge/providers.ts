import { Phrase } from './phrase.ts';
import type { ProvidersData } from './schema/providers.ts';
import type { Wording } from './wording.ts';

export interface RecognisedProvider {
  readonly name: string;
  readonly title: string;
  readonly by: 'name' | 'host' | 'words';
}

/** Tells who is talking. */
export class ProviderBook {
  readonly #byName = new Map<string, { name: string; title: string }>();
  readonly #byHost: { suffix: string; name: string; title: string }[] = [];
  readonly #byText: { text: Phrase; name: string; title: string }[] = [];

  constructor(data: ProvidersData) {
    for (const { provider, title, names, mx, text } of data.providers) {
      const who = { name: provider, title };
      for (const known of [provider, ...names]) this.#byName.set(known, who);
      for (const suffix of mx) this.#byHost.push({ suffix, ...who });
      if (text !== undefined) this.#byText.push({ text: new Phrase(text), ...who });
    }
  }

  /** By the name that we were told, a profile's or an MX host's; or else by the words. */
  recognise(told: string | undefined, wording: Wording): RecognisedProvider | undefined {
    const named = told === undefined ? undefined : this.#byName.get(told.toLowerCase());
    if (named !== undefined) return { ...named, by: 'name' };
    const host = told?.toLowerCase().replace(/\.$/, '');
    const owner = this.#byHost.find(({ suffix }) => host?.endsWith(suffix));
    if (owner !== undefined) return { name: owner.name, title: owner.title, by: 'host' };
    if (told !== undefined) return undefined; // somebody else, and we were told who
    const spoken = this.#byText.find(
      ({ text }) => (text.find(wording.text) ?? text.find(wording.places)) !== undefined,
    );
    return spoken === undefined ? undefined : { name: spoken.name, title: spoken.title, by: 'words' };
  }
}
