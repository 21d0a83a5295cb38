import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileIssue, type Issue } from '../datafile/issue.ts';

/** The scenarios that come with mxlab. */
export const shippedScenarios = fileURLToPath(new URL('../../scenarios', import.meta.url));

/**
 * Finds scenario files: a path that is a file stands for itself, a folder for every `.yaml` below it. Sorted. A path below
 * `scenarios/` that is not there stands for what comes with mxlab: explanations name such paths, wherever they are read.
 */
export async function findScenarioFiles(
  paths: readonly string[],
): Promise<{ files: string[]; issues: Issue[] }> {
  const files: string[] = [];
  const issues: Issue[] = [];
  for (const path of paths) {
    const found = await filesAt(path);
    if (typeof found === 'string') issues.push(fileIssue(path, found));
    else files.push(...found);
  }
  return { files: [...new Set(files)], issues };
}

async function filesAt(path: string): Promise<string[] | string> {
  const facts = await stat(path).catch(() => undefined);
  if (!facts) {
    const shipped = shippedAt(path);
    return shipped === undefined ? 'does not exist' : filesAt(shipped);
  }
  if (!facts.isDirectory()) return [path];
  const below = await readdir(path, { recursive: true });
  const files = below.filter((name) => /\.ya?ml$/.test(name) && !name.split('/').includes('shared')).sort();
  return files.length === 0 ? 'holds no .yaml files' : files.map((name) => join(path, name));
}

function shippedAt(path: string): string | undefined {
  const below = /^scenarios\/(?!.*\.\.)(.+)$/.exec(path)?.[1];
  const shipped = below === undefined ? undefined : join(shippedScenarios, below);
  return shipped !== undefined && existsSync(shipped) ? shipped : undefined;
}
