import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Knowledge } from '../knowledge/knowledge.ts';
import type { Detail, ReporterOptions } from '../report/reporter-options.ts';
import { createReporter, isReporterName, unknownReporter } from '../report/reporters.ts';
import type { RunListener } from '../scenario/result.ts';
import { RealClock } from '../time/real-clock.ts';
import { UsageError } from './exit.ts';
import type { Surroundings } from './surroundings.ts';

interface ReporterChoice {
  readonly surroundings: Surroundings;
  readonly knowledge: Knowledge;
  readonly detail?: Detail | undefined;
}

/** Reporters that are open, and how to close their files. */
export interface OpenReporters {
  readonly listeners: readonly RunListener[];
  close(): void;
}

/** Opens reporters by `name` or `name=file`. Throws a UsageError for an unknown name or a file that cannot be written. */
export function openReporters(wanted: readonly string[], choice: ReporterChoice): OpenReporters {
  const files: number[] = [];
  const specs = wanted.map((spec) => ({ name: spec.split('=')[0] ?? '', file: /=(.+)$/s.exec(spec)?.[1] }));
  for (const { name } of specs) if (!isReporterName(name)) throw new UsageError(`${unknownReporter(name)}.`);
  if (specs.filter(({ file }) => file === undefined).length > 1) {
    throw new UsageError(
      'only one reporter can write to standard output; give the others a file: --reporter junit=report.xml.',
    );
  }
  const listeners = specs.map(({ name, file }) => {
    if (file === undefined) return createReporter(name, optionsFor(choice));
    const descriptor = openFile(file);
    files.push(descriptor);
    return createReporter(name, {
      ...optionsFor(choice),
      colour: 0,
      isTerminal: false,
      write: (text) => void writeSync(descriptor, text),
    });
  });
  return { listeners, close: () => closeAll(files) };
}

function closeAll(descriptors: readonly number[]): void {
  for (const descriptor of descriptors) closeSync(descriptor);
}

function openFile(file: string): number {
  try {
    mkdirSync(dirname(file), { recursive: true });
    return openSync(file, 'w');
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${(error as Error).message}.`);
  }
}

function optionsFor({ surroundings, knowledge, detail }: ReporterChoice): ReporterOptions {
  return {
    write: (text) => surroundings.write(text),
    knowledge,
    columns: surroundings.columns,
    colour: surroundings.colours,
    unicode: surroundings.unicode,
    isTerminal: surroundings.terminal,
    detail,
    directory: surroundings.directory,
    clock: new RealClock(),
  };
}
