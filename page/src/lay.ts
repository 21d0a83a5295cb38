import type { PageRow, PageStep } from '../../src/report/html/page-data.ts';
import { formatOffset } from '../../src/report/offset.ts';

/** A step as it is drawn. */
export interface LaidStep {
  readonly step: PageStep;
  /** Words in front of it where another branch or round begins. */
  readonly strand: string | undefined;
  /** How the lifeline of the host runs through all of it. */
  readonly through: LaidRow['line'];
  /** How it goes on below the rows. */
  readonly after: LaidRow['line'];
  readonly rows: readonly LaidRow[];
}

export interface LaidRow {
  readonly row: PageRow;
  /** The same for the same row of the same scenario. */
  readonly key: string;
  /** Where it differs from that of the row before. */
  readonly time: string | undefined;
  /** How the host's lifeline runs through the row: not at all, in clear, encrypted. */
  readonly line: 'none' | 'clear' | 'tls';
  /** The host begins or ceases to be there in this row. */
  readonly edge: 'begins' | 'ends' | undefined;
  readonly host: string;
  readonly provider: string;
  /** The host is another than in the row before, and no connection says so. */
  readonly turnsTo: boolean;
  /** How long a reply took, where no pause above says so. */
  readonly elapsed: number | undefined;
  /** Of a pause: how far the rows are drawn apart, 1 to 5. */
  readonly gap: number;
}

/** Puts the steps of one run of a scenario in order for drawing. `side` keeps its keys apart from those of another run. */
export function lay(steps: readonly PageStep[], side: string): LaidStep[] {
  const hosts = new Hosts(steps);
  let time = '';
  let branch = '';
  return steps.map((step, s) => {
    const strand = step.branch === branch || step.branch === '' ? undefined : strandWords(step.branch);
    branch = step.branch;
    const before = hosts.line;
    const rows = step.rows.map((row, r): LaidRow => {
      const now = formatOffset(row.at);
      const shown = now === time ? undefined : now;
      time = now;
      const elapsed = elapsedOf(row, step.rows[r - 1]);
      return { row, key: `${side}-${s}.${r}`, time: shown, elapsed, gap: gapOf(row), ...hosts.through(row) };
    });
    return { step, strand, through: throughout(step, before, hosts.line), after: hosts.line, rows };
  });
}

function elapsedOf(row: PageRow, before: PageRow | undefined): number | undefined {
  if (row.kind !== 'reply' || row.elapsedMs === undefined || row.elapsedMs < 1_000) return undefined;
  return before?.kind === 'pause' && before.ms === row.elapsedMs ? undefined : row.elapsedMs;
}

/** Of a line that begins, or turns into TLS on the way, the rows themselves say where. */
function throughout({ rows }: PageStep, before: LaidRow['line'], after: LaidRow['line']): LaidRow['line'] {
  return after === 'none' || rows.some(({ kind }) => kind === 'connected' || kind === 'secured')
    ? 'none'
    : before;
}

/** Each time ten or so times as long: a second, a minute, an hour, a day. */
function gapOf(row: PageRow): number {
  if (row.kind !== 'pause') return 0;
  return [0, 10_000, 60_000, 3_600_000, 86_400_000].filter((ms) => row.ms > ms).length;
}

/** `2` is a branch of a parallel step, `3/5` a round. */
function strandWords(branch: string): string {
  return branch
    .split(' ')
    .map((part) => {
      const [number, of] = part.split('/');
      return of === undefined ? `branch ${number}` : `round ${number} of ${of}`;
    })
    .join(', ');
}

/** Which hosts are connected, and how. */
class Hosts {
  readonly #providers = new Map<string, string>();
  readonly #lines = new Map<string, 'clear' | 'tls'>();
  #current = '';

  constructor(steps: readonly PageStep[]) {
    for (const row of steps.flatMap(({ rows }) => rows))
      if (row.kind === 'reply' && row.host !== undefined) this.#providers.set(row.host, row.provider);
  }

  /** That of the host that is spoken with. */
  get line(): LaidRow['line'] {
    return this.#lines.get(this.#current) ?? 'none';
  }

  through(row: PageRow): Pick<LaidRow, 'line' | 'edge' | 'host' | 'provider' | 'turnsTo'> {
    const host = row.host ?? this.#current;
    const turned = host !== this.#current;
    this.#current = host;
    if (row.kind === 'connected') this.#lines.set(host, 'clear');
    if (row.kind === 'secured') this.#lines.set(host, 'tls');
    const line = this.#lines.get(host) ?? 'none';
    const ends = row.kind === 'ending' || row.kind === 'left' || row.kind === 'hung-up';
    if (ends) this.#lines.delete(host);
    const edge = row.kind === 'connected' ? 'begins' : ends ? 'ends' : undefined;
    const turnsTo = turned && row.kind !== 'connected';
    return { line, edge, host, provider: this.#providers.get(host) ?? '', turnsTo };
  }
}
