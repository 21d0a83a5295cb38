import type { ComponentChildren } from 'preact';
import type { PageEnding } from '../../src/report/html/page-data.ts';
import { Explained } from './Explained.tsx';
import { Icon, type IconName } from './Icons.tsx';
import type { LaidRow } from './lay.ts';
import { Print } from './Print.tsx';
import { Foreign } from './Text.tsx';
import { Wire } from './Wire.tsx';

const glyphs: Readonly<Record<PageEnding['ending'], IconName>> = {
  closed: 'closed',
  reset: 'reset',
  silence: 'silence',
  misspoke: 'misspoke',
  unreachable: 'unreachable',
  'tls-failed': 'lock-broken',
  ended: 'closed',
};

const flags: Partial<Record<PageEnding['ending'], string>> = {
  closed: 'FIN',
  reset: 'RST',
  silence: 'timeout',
};

/** The connection had ended in an earlier step, and this is only told again. */
export function isBefore({ row, line }: LaidRow): boolean {
  return row.kind === 'ending' && row.host === undefined && line === 'none';
}

/** How the connection ended, with its explanation. */
export function Ending({
  row,
  laidKey,
  before,
}: {
  readonly row: PageEnding;
  readonly laidKey: string;
  readonly before: boolean;
}) {
  const words = (
    <Explained laidKey={laidKey} answer={{ code: '', enhanced: '', reason: row.ending, provider: '' }}>
      {before && 'could not be done: '}
      <Foreign text={row.text} />
    </Explained>
  );
  if (before) return words;
  return (
    <Gone name={row.ending}>
      {words}
      <Print number={row.explained} />
    </Gone>
  );
}

/** The connection ends: how, at the host's lifeline. */
export function Gone({
  name,
  children,
}: {
  readonly name: PageEnding['ending'];
  readonly children: ComponentChildren;
}) {
  const flag = flags[name];
  return (
    <>
      {children}
      <Wire to="client" {...(flag === undefined ? {} : { end: flag })} />
      <span class="glyph">
        <Icon name={glyphs[name]} />
      </span>
    </>
  );
}
