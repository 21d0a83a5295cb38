import type { Knowledge } from '../../knowledge/knowledge.ts';
import type { PageOptions } from '../page.ts';
import { renderTable } from '../table.ts';
import { wrap } from '../width.ts';

interface Row {
  readonly group: string;
  readonly cells: readonly [code: string, title: string, reason: string, source: string];
}

const classes: Readonly<Record<string, string>> = {
  1: '1yz  no reply of SMTP',
  2: '2yz  it worked',
  3: '3yz  go on',
  4: '4yz  not now',
  5: '5yz  no',
};

/** Every code there is, the basic ones by class and the enhanced ones by subject. */
export function renderTables(knowledge: Knowledge, options: PageOptions): string[] {
  return [
    options.palette.strong(`${knowledge.codes.size} basic codes`),
    ...grouped(basicRows(knowledge), options),
    '',
    options.palette.strong(`${knowledge.enhancedCodes.size} enhanced codes`),
    ...wrap('X is 2 (success), 4 (passing) or 5 (final).', options.columns).map(options.palette.dim),
    ...grouped(enhancedRows(knowledge), options),
    '',
    ...wrap('mxlab codes CODE tells all about one, mxlab codes TEXT finds some.', options.columns),
  ];
}

function basicRows({ codes }: Knowledge): Row[] {
  return [...codes.values()].map(({ code, title, reason, source, standing }) => ({
    group: classes[String(code)[0] ?? ''] ?? '',
    cells: [String(code), title, reason, sourceOf(source, standing)],
  }));
}

function enhancedRows({ enhancedCodes, enhancedBook }: Knowledge): Row[] {
  return [...enhancedCodes.values()].map(({ code, title, reason, source }) => {
    const [, subject = ''] = code.split('.');
    return {
      group: `X.${subject}  ${enhancedBook.parts('5', subject).about?.title ?? ''}`,
      cells: [code, title, reason, sourceOf(source)],
    };
  });
}

/** Where to read on, in few columns. */
function sourceOf(source: string, standing = 'standard'): string {
  const rfc = /^RFC \d+ [\d.]+/.exec(source)?.[0];
  return rfc ?? (source.startsWith('draft') ? 'draft' : standing);
}

const heads = ['code', 'title', 'by itself', 'source'];
/** Where less than this is left for the title, the source goes. */
const wideEnough = 76;

function grouped(rows: readonly Row[], { palette, columns }: PageOptions): string[] {
  const shown = columns >= wideEnough ? 4 : 3;
  const [head = '', ...lines] = renderTable(
    heads.slice(0, shown),
    rows.map(({ cells }) => cells.slice(0, shown)),
    { palette, columns: columns - 2, flexible: 1 },
  );
  let group = '';
  return [
    `  ${head}`,
    ...lines.flatMap((line, i) => {
      const here = rows[i]?.group ?? '';
      const heading = here === group ? [] : [palette.note(here)];
      group = here;
      return [...heading, `  ${line}`];
    }),
  ];
}
