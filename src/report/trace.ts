import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Knowledge } from '../knowledge/knowledge.ts';
import type { Difference, RunListener, ScenarioResult, StepResult } from '../scenario/result.ts';
import { Dialogue } from './dialogue.ts';
import { shownFile } from './file-name.ts';
import { jsonLine, textOf } from './json-text.ts';
import { makeFolder } from './make-folder.ts';
import { positionOfCheck } from './place.ts';

/** Raised when a field changes its meaning or goes. */
const traceFormat = 1;

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
      const text = `${jsonLine(traceOf(result, knowledge, directory))}\n`;
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

function traceOf(result: ScenarioResult, knowledge: Knowledge, directory: string | undefined): object {
  const { scenario, steps, transcripts, simulated, real, passed, defect, differences, simulatedTwin } =
    result;
  const { file, scenario: title, variant, about, tags, rules, hosts } = scenario;
  return {
    format: traceFormat,
    scenario: { title, variant, about, tags, rules, hosts, file: shownFile(file, directory) },
    sources: sourcesOf(steps, directory),
    passed,
    defect,
    simulatedMs: simulated,
    realMs: Math.round(real),
    steps: stepsOf(steps, knowledge, directory),
    connections: transcripts,
    ...(differences ? { differences: differences.map(differenceOf) } : {}),
    ...(simulatedTwin
      ? {
          simulatedTwin: {
            steps: stepsOf(simulatedTwin.steps, knowledge, directory),
            connections: simulatedTwin.transcripts,
          },
        }
      : {}),
  };
}

function sourcesOf(steps: readonly StepResult[], directory: string | undefined): object[] {
  const texts = new Map(
    steps.map(({ place }) => [shownFile(place.source.file, directory), place.source.text]),
  );
  return [...texts].map(([file, text]) => ({ file, text }));
}

function stepsOf(
  steps: readonly StepResult[],
  knowledge: Knowledge,
  directory: string | undefined,
): object[] {
  const dialogue = new Dialogue();
  return steps.map((step) => {
    const { number, title, verb, branch, at, took, skipped, passed, place, checks } = step;
    const { line, column } = place.at(place.path);
    return {
      step: number,
      title,
      verb,
      branch,
      file: shownFile(place.source.file, directory),
      line,
      column,
      atMs: at,
      tookMs: took,
      passed,
      skipped,
      checks: checks.map((check) => ({ ...check, ...positionOfCheck(step, check) })),
      dialogue: dialogue.entriesOf(step).map((entry) => explained(entry, knowledge)),
    };
  });
}

function explained(entry: ReturnType<Dialogue['entriesOf']>[number], knowledge: Knowledge): object {
  const { at: atMs, ...rest } = entry;
  switch (rest.kind) {
    case 'reply': {
      const { reply, stage, provider, elapsed, ...others } = rest;
      const explanation = knowledge.explain(reply, {
        stage,
        ...(provider === undefined ? {} : { provider }),
      });
      return {
        atMs,
        elapsedMs: elapsed,
        ...others,
        provider,
        stage,
        code: reply.code,
        enhanced: reply.enhanced,
        lines: reply.raw.map(textOf),
        oddities: reply.oddities,
        explanation,
      };
    }
    case 'ending':
      return {
        atMs,
        kind: rest.kind,
        text: rest.text,
        stage: rest.ending.stage,
        explanation: knowledge.explainEnding(rest.ending, rest.transcript, rest.earlier),
      };
    case 'lines':
      return { atMs, ...rest, lines: rest.lines.map(textOf) };
    case 'note': {
      const { kind, text, event } = rest;
      return { atMs, kind, text, ...(event?.kind === 'secured' ? { tls: event.facts } : {}) };
    }
    default:
      return rest satisfies never;
  }
}

function differenceOf({ step, simulated, real, matters }: Difference): object {
  return { step: step.number, title: step.title, matters, simulated, real };
}
