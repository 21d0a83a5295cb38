import { ProviderShelf, shippedProviders } from '../sim/load-profiles.ts';
import { UsageError } from './exit.ts';

/** The profiles of these folders, and those that come with mxlab. Throws a UsageError for a folder that cannot be read. */
export async function shelfOf(folders: readonly string[]): Promise<ProviderShelf> {
  const shelf = new ProviderShelf(...folders, shippedProviders);
  await shelf.names().catch((error: Error) => {
    throw new UsageError(`the provider profiles cannot be read: ${error.message}.`);
  });
  return shelf;
}
