import type { Coverage } from '../../sim/coverage.ts';
import type { ProviderProfile } from '../../sim/profile.ts';
import { escapeControls } from '../../text/escape.ts';
import type { Palette } from '../palette.ts';
import { renderTable } from '../table.ts';
import { ageOfEvidence, coverageOf } from './evidence.ts';

const heads = ['provider', 'title', 'situations', 'coverage', 'evidence'];

/** All profiles, a line for each. Coverage is the part of the refusals in the reference that a profile can give. */
export function renderProviderList(
  profiles: readonly ProviderProfile[],
  coverage: readonly Coverage[],
  { palette, columns }: { readonly palette: Palette; readonly columns: number },
): string[] {
  const rows = profiles.map((profile) => [
    profile.provider,
    escapeControls(profile.title),
    String(Object.keys(profile.situations).length).padStart(heads[2]?.length ?? 0),
    percentOf(profile, coverage).padStart(heads[3]?.length ?? 0),
    ageOfEvidence(profile),
  ]);
  return renderTable(heads, rows, { palette, columns, flexible: 1 });
}

function percentOf(profile: ProviderProfile, coverage: readonly Coverage[]): string {
  const own = coverageOf(profile, coverage);
  return own ? `${Math.floor((100 * own.reached) / own.refusals)} %` : '';
}
