import { textOf } from '../json-text.ts';
import { renderTable } from '../table.ts';
import { cutTo } from '../width.ts';
import { aboutWords, conclusionWords, retryWords } from '../words.ts';
import type { Group, LogTally } from './log-tally.ts';
import { harmless, type PageOptions, type Paragraph, renderParagraphs } from './paragraphs.ts';

/** Rows of the table, and groups that are explained below it. */
const mostRows = 40;
const mostExplained = 15;

/** What a log amounts to: how much of what, and from whom; then what each means, with its first and last example. */
export function renderSummary(tally: LogTally, options: PageOptions): string[] {
  const { groups } = tally;
  const total = tally.replies + tally.endings;
  const rows = groups.slice(0, mostRows).map((group) => rowOf(group, total, options));
  const troubles = groups.filter(({ reason }) => reason !== 'accept');
  const accepted = groups.filter(({ reason }) => reason === 'accept');
  return [
    ...renderTable(
      narrow(options) ? ['count', 'reason', 'provider'] : ['count', 'share', 'reason', 'provider'],
      rows,
      {
        ...options,
        flexible: narrow(options) ? 1 : 3,
      },
    ),
    ...more(groups.length - mostRows, options),
    ...troubles.slice(0, mostExplained).flatMap((group) => ['', ...explained(group, options)]),
    ...more(troubles.length - mostExplained, options),
    ...accepted.slice(0, 1).flatMap((group) => ['', ...explained(group, options)]),
  ];
}

/** Below this many columns there is no room for shares and long names. */
const roomy = 70;
const shortName = 14;

function narrow({ columns }: PageOptions): boolean {
  return columns < roomy;
}

function rowOf(group: Group, total: number, options: PageOptions): string[] {
  const provider = group.provider ?? options.palette.marks.rule;
  const reason = harmless(textOf(group.reason));
  if (narrow(options))
    return [thousands(group.count), reason, cutTo(provider, shortName, options.palette.marks.more)];
  return [thousands(group.count), share(group.count, total), reason, provider];
}

function more(count: number, { palette }: PageOptions): string[] {
  return count > 0 ? [palette.dim(`and ${count} more groups`)] : [];
}

function explained(group: Group, options: PageOptions): string[] {
  const { palette, columns } = options;
  const { reason, about, provider, count, says, advice, retry, verifier, first, last } = group;
  const good = reason === 'accept';
  const mark = good ? palette.good(palette.marks.passed) : palette.bad(palette.marks.failed);
  const title = [
    harmless(textOf(reason)),
    about === undefined ? '' : aboutWords[about],
    provider ?? '',
    thousands(count),
  ];
  const shown = cutTo(
    title.filter((part) => part !== '').join(` ${palette.marks.dot} `),
    columns - 4,
    palette.marks.more,
  );
  const outlook = [
    retry === undefined ? '' : `${retryWords[retry]}.`,
    verifier === undefined ? '' : `${conclusionWords[verifier]}.`,
  ];
  const paragraphs: Paragraph[] = good
    ? []
    : [
        ['Says', says],
        ['Do', advice, palette.strong],
        ['', outlook.join(' ').trim()],
      ];
  return [
    `${mark} ${palette.strong(shown)}`,
    ...renderParagraphs(
      [
        ...paragraphs,
        ['first', example(first), palette.dim],
        ['last', count > 1 ? example(last) : '', palette.dim],
      ],
      options,
    ),
  ];
}

function example({ text, ...place }: Group['first']): string {
  return `${whereIs(place)}: ${harmless(textOf(text))}`;
}

/** A line, and its file where there are several. */
export function whereIs({
  file,
  line,
}: {
  readonly file?: string | undefined;
  readonly line: number;
}): string {
  return `${file === undefined ? '' : `${file}, `}line ${thousands(line)}`;
}

export function thousands(count: number): string {
  return count.toLocaleString('en-US');
}

function share(count: number, total: number): string {
  return `${((100 * count) / total).toFixed(1)} %`;
}
