import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Knowledge } from '../knowledge/knowledge.ts';
import type { RunListener, ScenarioResult } from '../scenario/result.ts';
import { shownFile } from './file-name.ts';
import { jsonLine } from './json-text.ts';
import { makeFolder } from './make-folder.ts';
import { traceOf } from './trace-of.ts';

/** Characters of a name that tell a person which file and which variant it is. */
const mostOfFile = 80;
const mostOfVariant = 40;

/**
 * Writes one JSON file for each scenario into a folder, with everything that is needed to show it later, as
 * `json-format.md` says. Makes the folder. At the end of the run it rejects with what kept a file from being written.
 * Files are named relative to `directory` where they are below it.
 */
export function writeTraces(folder: string, knowledge: Knowledge, directory?: string): RunListener {
  let writing: Promise<unknown> = Promise.resolve().then(() => makeFolder(folder));
  writing.catch(() => {}); // told when the run ends
  return {
    onScenarioEnd(result) {
      const { file, variant } = result.scenario;
      const path = join(folder, traceName(shownFile(file, directory), variant));
      const text = `${jsonLine(fileOf(result, knowledge, directory))}\n`;
      writing = writing.then(() => writeFile(path, text));
      writing.catch(() => {});
    },
    async onRunEnd() {
      await writing.catch((error: Error) => {
        throw new Error(`traces cannot be written to ${folder}: ${error.message}`, { cause: error });
      });
    },
  };
}

/** `scenarios-outlook-block-listed-1c9f02ab.json`: the same for the same file and variant, another for every other. */
export function traceName(file: string, variant: string): string {
  const mark = createHash('sha256').update(`${file}\n${variant}`).digest('hex').slice(0, 8);
  const parts = [
    plain(file.replace(/\.ya?ml$/, '')).slice(-mostOfFile),
    plain(variant).slice(0, mostOfVariant),
    mark,
  ];
  return `${parts
    .filter((part) => part !== '')
    .join('-')
    .replace(/^-/, '')}.json`;
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

/** What is needed to show the scenario, and what was seen on the wire besides. */
function fileOf(result: ScenarioResult, knowledge: Knowledge, directory: string | undefined): object {
  const { simulatedTwin: twin, ...trace } = traceOf(result, knowledge, directory);
  const { scenario, transcripts, simulatedTwin } = result;
  return {
    ...trace,
    scenario: { ...trace.scenario, hosts: scenario.hosts },
    connections: transcripts,
    ...(twin ? { simulatedTwin: { ...twin, connections: simulatedTwin?.transcripts } } : {}),
  };
}
