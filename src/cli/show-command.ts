import { closeSync, mkdtempSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Issue } from '../datafile/issue.ts';
import { findTraces } from '../report/find-traces.ts';
import { PageWriter } from '../report/html/page-writer.ts';
import { makeFolder } from '../report/make-folder.ts';
import { readTrace } from '../report/read-trace.ts';
import type { Trace } from '../report/trace-format.ts';
import { exitCodes } from './exit.ts';
import { renderIssues } from './render-issues.ts';
import type { Surroundings } from './surroundings.ts';
import { writing } from './writing.ts';

/** What `mxlab show` may be told. */
interface ShowFlags {
  readonly output?: string;
  /** False with --no-open. */
  readonly open: boolean;
}

/** Makes a page of traces, prints its path, and opens it unless it was to be kept somewhere. */
export async function show(
  paths: readonly string[],
  flags: ShowFlags,
  surroundings: Surroundings,
): Promise<void> {
  const { files, issues } = await findTraces(paths);
  const path = flags.output ?? join(mkdtempSync(join(tmpdir(), 'mxlab-')), 'report.html');
  const written = issues.length > 0 ? issues : await writePage(files, path);
  if (written.length > 0) {
    if (flags.output === undefined) rmSync(dirname(path), { recursive: true });
    surroundings.complain(await renderIssues(written, ' No page was made.'));
    surroundings.endWith(exitCodes.usage);
    return;
  }
  surroundings.write(`${path}\n`);
  if (flags.output === undefined && flags.open)
    surroundings.openInBrowser(resolve(surroundings.directory, path));
}

/** Writes the page, or gives back what is wrong with the traces; then there is no page. */
async function writePage(files: readonly string[], path: string): Promise<readonly Issue[]> {
  const unfinished = `${path}.part`;
  const descriptor = openFile(unfinished, path);
  const issues: Issue[] = [];
  try {
    const page = new PageWriter((text) => writeFileSync(descriptor, text)); // goes on where it was
    const sum = { passed: 0, failed: 0, defects: 0, simulatedMs: 0, realMs: 0 };
    for (const file of files) {
      const trace = await readTrace(file);
      if (Array.isArray(trace)) issues.push(...trace);
      else if (issues.length === 0) {
        page.add(trace);
        add(sum, trace);
      }
    }
    page.end({ from: 'traces', notRun: 0, issues: [], ...sum });
  } finally {
    closeSync(descriptor);
  }
  if (issues.length > 0) rmSync(unfinished);
  else renameSync(unfinished, path);
  return issues;
}

function add(
  sum: { passed: number; failed: number; defects: number; simulatedMs: number; realMs: number },
  { passed, defect, simulatedMs, realMs }: Trace,
): void {
  if (passed) sum.passed++;
  else if (defect === undefined) sum.failed++;
  else sum.defects++;
  sum.simulatedMs += simulatedMs;
  sum.realMs += realMs;
}

function openFile(file: string, meant: string): number {
  return writing(meant, () => {
    makeFolder(dirname(file));
    return openSync(file, 'w');
  });
}
