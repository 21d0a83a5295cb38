import { escapeControls } from '../../text/escape.ts';
import type { Finding, PreflightCheck, PreflightVerdict } from '../../verify/preflight/finding.ts';
import type { Palette } from '../palette.ts';
import { wrap } from '../width.ts';

interface FindingOptions {
  readonly palette: Palette;
  readonly columns: number;
}

const titles: Readonly<Record<PreflightCheck, string>> = {
  'own-address': 'Own address',
  'reverse-name': 'Reverse name',
  helo: 'HELO name',
  'sender-domain': 'Sender domain',
  spf: 'SPF',
  'block-list': 'Block lists',
  port: 'Port',
};

const indent = 16;
/** Questions that are shown of one finding. */
const mostShown = 8;

/** What was found before a run: a line for what is fine, and for the rest what was asked, what to do and why. */
export function renderFindings(findings: readonly Finding[], options: FindingOptions): string[] {
  return gathered(findings).flatMap((finding) => renderFinding(finding, options));
}

/** How many are how: `2 bad, 1 doubtful, 6 fine`. */
export function countFindings(findings: readonly Finding[]): string {
  const order: readonly PreflightVerdict[] = ['bad', 'doubtful', 'could not tell', 'fine'];
  return order
    .flatMap((verdict) => {
      const count = findings.filter((finding) => finding.verdict === verdict).length;
      return count > 0 ? [`${count} ${verdict}`] : [];
    })
    .join(', ');
}

/** Block lists that say the same share a place: those without the address, and those that do not answer. */
function gathered(findings: readonly Finding[]): readonly Finding[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const alike = finding.check === 'block-list' && ['fine', 'could not tell'].includes(finding.verdict);
    const key = alike ? `${finding.verdict} ${finding.advice ?? ''}` : `${groups.size}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first, ...others] = group;
    if (!first) return [];
    if (others.length === 0) return [first];
    const zones = [...new Set((first.verdict === 'fine' ? group : others).map(({ about }) => about))];
    const says =
      first.verdict === 'fine'
        ? `On none of ${zones.length}: ${zones.join(', ')}.`
        : `${first.says} So with ${zones.join(', ')}.`;
    return [{ ...first, says }];
  });
}

function renderFinding(
  { check, verdict, says, evidence, advice, grounds }: Finding,
  { palette, columns }: FindingOptions,
): string[] {
  const { marks, good, bad, warn, note, dim } = palette;
  const [mark, paint] = {
    fine: [marks.passed, good] as const,
    doubtful: [marks.defect, warn] as const,
    bad: [marks.failed, bad] as const,
    'could not tell': ['?', note] as const,
  }[verdict];
  const head = `  ${mark.padEnd(Math.max(1, mark.length))} ${titles[check]}`;
  const room = columns - indent - 4;
  const [line = '', ...more] = wrap(escapeControls(says), room);
  const below = (text: string): string[] =>
    wrap(escapeControls(text), room).map((one) => `${' '.repeat(indent + 4)}${one}`);
  const lines = [
    `${paint(head)}${' '.repeat(Math.max(1, indent + 4 - head.length))}${line}`,
    ...more.map((one) => `${' '.repeat(indent + 4)}${one}`),
  ];
  if (verdict === 'fine') return lines;
  const asked = verdict === 'could not tell' ? [] : evidence.slice(0, mostShown);
  return [
    ...lines,
    ...asked.flatMap((one) => below(`${one.asked}: ${one.answered}`).map(dim)),
    ...(advice === undefined ? [] : below(`Do: ${advice}`)),
    ...(grounds.length === 0 ? [] : below(grounds.join('; ')).map(dim)),
  ];
}
