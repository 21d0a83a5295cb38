import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileIssue, type Issue } from '../datafile/issue.ts';

/** Finds traces: a path that is a file stands for itself, a folder for every `.json` below it. Sorted within a folder. */
export async function findTraces(paths: readonly string[]): Promise<{ files: string[]; issues: Issue[] }> {
  const files: string[] = [];
  const issues: Issue[] = [];
  for (const path of paths) {
    const found = await tracesAt(path);
    if (typeof found === 'string') issues.push(fileIssue(path, found));
    else files.push(...found);
  }
  return { files: [...new Set(files)], issues };
}

async function tracesAt(path: string): Promise<string[] | string> {
  const facts = await stat(path).catch(() => undefined);
  if (!facts) return 'does not exist';
  if (!facts.isDirectory()) return [path];
  const files = (await readdir(path, { recursive: true })).filter((name) => name.endsWith('.json')).sort();
  return files.length === 0 ? 'holds no .json files' : files.map((name) => join(path, name));
}
