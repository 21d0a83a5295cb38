import type { Coverage } from '../../sim/coverage.ts';
import type { ProviderProfile } from '../../sim/profile.ts';

export type Observation = NonNullable<ProviderProfile['observed']>[number];

/** All that was observed of a provider, of its situations too. */
export function observationsOf({ observed = [], situations }: ProviderProfile): readonly Observation[] {
  return [...observed, ...Object.values(situations).flatMap((situation) => situation.observed ?? [])];
}

/** How old the evidence is: `2019 to 2025`, `undated`, or `invented` for a profile that is modelled on nobody. */
export function ageOfEvidence(profile: ProviderProfile): string {
  if (profile.invented) return 'invented';
  const years = observationsOf(profile).flatMap(({ on }) => /^\d{4}/.exec(on)?.[0] ?? []);
  if (years.length === 0) return 'undated';
  const [oldest, newest] = [years.sort()[0] ?? '', years.at(-1) ?? ''];
  return oldest === newest ? newest : `${oldest} to ${newest}`;
}

/** Refusals of the reference that a profile covers, and how many of them it can give; `undefined` where it covers none. */
export function coverageOf(
  { provider }: ProviderProfile,
  coverage: readonly Coverage[],
): { readonly refusals: number; readonly reached: number } | undefined {
  const own = coverage.filter(({ profiles }) => profiles.includes(provider));
  if (own.length === 0) return undefined;
  return {
    refusals: own.reduce((sum, { refusals }) => sum + refusals, 0),
    reached: own.reduce((sum, { reached }) => sum + reached, 0),
  };
}
