import { createReadStream, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { Readable } from 'node:stream';
import { NotLiveError, NotOursError } from '../probe/live-dial.ts';
import { parseMailbox } from '../smtp/mailbox.ts';
import { parseDuration } from '../time/duration.ts';
import type { OperatorLimits } from '../verify/list/limits.ts';
import type { ListFormat, ReadOptions } from '../verify/list/read-entries.ts';
import type { VerifyOptions } from '../verify/verify-address.ts';
import { WorldError } from '../world/start-lab.ts';
import { exitCodes, UsageError } from './exit.ts';
import { renderIssues } from './render-issues.ts';
import type { Surroundings } from './surroundings.ts';
import { type CacheFlags, withCache } from './verify-cache.ts';
import { type DoorFlags, openVerifyDoors, type VerifyDoors } from './verify-doors.ts';
import type { Watch, WatchFlags, WatchWishes } from './verify-watch.ts';

/** What `mxlab verify` may be told. */
export interface VerifyFlags extends DoorFlags, CacheFlags, WatchFlags {
  readonly sender?: string;
  readonly helo?: string;
  readonly from?: readonly string[];
  readonly port: number;
  readonly wait?: string;
  readonly format?: 'text' | 'jsonl' | 'csv';
  readonly out?: string;
  readonly resume?: boolean;
  readonly redact?: boolean;
  readonly input: ListFormat;
  readonly column?: string;
  readonly parallel: number;
  readonly rate: number;
  readonly perConnection: number;
  readonly perTransaction: number;
  readonly plan?: boolean;
  /** True for the checks alone, false for a live run without them. */
  readonly preflight?: boolean;
  readonly anyway?: boolean;
  readonly publicIp?: readonly string[];
  readonly dnsbl?: readonly string[];
}

/** What there is to verify: a few addresses, or a list. */
export type Task =
  | { readonly addresses: readonly string[] }
  | {
      readonly list: () => Readable;
      readonly name: string;
      readonly file?: string;
      /** What it comes from can be read only once. */
      readonly once?: true;
      /** How many entries it has, where they have been counted. */
      readonly entries?: number;
    };

/**
 * Verifies addresses. Exit codes: 0 all have a result, 1 `--preflight` found something bad, 2 a wrong argument or file, or a live list
 * that is better not begun, 130 interrupted.
 */
export async function verify(
  args: readonly string[],
  flags: VerifyFlags,
  surroundings: Surroundings,
): Promise<void> {
  const task = flags.preflight ? { addresses: args } : taskOf(args, flags);
  const options = optionsOf(flags);
  const watching = isWatched(flags)
    ? (await import('./verify-watch.ts')).readWatchFlags(flags, surroundings)
    : undefined;
  if (flags.plan && !asksSomebody(flags))
    return (await import('./verify-plan.ts')).showPlan(task, { options, flags, surroundings });
  try {
    const doors = await openVerifyDoors(flags);
    try {
      await goThrough(task, { doors, options, flags, surroundings, ...(watching ? { watching } : {}) });
    } finally {
      await doors.close();
    }
  } catch (error) {
    if (error instanceof NotLiveError || error instanceof NotOursError) throw new UsageError(error.message);
    if (!(error instanceof WorldError)) throw error;
    surroundings.complain(await renderIssues(error.issues, ' Nothing was asked.'));
    surroundings.endWith(exitCodes.usage);
  }
}

const asksSomebody = ({ live, world, dns = [] }: DoorFlags): boolean =>
  live === true || world !== undefined || dns.length > 0;

/** Looks first, and then, unless that was all, asks. */
async function goThrough(task: Task, run: VerifyRun): Promise<void> {
  const { plan, preflight } = run.flags;
  if ('addresses' in task && preflight)
    return (await import('./verify-preflight.ts')).showPreflight(task.addresses, run);
  if (plan) return (await import('./verify-plan.ts')).showPlan(task, run);
  await withCache(run, (cached) => lookAndAsk(task, cached));
}

async function lookAndAsk(task: Task, run: VerifyRun): Promise<void> {
  const looking = () => import('./verify-preflight.ts');
  if ('addresses' in task) {
    if (run.flags.live) await (await looking()).beforeFew(run);
    return (await import('./verify-few.ts')).fewAddresses(task.addresses, run);
  }
  const watch = await openWatch(run);
  try {
    const planned = await (await looking()).beforeList(task, run);
    const counted = planned ? { ...task, entries: planned.entries } : task;
    await (await import('./verify-list-run.ts')).runList(counted, { ...run, ...(watch ? { watch } : {}) });
  } finally {
    await watch?.close();
  }
}

const isWatched = ({ metricsPort, metricsLinger, alert, alertCommand, alertWebhook }: VerifyFlags): boolean =>
  [metricsPort, metricsLinger, alert, alertCommand, alertWebhook].some((flag) => flag !== undefined);

async function openWatch({ watching, flags, surroundings }: VerifyRun): Promise<Watch | undefined> {
  return watching && (await import('./verify-watch.ts')).openWatch(watching, flags, surroundings);
}

/** How a run is put together. */
export interface VerifyRun {
  readonly doors: VerifyDoors;
  readonly options: VerifyOptions;
  readonly flags: VerifyFlags;
  readonly surroundings: Surroundings;
  /** What the flags ask for of whoever looks on while a list is verified, and then those themselves. */
  readonly watching?: WatchWishes;
  readonly watch?: Watch;
}

export const mannersOf = ({
  parallel,
  rate,
  perConnection,
  perTransaction,
}: VerifyFlags): OperatorLimits => ({
  parallel,
  perSecond: rate,
  perConnection,
  perTransaction,
});

export function readOptions({ input, column }: VerifyFlags): ReadOptions {
  return { format: input, ...(column === undefined ? {} : { column }) };
}

/** Addresses have an @, `-` is standard input, everything else a file. Throws a UsageError. */
function taskOf(args: readonly string[], flags: VerifyFlags): Task {
  if (args.length === 0)
    throw new UsageError('name an address, a file with addresses, or - for standard input.');
  const [only = '-'] = args;
  const isList = args.length === 1 && (only === '-' || isFile(only) || !only.includes('@'));
  if (!isList) {
    const file = args.find((arg) => arg === '-' || (!arg.includes('@') && isFile(arg)));
    if (file !== undefined) throw new UsageError(`name either addresses or one file; ${file} is a file.`);
    if (flags.out !== undefined || flags.resume || isWatched(flags))
      return { list: () => linesOf(args), name: 'the arguments' };
    return { addresses: args };
  }
  const list = fileTask(only);
  if (!list) throw new UsageError(`${only} is neither an address nor a file.`);
  return list;
}

/** The list in a file or in standard input; undefined where there is no such file. What is no regular file can be read only once. */
export function fileTask(path: string): Extract<Task, { readonly name: string }> | undefined {
  if (path === '-') return { list: () => process.stdin, name: 'standard input', once: true };
  if (!isFile(path)) return undefined;
  const kind = statSync(path).isFile() ? { file: path } : { once: true as const };
  return { list: () => createReadStream(path), name: path, ...kind };
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === false;

function linesOf(args: readonly string[]): Readable {
  return Readable.from([Buffer.from(args.join('\n'))]);
}

/** Throws a UsageError for a sender, a name or a time that is none. */
function optionsOf({ sender, helo = hostname(), from = [], port, wait }: VerifyFlags): VerifyOptions {
  const by = sender ?? `postmaster@${helo}`;
  const mailbox = by === '' ? undefined : parseMailbox(by);
  if (mailbox && 'fault' in mailbox) throw new UsageError(`--sender ${by} is no address: ${mailbox.fault}.`);
  const patience = wait === undefined ? undefined : wait === '0' ? 0 : parseDuration(wait);
  if (wait !== undefined && patience === undefined)
    throw new UsageError(`--wait ${wait} is no time such as 30m, 2h or 0.`);
  for (const address of from)
    if (isIP(address) === 0) throw new UsageError(`--from ${address} is no IP address.`);
  const [own] = from;
  return {
    helo,
    sender: by,
    port,
    ...(own === undefined ? {} : { from: own }),
    ...(patience === undefined ? {} : { wait: patience }),
  };
}
