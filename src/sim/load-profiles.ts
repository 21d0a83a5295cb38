import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseDocument } from '../datafile/document.ts';
import { fileIssue, type Issue } from '../datafile/issue.ts';
import { readSource } from '../datafile/read-source.ts';
import { type ProviderProfile, profileSchema } from './profile.ts';

/** The folder of the profiles that come with mxlab. */
export const shippedProviders = fileURLToPath(new URL('../../fixtures/providers/', import.meta.url));

/** Folders of provider profiles, one file each, named after the provider; read when first asked for. */
export class ProviderShelf {
  readonly #folders: readonly string[];
  readonly #read = new Map<string, Promise<ProviderProfile | readonly Issue[]>>();
  #files: Promise<ReadonlyMap<string, string>> | undefined;

  /** Of several folders the first that has a profile counts. Without any: the profiles that come with mxlab. */
  constructor(...folders: readonly string[]) {
    this.#folders = folders.length > 0 ? folders : [shippedProviders];
  }

  /** Names of all profiles, sorted. Rejects with a system error for a folder that cannot be read. */
  async names(): Promise<readonly string[]> {
    return [...(await this.#list()).keys()].sort();
  }

  /** A profile with what it extends worked in; `undefined` when there is none of that name. */
  async get(name: string): Promise<ProviderProfile | readonly Issue[] | undefined> {
    if (!(await this.#list()).has(name)) return undefined;
    const profile = this.#read.get(name) ?? this.#load(name, []);
    this.#read.set(name, profile);
    return profile;
  }

  /** Name to file. */
  #list(): Promise<ReadonlyMap<string, string>> {
    this.#files ??= Promise.all(this.#folders.map(filesIn)).then((lists) => new Map(lists.reverse().flat()));
    return this.#files;
  }

  async #load(name: string, heirs: readonly string[]): Promise<ProviderProfile | readonly Issue[]> {
    const file = (await this.#list()).get(name) ?? name;
    const source = await readSource(file);
    if (Array.isArray(source)) return source;
    const parsed = parseDocument(source as Exclude<typeof source, Issue[]>, profileSchema);
    if ('issues' in parsed) return parsed.issues;
    const { value } = parsed;
    if (value.provider !== name)
      return [fileIssue(file, `says provider: ${value.provider}, but its name is ${name}.yaml`)];
    if (value.extends === undefined) return value;
    if ([...heirs, name].includes(value.extends)) return [fileIssue(file, 'extends itself')];
    if (!(await this.#list()).has(value.extends))
      return [fileIssue(file, `extends ${value.extends}, which is not there`)];
    const parent = await this.#load(value.extends, [...heirs, name]);
    return isProfile(parent) ? inherit(value, parent) : parent;
  }
}

async function filesIn(folder: string): Promise<[name: string, file: string][]> {
  const files = await readdir(folder);
  return files.flatMap((file): [string, string][] =>
    file.endsWith('.yaml') ? [[file.slice(0, -'.yaml'.length), join(folder, file)]] : [],
  );
}

export function isProfile(found: ProviderProfile | readonly Issue[] | undefined): found is ProviderProfile {
  return found !== undefined && !Array.isArray(found);
}

function inherit(heir: ProviderProfile, parent: ProviderProfile): ProviderProfile {
  const verbs = heir.verbs ?? parent.verbs;
  const host = heir.host ?? parent.host;
  return {
    ...heir,
    'strict-spacing': heir['strict-spacing'] || parent['strict-spacing'],
    'lenient-addresses': heir['lenient-addresses'] || parent['lenient-addresses'],
    'hello-optional': heir['hello-optional'] || parent['hello-optional'],
    'hello-once': heir['hello-once'] || parent['hello-once'],
    'loose-blanks': heir['loose-blanks'] || parent['loose-blanks'],
    'single-blanks': heir['single-blanks'] || parent['single-blanks'],
    'strict-arguments': heir['strict-arguments'] || parent['strict-arguments'],
    ...(verbs ? { verbs } : {}),
    ...(host === undefined ? {} : { host }),
    values: { ...parent.values, ...heir.values },
    accent: { ...parent.accent, ...heir.accent },
    mailboxes: { ...parent.mailboxes, ...heir.mailboxes },
    magic: { ...parent.magic, ...heir.magic },
    behaviours: [...heir.behaviours, ...parent.behaviours],
    situations: { ...parent.situations, ...heir.situations },
  };
}
