import { ListMetrics } from '../report/metrics/list-metrics.ts';
import { type MetricsServer, serveMetrics } from '../report/metrics/serve-metrics.ts';
import { parseDuration } from '../time/duration.ts';
import { RealClock } from '../time/real-clock.ts';
import type { ListEvent, Observe } from '../verify/list/list-event.ts';
import { parseThreshold, type Threshold } from '../verify/list/threshold.ts';
import { AlertHooks } from './alert-hooks.ts';
import { UsageError } from './exit.ts';
import { processFacts, type Surroundings } from './surroundings.ts';

export interface WatchFlags {
  readonly metricsPort?: number;
  readonly metricsHost: string;
  readonly metricsLinger?: string;
  readonly alert?: readonly string[];
  readonly alertCommand?: string;
  readonly alertWebhook?: string;
  readonly live?: boolean;
  readonly redact?: boolean;
}

/** Who looks on while a list is verified, besides the person at the terminal. */
export interface Watch {
  readonly observe: Observe;
  readonly alerts: readonly Threshold[];
  /** From now on, a person is told in this way of hooks that fail. */
  speakBy(say: (line: string) => void): void;
  /** Leaves the metrics where they are for a while, if so wished; resolves at once when `signal` fires. */
  linger(signal: AbortSignal): Promise<void>;
  /** Waits for hooks that are still at work, and ends the metrics. */
  close(): Promise<void>;
}

/** What the flags ask for. */
export interface WatchWishes {
  readonly alerts: readonly Threshold[];
  readonly hooks: AlertHooks;
  /** ms. */
  readonly linger: number;
}

/** Throws a UsageError where the flags make no sense. */
export function readWatchFlags(flags: WatchFlags, { complain }: Pick<Surroundings, 'complain'>): WatchWishes {
  const alerts = (flags.alert ?? []).map(thresholdOf);
  const hooks = AlertHooks.of(flags, (line) => complain(`mxlab: ${line}`));
  if (alerts.length === 0 && hooks.any)
    throw new UsageError("when is there an alert? Say so by --alert, such as --alert 'blocked>5%'.");
  return { alerts, hooks, linger: lingerOf(flags) };
}

/** Opens the port of the metrics and makes the hooks ready. Throws a UsageError before anybody is asked anything. */
export async function openWatch(
  { alerts, hooks, linger }: WatchWishes,
  flags: WatchFlags,
  surroundings: Surroundings,
): Promise<Watch> {
  const { metricsPort } = flags;
  const metrics = new ListMetrics({ process: processFacts });
  const server =
    metricsPort === undefined ? undefined : await listen(metrics, metricsPort, flags.metricsHost);
  if (server) surroundings.complain(`mxlab: metrics at ${server.url}`);
  return {
    alerts,
    speakBy: (say) => {
      hooks.say = say;
    },
    observe: (event: ListEvent) => {
      if (server) metrics.observe(event);
      if (event.kind === 'alert') hooks.tell(event.alert);
    },
    linger: async (signal) => {
      if (!server || linger === 0 || signal.aborted) return;
      surroundings.complain(`mxlab: metrics stay for ${flags.metricsLinger}; Ctrl-C ends them.`);
      await pause(linger, signal);
    },
    close: async () => {
      await hooks.settled();
      await server?.close();
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const alarm = new RealClock().alarm(ms, resolve);
    signal.addEventListener('abort', () => {
      alarm.cancel();
      resolve();
    });
  });
}

function lingerOf({ metricsLinger, metricsPort }: WatchFlags): number {
  if (metricsLinger === undefined) return 0;
  if (metricsPort === undefined)
    throw new UsageError('--metrics-linger is of no use without --metrics-port.');
  const ms = parseDuration(metricsLinger);
  if (ms === undefined)
    throw new UsageError(`--metrics-linger ${metricsLinger} is no time such as 30s or 2m.`);
  return ms;
}

function thresholdOf(text: string): Threshold {
  const read = parseThreshold(text);
  if (!('fault' in read)) return read;
  const stop = read.fault.endsWith('?') ? '' : '.';
  const carets = `${' '.repeat(read.at)}${'^'.repeat(read.length)}`;
  throw new UsageError(`--alert: this ${read.fault}${stop}`, [text.replace(/\s/g, ' '), carets]);
}

async function listen(metrics: ListMetrics, port: number, address: string): Promise<MetricsServer> {
  try {
    return await serveMetrics(metrics, { address, port });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const where = `${address}:${port}`;
    const why =
      code === 'EADDRINUSE'
        ? `something listens at ${where} already`
        : code === 'EACCES'
          ? `${where} may not be listened at by this user`
          : code === 'EADDRNOTAVAIL'
            ? `${address} is no address of this machine`
            : message;
    throw new UsageError(
      `no metrics: ${why}. Nothing was asked; name another --metrics-port, or 0 for a free one.`,
    );
  }
}
