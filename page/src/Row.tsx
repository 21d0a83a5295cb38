import type { ComponentChildren } from 'preact';
import type { PageEnding, PageReply, PageRow } from '../../src/report/html/page-data.ts';
import { formatDuration } from '../../src/time/duration.ts';
import { Explained } from './Explained.tsx';
import { Icon, type IconName } from './Icons.tsx';
import type { LaidRow } from './lay.ts';
import { Print } from './Print.tsx';
import { ReplyWords } from './ReplyWords.tsx';
import { Foreign, Unseen } from './Text.tsx';

/** One row: when, the client's lifeline, what passes between the two, and the host's lifeline. */
export function Row({ laid }: { readonly laid: LaidRow }) {
  const { row, time, line, edge, turnsTo, host, provider } = laid;
  const classes = [
    'row',
    `row-${row.kind}`,
    `line-${line}`,
    edge ? `line-${edge}` : '',
    classOf(row),
    `gap-${laid.gap}`,
  ];
  return (
    <>
      {turnsTo && row.kind !== 'pause' && (
        <li class={`row row-turn line-${line}`}>
          <div class="talk">
            <Head name={host} provider={provider} />
          </div>
        </li>
      )}
      <li class={classes.filter((name) => name !== '').join(' ')}>
        {time !== undefined && (
          <span class="time">
            <Unseen>at </Unseen>
            {time}
          </span>
        )}
        <div class="talk">
          <Talk laid={laid} />
        </div>
      </li>
    </>
  );
}

/** What gives the row its colour and its kind of line. */
function classOf(row: PageRow): string {
  if (row.kind === 'reply') return `class-${Math.floor(row.code / 100)}`;
  if (row.kind === 'sent') return `sent-${row.what}`;
  if (row.kind === 'left') return row.due ? 'due' : `ending-${row.how}`;
  return row.kind === 'ending' ? `ending-${row.ending}` : '';
}

function Talk({ laid }: { readonly laid: LaidRow }) {
  const { row, key, host, provider } = laid;
  switch (row.kind) {
    case 'connected':
      return (
        <>
          <span class="head client">Client</span>
          <Wire
            to="host"
            label={
              <>
                connects to <Foreign text={row.address === '' ? host : row.address} />
              </>
            }
          />
          <Head name={host} provider={provider} />
        </>
      );
    case 'secured':
      return <Secured row={row} laidKey={key} />;
    case 'sent':
      return <Sent row={row} />;
    case 'scraps':
      return (
        <>
          <div class="say">
            <Unseen>The host sends what is no reply: </Unseen>
            <Lines lines={row.lines} unshown={row.unshown} />
          </div>
          <Wire to="client" />
        </>
      );
    case 'reply':
      return <Reply row={row} laidKey={key} host={host} elapsed={laid.elapsed} />;
    case 'pause':
      return (
        <span class="pill">
          <Icon name="pause" /> {row.text}
        </span>
      );
    case 'left':
      if (row.due) {
        return (
          <>
            <span class="say">{row.text}</span>
            <Wire to="client" end="FIN" />
          </>
        );
      }
      return (
        <Gone name={row.how}>
          <span class="say">{row.text}</span>
        </Gone>
      );
    case 'hung-up':
      return (
        <>
          <span class="say">we hang up</span>
          <Wire to="host" end="FIN" />
        </>
      );
    case 'ending':
      return <Ending row={row} laidKey={key} before={isBefore(laid)} />;
    case 'verdict':
      return <Conclusion row={row} />;
    case 'note':
      return (
        <span class="pill">
          <Foreign text={row.text} />
        </span>
      );
    default:
      return row satisfies never;
  }
}

/** What a verifier concludes. */
function Conclusion({ row }: { readonly row: Extract<PageRow, { kind: 'verdict' }> }) {
  return (
    <div class={`conclusion conclusion-${row.verdict}`}>
      <strong>
        <Foreign text={row.address} />: {row.title}
      </strong>
      {row.lines.map((line) => (
        <p>
          <Foreign text={line} />
        </p>
      ))}
    </div>
  );
}

function Head({ name, provider }: { readonly name: string; readonly provider: string }) {
  return (
    <span class="head host">
      <Foreign text={name} />
      {provider !== '' && (
        <span class="head-provider">
          <Foreign text={provider} />
        </span>
      )}
    </span>
  );
}

/** The arrow. What it means stands in words beside it. */
function Wire({
  to,
  label,
  end,
}: {
  readonly to: 'host' | 'client';
  readonly label?: ComponentChildren;
  readonly end?: string;
}) {
  return (
    <span class={`wire to-${to}`}>
      {label !== undefined && <span class="wire-label">{label}</span>}
      <span class="arrow" aria-hidden="true" />
      {end !== undefined && <span class="wire-end">{end}</span>}
    </span>
  );
}

function Sent({ row }: { readonly row: Extract<PageRow, { kind: 'sent' }> }) {
  const { what, lines, bytes, unshown } = row;
  const size = `${bytes.toLocaleString('en')} bytes`;
  const [first = '', ...rest] = lines;
  const letter = (words: string, inside: readonly string[]) => (
    <details class="letter">
      <summary>
        <Icon name="message" /> {words}
      </summary>
      <Lines lines={inside} unshown={unshown} />
    </details>
  );
  return (
    <>
      <div class="say">
        <Unseen>Client: </Unseen>
        {what === 'group' && <span class="group-label">{lines.length} lines in one go, without waiting</span>}
        {what === 'message' ? (
          letter(`the message, ${size}`, lines)
        ) : (
          <Lines lines={what === 'chunk' ? [first] : lines} unshown={what === 'chunk' ? 0 : unshown} />
        )}
        {what === 'chunk' && letter(`a chunk, ${size} with its command`, rest)}
      </div>
      <Wire to="host" />
    </>
  );
}

function Lines({ lines, unshown }: { readonly lines: readonly string[]; readonly unshown: number }) {
  return (
    <span class="lines">
      {lines.map((line, i) => (
        <span key={`${i} ${line}`} class="line">
          <Foreign text={line} />
        </span>
      ))}
      {unshown > 0 && <span class="unshown">and {unshown.toLocaleString('en')} bytes more</span>}
    </span>
  );
}

interface ReplyProps {
  readonly row: PageReply;
  readonly laidKey: string;
  readonly host: string;
  readonly elapsed: number | undefined;
}

function Reply({ row, laidKey, host, elapsed }: ReplyProps) {
  const leaving = row.code === 421 && row.stage !== 'quit';
  return (
    <>
      <Explained
        laidKey={laidKey}
        answer={{
          code: String(row.code),
          enhanced: row.enhanced,
          reason: row.reason,
          provider: row.provider,
        }}
      >
        <Unseen>
          <Foreign text={host} />
          {row.unsolicited ? ' says unasked: ' : ' answers: '}
        </Unseen>
        <ReplyWords reply={row} />
      </Explained>
      <Wire to="client" {...(leaving ? { end: '421' } : {})} />
      {elapsed !== undefined && <span class="elapsed">after {formatDuration(elapsed)}</span>}
      {row.code >= 400 && <Print number={row.explained} />}
    </>
  );
}

function Secured({
  row,
  laidKey,
}: {
  readonly row: Extract<PageRow, { kind: 'secured' }>;
  readonly laidKey: string;
}) {
  const words = (
    <>
      <Icon name={row.explained === undefined ? 'lock' : 'lock-broken'} /> <Foreign text={row.text} />
    </>
  );
  if (row.explained === undefined) return <span class="pill tls">{words}</span>;
  return (
    <Explained laidKey={laidKey} answer={undefined} pill>
      {words}
    </Explained>
  );
}

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

function Ending({
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
function Gone({
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
