import type { Issue } from '../datafile/issue.ts';
import { closest } from '../datafile/suggest.ts';
import { createPalette } from '../report/palette.ts';
import { renderProviderList } from '../report/providers/provider-list.ts';
import { renderProvider } from '../report/providers/provider-page.ts';
import { loadCoverage } from '../sim/coverage.ts';
import { isProfile, type ProviderShelf } from '../sim/load-profiles.ts';
import type { ProviderProfile } from '../sim/profile.ts';
import { exitCodes, UsageError } from './exit.ts';
import { shelfOf } from './provider-shelf.ts';
import { renderIssues } from './render-issues.ts';
import type { Surroundings } from './surroundings.ts';

/** Lists the providers, or tells all about one. */
export async function providers(
  name: string | undefined,
  flags: { readonly providers?: readonly string[] },
  surroundings: Surroundings,
): Promise<void> {
  const shelf = await shelfOf(flags.providers ?? []);
  const found = await profilesOf(name, shelf);
  if ('issues' in found) {
    surroundings.complain(await renderIssues(found.issues, ''));
    surroundings.endWith(exitCodes.usage);
    return;
  }
  const { columns, colours: colour, unicode, write } = surroundings;
  const options = { palette: createPalette({ colour, unicode }), columns };
  const coverage = await loadCoverage();
  const [only] = found.profiles;
  const lines =
    name !== undefined && only
      ? renderProvider(only, coverage, options)
      : [
          ...renderProviderList(found.profiles, coverage, options),
          '',
          'mxlab providers NAME tells all about one.',
        ];
  write(`${lines.join('\n')}\n`);
}

/** One profile, or all of them; or what is wrong with the files. Throws a UsageError for a name that is not there. */
async function profilesOf(
  name: string | undefined,
  shelf: ProviderShelf,
): Promise<{ readonly profiles: readonly ProviderProfile[] } | { readonly issues: readonly Issue[] }> {
  const names = await shelf.names();
  if (name !== undefined && !names.includes(name)) {
    const near = closest(name, names);
    throw new UsageError(
      `there is no provider called ${name}; ${near === undefined ? `known: ${names.join(', ')}.` : `did you mean ${near}?`}`,
    );
  }
  const found = await Promise.all((name === undefined ? names : [name]).map((each) => shelf.get(each)));
  const issues = found.flatMap((each) => (each === undefined || isProfile(each) ? [] : each));
  return issues.length > 0 ? { issues } : { profiles: found.filter(isProfile) };
}
