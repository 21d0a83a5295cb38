import type { PageReply, PageRow } from '../../src/report/html/page-data.ts';
import { formatDuration } from '../../src/time/duration.ts';
import { Ending, Gone, isBefore } from './Ending.tsx';
import { Explained } from './Explained.tsx';
import { Icon } from './Icons.tsx';
import type { LaidRow } from './lay.ts';
import { Print } from './Print.tsx';
import { ReplyWords } from './ReplyWords.tsx';
import { Lines, Sent } from './Sent.tsx';
import { Foreign, Unseen } from './Text.tsx';
import { Head, Wire } from './Wire.tsx';

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
