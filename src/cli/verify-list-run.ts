import { createReadStream } from 'node:fs';
import { redact } from '../report/verify/redact.ts';
import { rowOf, type VerifyRow } from '../report/verify/row.ts';
import { ListError, readEntries } from '../verify/list/read-entries.ts';
import { type ListEntry, verifyList } from '../verify/list/verify-list.ts';
import { DoneEntries } from './done-entries.ts';
import { exitCodes, UsageError } from './exit.ts';
import { mannersOf, readOptions, type Task, type VerifyRun } from './verify-command.ts';
import { ListProgress } from './verify-progress.ts';
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
  const total = task.entries ?? (task.file === undefined ? undefined : await countEntries(task.file, run));
  const { sink, done } = await openSink(run);
  const stop = new AbortController();
  const ignore = surroundings.onInterrupt(() => {
    if (stop.signal.aborted) surroundings.exit(exitCodes.interrupted);
    stop.abort();
  });
  const progress = new ListProgress(surroundings, { total, before: done.count });
  run.watch?.speakBy(progress.say);
  const source = task.list();
  let cached = 0;
  try {
    const entries = notDone(readEntries(source, readOptions(flags)), done);
    const results = verifyList(doors.environment, entries, {
      ...options,
      manners: mannersOf(flags),
      sources: flags.from ?? [],
      signal: stop.signal,
      observe: (event) => {
        progress.observe(event);
        run.watch?.observe(event);
      },
      ...(run.watch ? { alerts: run.watch.alerts } : {}),
    });
    for await (const { key, verification, unfinished } of results) {
      if (unfinished && flags.out !== undefined) continue; // it is to be asked again by --resume
      const row = rowOf(key, flags.redact ? redact(verification) : verification);
      sink.put(row);
      progress.add(row);
      if (row.cached) cached++;
    }
  } catch (error) {
    ignore();
    if (error instanceof ListError) throw new UsageError(`${task.name}: ${error.message}.`);
    throw error;
  } finally {
    source.destroy();
    sink.close();
    progress.close();
  }
  progress.sum(stop.signal.aborted);
  if (cached > 0) surroundings.complain(`mxlab: ${cached} of them were known and not asked about.`);
  surroundings.endWith(stop.signal.aborted ? exitCodes.interrupted : exitCodes.passed);
  await run.watch?.linger(stop.signal);
  ignore();
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
