import type { HostMember, HostOverrides, ProviderProfile } from './profile.ts';

/** They mean something everywhere, even where a host has no words for them. */
const usualStates = ['exists', 'unknown', 'over-quota', 'disabled'];

type Entries = NonNullable<HostMember['behaviours']>;

/** The states of mailboxes that a host may know: the usual ones, and those that its profile or its own behaviours answer. */
export function mailboxStates(profile: ProviderProfile, overrides: HostOverrides = {}): readonly string[] {
  const situations = Object.values(profile.situations);
  const members = [overrides, ...(overrides.pool ?? [])];
  return [
    ...new Set([
      ...usualStates,
      ...[profile, ...situations].flatMap(({ mailboxes = {} }) => Object.values(mailboxes)),
      ...[profile, ...situations, ...members].flatMap(({ behaviours = [] }) => answeredBy(behaviours)),
    ]),
  ];
}

function answeredBy(behaviours: Entries): string[] {
  return behaviours.flatMap((entry) =>
    ['known-mailboxes', 'verify-command'].flatMap((name) => {
      const options = entry[name] as { readonly replies?: object } | undefined;
      return Object.keys(options?.replies ?? {});
    }),
  );
}
