import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { escapeControls } from '../../text/escape.ts';
import type { ListEvent, Observe } from '../../verify/list/list-event.ts';
import { Busiest } from './busiest.ts';

/** What the process takes of the machine. */
export interface ProcessFacts {
  readonly residentBytes: number;
  readonly heapBytes: number;
  readonly cpuSeconds: number;
  /** Seconds since 1970. */
  readonly started: number;
}

export interface MetricsOptions {
  /** Operators with series of their own: the busiest; all others are `other`. 50 unless said otherwise. */
  readonly operators?: number;
  readonly process?: () => ProcessFacts;
}

/** Metrics by operator: their labels besides it, and what they tell. */
const byOperator = {
  mxlab_verify_connections_opened_total: [[], 'Connections that were established.'],
  mxlab_verify_connections_failed_total: [['why'], 'Connections that were not established.'],
  mxlab_verify_connections_ended_total: [
    ['ending'],
    'Connections that are over: put down by us, or how they broke off.',
  ],
  mxlab_verify_replies_total: [['stage', 'code_class'], 'Replies by stage and first digit of the code.'],
  mxlab_verify_slow_downs_total: [[], 'Signs of a limit; each halves the pace.'],
  mxlab_verify_blocks_total: [[], 'Signs that our address is refused: nothing more is asked.'],
} as const satisfies Record<string, readonly [readonly string[], string]>;

type ByOperator = keyof typeof byOperator;

/** Seconds: from a host in the same room to the longest patience of RFC 5321 4.5.3.2. */
const buckets = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** Longer names of operators are cut. */
const longestName = 100;

/** Counts what happens while a list is verified, in the text format of Prometheus. Give `observe` to `verifyList`. */
export class ListMetrics {
  readonly #registry = new Registry();
  readonly #operators: Busiest;
  readonly #paces = new Map<string, number>();
  readonly #results = this.#counter('mxlab_verify_results_total', 'Results.', ['verdict', 'sub_reason']);
  readonly #read = this.#counter('mxlab_verify_addresses_read_total', 'Entries of the list that were read.');
  readonly #done = this.#counter('mxlab_verify_addresses_done_total', 'Entries that have their result.');
  readonly #cached = this.#counter('mxlab_verify_addresses_cached_total', 'Results that a cache had.');
  readonly #unfinished = this.#counter(
    'mxlab_verify_addresses_unfinished_total',
    'Entries that the end of the run left without a final result.',
  );
  readonly #inFlight = this.#gauge('mxlab_verify_addresses_in_flight', 'Entries that are worked on or wait.');
  readonly #waiting = this.#gauge(
    'mxlab_verify_retries_waiting',
    'Entries that wait to be asked about again, after a greylist, a limit or an outage.',
  );
  readonly #putOff = this.#counter('mxlab_verify_put_off_total', 'Answers that mean: later.', ['sub_reason']);
  readonly #open = this.#gauge('mxlab_verify_connections_open', 'Connections that are open.');
  readonly #connecting = this.#histogram('mxlab_verify_connect_duration_seconds', 'Time to connect.');
  readonly #stages = this.#histogram('mxlab_verify_stage_duration_seconds', 'Time until a reply.', ['stage']);
  readonly #lookups = this.#histogram('mxlab_verify_dns_duration_seconds', 'Time of DNS questions.', [
    'type',
  ]);
  readonly #questions = this.#counter(
    'mxlab_verify_dns_questions_total',
    'DNS questions and how they went.',
    ['type', 'result'],
  );
  readonly #dnsFailures = this.#counter(
    'mxlab_verify_dns_failures_total',
    'DNS questions without an answer.',
    ['why'],
  );
  readonly #alerts = this.#counter('mxlab_verify_alerts_total', 'Alerts.', ['threshold', 'state']);

  constructor({ operators = 50, process }: MetricsOptions = {}) {
    this.#operators = new Busiest(operators);
    for (const name of Object.keys(byOperator) as ByOperator[]) this.#addByOperator(name);
    const paces = this.#paces;
    const names = this.#operators;
    new Gauge({
      name: 'mxlab_verify_operator_pace_ratio',
      help: 'Share of the full pace at which an operator is asked; 0 when it is asked nothing more.',
      labelNames: ['operator'],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const [operator, pace] of paces)
          if (names.has(operator)) this.set({ operator }, pace);
          else paces.delete(operator);
      },
    });
    if (process) this.#addProcess(process);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** The text format, version 0.0.4. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  readonly observe: Observe = (event) => {
    switch (event.kind) {
      case 'read':
        this.#read.inc();
        return this.#inFlight.inc();
      case 'result':
        return this.#settled(event);
      case 'put-off':
        this.#putOff.inc({ sub_reason: event.verification.subReason });
        return this.#waiting.inc();
      case 'taken-up':
        return this.#waiting.dec();
      case 'looked-up':
        this.#questions.inc({ type: event.type, result: event.result });
        this.#lookups.observe({ type: event.type }, event.took / 1_000);
        if (!['found', 'no-data', 'no-such-domain'].includes(event.result))
          this.#dnsFailures.inc({ why: event.result });
        return;
      case 'alert':
        return this.#alerts.inc({ threshold: event.alert.threshold.text, state: event.alert.state });
      default:
        return this.#atOperator(event);
    }
  };

  #settled({ verification, unfinished }: Extract<ListEvent, { kind: 'result' }>): void {
    this.#inFlight.dec();
    if (unfinished) return this.#unfinished.inc();
    this.#done.inc();
    if (verification.cached) this.#cached.inc();
    this.#results.inc({ verdict: verification.verdict, sub_reason: verification.subReason });
  }

  #atOperator(event: Extract<ListEvent, { operator: string }>): void {
    const operator = nameOf(event.operator);
    const add = (name: ByOperator, ...labels: readonly string[]): void =>
      this.#operators.add(operator, [name, ...labels].join(' '));
    switch (event.kind) {
      case 'connected':
        this.#open.inc();
        this.#connecting.observe(event.took / 1_000);
        return add('mxlab_verify_connections_opened_total');
      case 'not-connected': {
        const { ending } = event;
        return add(
          'mxlab_verify_connections_failed_total',
          ending.kind === 'unreachable' ? ending.why : ending.kind,
        );
      }
      case 'disconnected':
        this.#open.dec();
        return add('mxlab_verify_connections_ended_total', event.ending?.kind ?? 'put-down');
      case 'replied':
        this.#stages.observe({ stage: event.stage }, event.took / 1_000);
        return add('mxlab_verify_replies_total', event.stage, classOf(event.reply.code));
      case 'paced':
        if (event.sign === 'slow') add('mxlab_verify_slow_downs_total');
        if (event.sign === 'stop') add('mxlab_verify_blocks_total');
        if (this.#operators.has(operator))
          this.#paces.set(operator, event.stopped === undefined ? event.pace : 0);
    }
  }

  #addByOperator(name: ByOperator): void {
    const [labels, help] = byOperator[name];
    const operators = this.#operators;
    new Counter({
      name,
      help,
      labelNames: ['operator', ...labels],
      registers: [this.#registry],
      collect() {
        this.reset();
        operators.each((operator = 'other', key, count) => {
          const [metric, ...values] = key.split(' ');
          if (metric !== name) return;
          this.inc(
            { operator, ...Object.fromEntries(labels.map((label, i) => [label, values[i] ?? ''])) },
            count,
          );
        });
      },
    });
  }

  #addProcess(facts: () => ProcessFacts): void {
    const add = (name: string, help: string, of: (facts: ProcessFacts) => number): void =>
      void new Gauge({
        name,
        help,
        registers: [this.#registry],
        collect() {
          this.set(of(facts()));
        },
      });
    add('process_resident_memory_bytes', 'Resident memory.', ({ residentBytes }) => residentBytes);
    add('nodejs_heap_size_used_bytes', 'Heap in use.', ({ heapBytes }) => heapBytes);
    add('process_start_time_seconds', 'When the process began, since 1970.', ({ started }) => started);
    new Counter({
      name: 'process_cpu_seconds_total',
      help: 'Time of the processor, user and system.',
      registers: [this.#registry],
      collect() {
        this.reset();
        this.inc(facts().cpuSeconds);
      },
    });
  }

  #counter<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  #gauge(name: string, help: string): Gauge {
    return new Gauge({ name, help, registers: [this.#registry] });
  }

  #histogram<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Histogram<L> {
    return new Histogram({ name, help, labelNames, buckets, registers: [this.#registry] });
  }
}

const classOf = (code: number): string =>
  code >= 200 && code < 600 ? `${Math.floor(code / 100)}xx` : 'none';

/** What the name system says is not ours: harmless, and no longer than a line. `other` is ours. */
function nameOf(operator: string): string {
  const name = escapeControls(operator).slice(0, longestName) || 'unnamed';
  return name === 'other' ? 'other.' : name;
}
