import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { latin1 } from '../../src/evidence/lines.ts';
import { quoteReply } from '../../src/evidence/quoted-reply.ts';
import { loadKnowledge } from '../../src/knowledge/knowledge.ts';
import { replyOf } from '../../src/smtp/reply.ts';
import type { Measure } from './measure.ts';
import { postfixLog } from './postfix-log.ts';

const lines = 1_000_000;
const perWrite = 20_000;
const main = new URL('../../src/cli/main.js', import.meta.url).pathname;

/** What came of a long log, in seconds and bytes. */
export interface ExplainReport {
  readonly measures: readonly Measure[];
  /** Memory in use after the first tenth of the time, and the most later on; bytes. */
  readonly early: number;
  readonly most: number;
  /** ms that a reply of one megabyte takes, the slowest of several kinds. */
  readonly megabyte: number;
}

/** A Postfix log of a million lines through `mxlab explain`, beside grep, and beside parsing the same lines from JSON. */
export async function measureExplain(): Promise<ExplainReport> {
  const folder = mkdtempSync(join(tmpdir(), 'mxlab-bench-'));
  const packageFile = new URL('../../package.json', import.meta.url); // the program asks it for its version
  if (!existsSync(packageFile)) symlinkSync('../package.json', packageFile);
  try {
    const log = join(folder, 'maillog');
    const replies = await writeLog(log);
    const { seconds, early, most } = await explain(log);
    const grep = await grepSeconds(log);
    const parse = await parseJson(log);
    const line = (peer: string, theirs: number): Measure => ({
      what: `mxlab explain, Postfix log of ${lines} lines with ${replies} replies`,
      unit: 'replies/s',
      ours: replies / seconds,
      peer,
      theirs: replies / theirs,
    });
    return {
      measures: [line('grep -c', grep), line('JSON.parse of the lines', parse)],
      early,
      most,
      megabyte: await explainMegabyte(),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Resolves to how many replies the log quotes. */
async function writeLog(file: string): Promise<number> {
  const handle = await open(file, 'w');
  let replies = 0;
  let batch: string[] = [];
  for (const line of postfixLog(lines, 'bench')) {
    if (line.includes(', status=')) replies++;
    batch.push(`${line}\n`);
    if (batch.length < perWrite) continue;
    await handle.write(batch.join(''));
    batch = [];
  }
  await handle.write(batch.join(''));
  await handle.close();
  return replies;
}

async function explain(log: string): Promise<{ seconds: number; early: number; most: number }> {
  const started = performance.now();
  const child = spawn(process.execPath, [main, 'explain', log], { stdio: ['ignore', 'ignore', 'inherit'] });
  const memory = watch(child);
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`mxlab explain ended with ${code}`);
  const seconds = (performance.now() - started) / 1_000;
  const seen = await memory;
  const tenth = Math.max(1, Math.floor(seen.length / 10));
  return { seconds, early: Math.max(...seen.slice(0, tenth)), most: Math.max(...seen.slice(tenth)) };
}

/** Resident memory of a child, in bytes, a few times a second until it ends. Linux only. */
async function watch(child: ChildProcess): Promise<number[]> {
  const seen: number[] = [];
  while (child.exitCode === null) {
    await sleep(200);
    try {
      const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
      if (kilobytes !== undefined) seen.push(Number(kilobytes) * 1_024);
    } catch {
      break;
    }
  }
  return seen.length > 1 ? seen : [0, 0];
}

/** grep stops at the first match when nobody could read its count, so somebody does. */
async function grepSeconds(log: string): Promise<number> {
  const started = performance.now();
  const child = spawn('grep', ['-c', 'status=', log], { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.resume();
  await once(child, 'exit');
  return (performance.now() - started) / 1_000;
}

/** Seconds that the same lines take as JSON strings. */
async function parseJson(log: string): Promise<number> {
  let spent = 0;
  let batch: string[] = [];
  const parse = (): void => {
    const started = performance.now();
    for (const text of batch) JSON.parse(text);
    spent += performance.now() - started;
    batch = [];
  };
  for await (const line of createInterface({ input: createReadStream(log) })) {
    batch.push(JSON.stringify({ line }));
    if (batch.length >= perWrite) parse();
  }
  parse();
  return spent / 1_000;
}

async function explainMegabyte(): Promise<number> {
  const knowledge = await loadKnowledge();
  const kinds = [
    'a',
    'a.b-',
    ' ',
    '<a@b.example> ',
    '550-',
    '1:2:',
    'http://a.example/',
    '(',
    '\u202e',
    'temporarily ',
  ];
  for (const text of ['550 5.7.1 no', '450 né']) knowledge.explain(replyOf([latin1(text)], [])); // rules are compiled at their first use
  const times = kinds.map((piece) => {
    const text = latin1(`550 5.7.1 ${piece.repeat(2 ** 20 / piece.length)}`);
    const started = performance.now();
    const quoted = quoteReply(text);
    if (quoted !== undefined) knowledge.explain(quoted.reply);
    return performance.now() - started;
  });
  return Math.max(...times);
}
