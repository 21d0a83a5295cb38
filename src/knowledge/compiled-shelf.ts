import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Shelf, Volumes } from './shelf.ts';

/** One JSON file for each volume: no YAML to parse, nothing to check, the index of rules made beforehand. */
const fileOf = (folder: URL, name: keyof Volumes): URL => new URL(`${name}.json`, folder);

/** What a build left in a folder; nothing where there was none, as in a checkout. */
export function compiledShelf(folder: URL): Shelf | undefined {
  if (!existsSync(fileOf(folder, 'rules'))) return undefined;
  return {
    async read<Name extends keyof Volumes>(name: Name): Promise<Volumes[Name]> {
      // All at once: at the start of the program nothing else could be done meanwhile.
      return JSON.parse(readFileSync(fileOf(folder, name), 'utf8'));
    },
  };
}

/** Writes the volumes of a shelf as a `compiledShelf` reads them. */
export async function compileShelf(
  shelf: Shelf,
  names: readonly (keyof Volumes)[],
  folder: URL,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const name of names) writeFileSync(fileOf(folder, name), JSON.stringify(await shelf.read(name)));
}
