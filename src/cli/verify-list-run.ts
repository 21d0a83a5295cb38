import { createReadStream } from 'node:fs';
import { createPalette } from '../report/palette.ts';
import { Screen } from '../report/terminal/screen.ts';
import { redact } from '../report/verify/redact.ts';
import { rowOf, type VerifyRow } from '../report/verify/row.ts';
import { VerifyTally } from '../report/verify/tally.ts';
import { RealClock } from '../time/real-clock.ts';
import { ListError, readEntries } from '../verify/list/read-entries.ts';
import { type ListEntry, verifyList } from '../verify/list/verify-list.ts';
import { DoneEntries } from './done-entries.ts';
import { exitCodes, UsageError } from './exit.ts';
import { mannersOf, readOptions, type Task, type VerifyRun } from './verify-command.ts';
import { csvHeading, lineOf, ResultsFile, type RowFormat } from './verify-results.ts';

type ListTask = Extract<Task, { readonly name: string }>;

/** Where rows go. */
interface Sink {
  put(row: VerifyRow): void;
  close(): void;
}

/** Verifies a list of any length. Rows go to a file or to standard output; how it goes, to standard error. */
export async function runList(task: ListTask, run: VerifyRun): Promise<void> {
  const { doors, options, flags, surroundings } = run;
  const { sink, done } = await openSink(run);
  const total = task.entries ?? (task.file === undefined ? undefined : await countEntries(task.file, run));
  const stop = new AbortController();
  const ignore = surroundings.onInterrupt(() => {
    if (stop.signal.aborted) surroundings.exit(exitCodes.interrupted);
    stop.abort();
  });
  const progress = progressOf(run, total, done.count);
  const source = task.list();
  let cached = 0;
  try {
    const entries = notDone(readEntries(source, readOptions(flags)), done);
    const results = verifyList(doors.environment, entries, {
      ...options,
      manners: mannersOf(flags),
      sources: flags.from ?? [],
      signal: stop.signal,
      limited: progress.limited,
    });
    for await (const { key, verification, unfinished } of results) {
      if (unfinished && flags.out !== undefined) continue; // it is to be asked again by --resume
      const row = rowOf(key, flags.redact ? redact(verification) : verification);
      sink.put(row);
      progress.add(row);
      if (row.cached) cached++;
    }
  } catch (error) {
    if (error instanceof ListError) throw new UsageError(`${task.name}: ${error.message}.`);
    throw error;
  } finally {
    ignore();
    source.destroy();
    sink.close();
    progress.close();
  }
  progress.sum(stop.signal.aborted);
  if (cached > 0) surroundings.complain(`mxlab: ${cached} of them from the cache.`);
  surroundings.endWith(stop.signal.aborted ? exitCodes.interrupted : exitCodes.passed);
}

async function openSink({ flags, surroundings }: VerifyRun): Promise<{ sink: Sink; done: DoneEntries }> {
  const format = rowFormat(flags.format, flags.out);
  if (flags.out === undefined) {
    if (flags.resume) throw new UsageError('--resume goes on with a file of results: name it with --out.');
    if (format === 'csv') surroundings.write(csvHeading);
    return {
      sink: { put: (row) => surroundings.write(lineOf(row, format)), close: () => {} },
      done: new DoneEntries(),
    };
  }
  if (!flags.resume) return { sink: ResultsFile.begin(flags.out, format), done: new DoneEntries() };
  const { file, done } = await ResultsFile.resume(flags.out, format);
  return { sink: file, done };
}

function rowFormat(format: 'text' | RowFormat | undefined, out: string | undefined): RowFormat {
  if (format === 'text') throw new UsageError('a list gives rows: --format jsonl or csv.');
  return format ?? (out?.toLowerCase().endsWith('.csv') ? 'csv' : 'jsonl');
}

async function countEntries(file: string, run: VerifyRun): Promise<number> {
  let count = 0;
  try {
    for await (const _ of readEntries(createReadStream(file), readOptions(run.flags))) count++;
  } catch (error) {
    if (error instanceof ListError) throw new UsageError(`${file}: ${error.message}.`);
    throw error;
  }
  return count;
}

async function* notDone(entries: AsyncIterable<ListEntry>, done: DoneEntries): AsyncGenerator<ListEntry> {
  for await (const entry of entries) if (!done.has(entry.key)) yield entry;
}

/** Says how a run goes: on a terminal in one line that changes, and at the end in words. */
function progressOf({ surroundings }: VerifyRun, total: number | undefined, before: number) {
  const { columns, colours: colour, unicode, terminal, complain, stopwatch } = surroundings;
  const palette = createPalette({ colour, unicode });
  const tally = new VerifyTally(stopwatch());
  const left = total === undefined ? undefined : total - before;
  const screen = new Screen({
    write: (text) => void process.stderr.write(text),
    columns,
    isTerminal: terminal && process.stderr.isTTY === true,
    spinner: palette.marks.spinner,
    more: palette.marks.more,
    clock: new RealClock(),
  });
  if (before > 0) complain(`mxlab: ${before} have their result already.`);
  const told = new Set<string>();
  return {
    add(row: VerifyRow): void {
      tally.add(row.class);
      screen.status(tally.status(stopwatch(), left, palette));
    },
    limited(operator: string, { stopped }: { readonly stopped?: string }): void {
      const line =
        stopped === undefined
          ? `${operator} shows a limit: asking it more slowly.`
          : `${stopped}: nobody else there is asked.`;
      if (told.has(line)) return;
      told.add(line);
      screen.print([]);
      complain(`mxlab: ${line}`);
    },
    close: () => screen.close(),
    sum(interrupted: boolean): void {
      const words = tally.count === 0 ? 'nothing to do' : `${tally.count} verified: ${tally.byClass()}`;
      complain(`mxlab: ${words}.${interrupted ? ' Interrupted; go on with --resume.' : ''}`);
    },
  };
}
