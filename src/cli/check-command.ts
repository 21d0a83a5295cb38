import { exitCodes } from './exit.ts';
import { readScenarios } from './read-scenarios.ts';
import { renderIssues } from './render-issues.ts';
import type { Surroundings } from './surroundings.ts';

/** Reads scenario files and shows what is wrong with them. */
export async function check(
  paths: readonly string[],
  options: { readonly set?: readonly string[]; readonly providers?: readonly string[] },
  surroundings: Surroundings,
): Promise<void> {
  const { scenarios, issues, files } = await readScenarios(paths, options);
  if (issues.length > 0) {
    surroundings.complain(await renderIssues(issues, ''));
    surroundings.endWith(exitCodes.usage);
    return;
  }
  surroundings.write(`${files} files hold ${scenarios.length} scenarios, all of them well-formed.\n`);
}
