import type { ProviderProfile } from '../../../src/sim/profile.ts';
import type { Reached } from './measure.ts';
import { type Refusal, refusalsOf } from './refusals.ts';

/** What the profiles together reach of one provider of the reference. */
export interface ProviderCoverage {
  readonly provider: string;
  readonly profiles: readonly string[];
  readonly refusals: number;
  readonly reached: readonly Reached[];
  readonly missing: readonly Refusal[];
  readonly percent: number;
}

const keyOf = ({ provider, stage, lines, ending }: Refusal): string =>
  [provider, stage, ending, ...lines].join('\n');

/** One row for each provider that any profile covers, in the order of their names. */
export function coverage(
  profiles: readonly ProviderProfile[],
  reached: readonly Reached[],
): ProviderCoverage[] {
  const covered = [...new Set(profiles.flatMap(({ covers }) => covers))].sort();
  return covered.map((provider) => {
    const refusals = refusalsOf(provider);
    const first = new Map<string, Reached>();
    for (const one of reached) if (!first.has(keyOf(one.refusal))) first.set(keyOf(one.refusal), one);
    const found = refusals.flatMap((refusal) => first.get(keyOf(refusal)) ?? []);
    return {
      provider,
      profiles: profiles.filter(({ covers }) => covers.includes(provider)).map((profile) => profile.provider),
      refusals: refusals.length,
      reached: found,
      missing: refusals.filter((refusal) => !first.has(keyOf(refusal))),
      percent: refusals.length === 0 ? 100 : Math.floor((100 * found.length) / refusals.length),
    };
  });
}

/** What made the host say it, in words. */
const causeOf = ({ situation, client }: Reached): string =>
  situation === undefined ? `client ${client}` : `situation ${situation}, client ${client}`;

const kindOf = ({ situation, client }: Reached): 'situation' | 'mailbox' | 'client' =>
  situation === undefined ? (/^writes to \S+@/.test(client) ? 'mailbox' : 'client') : 'situation';

/** The table: how much of each provider is reached, and by what. */
export function table(rows: readonly ProviderCoverage[]): string {
  const head = [
    'provider',
    'refusals',
    'reached',
    '%',
    'by situations',
    'by recipients',
    'by clients',
    'profiles',
  ];
  const lines = rows.map(({ provider, refusals, reached, percent, profiles }) => {
    const count = (kind: string): number => reached.filter((one) => kindOf(one) === kind).length;
    const numbers = [
      refusals,
      reached.length,
      percent,
      count('situation'),
      count('mailbox'),
      count('client'),
    ];
    return [provider, ...numbers.map(String), profiles.join(', ')];
  });
  const widths = head.map((title, i) =>
    Math.max(title.length, ...lines.map((cells) => cells[i]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i === 0 || i === 7 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(head), ...lines.map(line)].join('\n');
}

/** Each reply and its cause, a line each. */
export function causes(rows: readonly ProviderCoverage[]): string {
  return rows
    .flatMap(({ provider, reached, missing }) => [
      provider,
      ...reached.map((one) => `  ${first(one.refusal)}  <- ${one.profile}: ${causeOf(one)}`),
      ...missing.map((refusal) => `  ${first(refusal)}  not reached`),
    ])
    .join('\n');
}

const first = ({ stage, lines }: Refusal): string =>
  `${stage.padEnd(8)} ${(lines[0] ?? '').slice(0, 60).padEnd(60)}`;

/** The data file that the command line shows: one line for each reply. */
export function dataFile(rows: readonly ProviderCoverage[]): string {
  const providers = rows.map(({ provider, profiles, refusals, reached, percent, missing }) => {
    const facts = { provider, profiles, refusals, reached: reached.length, percent };
    const replies = [
      ...reached.map((one) => ({ ...replyOf(one.refusal), profile: one.profile, ...whatMakes(one) })),
      ...missing.map(replyOf),
    ];
    const head = JSON.stringify(facts).slice(0, -1);
    return `${head},"replies":[\n${replies.map((reply) => JSON.stringify(reply)).join(',\n')}\n]}`;
  });
  return `[\n${providers.join(',\n')}\n]\n`;
}

const replyOf = ({ stage, lines, ending }: Refusal): object => ({ stage, lines, ending });

const whatMakes = ({ situation, client }: Reached): object => ({
  ...(situation === undefined ? {} : { situation }),
  client,
});
