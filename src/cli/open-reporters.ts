import { accessSync, closeSync, constants, openSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Knowledge } from '../knowledge/knowledge.ts';
import { makeFolder } from '../report/make-folder.ts';
import type { Detail, ReporterOptions } from '../report/reporter-options.ts';
import { createReporter, isReporterName, unknownReporter } from '../report/reporters.ts';
import type { RunListener } from '../scenario/result.ts';
import { RealClock } from '../time/real-clock.ts';
import { UsageError } from './exit.ts';
import type { Surroundings } from './surroundings.ts';
import { writing } from './writing.ts';

interface ReporterChoice {
  readonly surroundings: Surroundings;
  readonly knowledge: Knowledge;
  readonly detail?: Detail | undefined;
}

/** A reporter as asked for: `name` or `name=file`. */
export interface ReporterWish {
  readonly name: string;
  readonly file: string | undefined;
}

/** Reporters that are open, and how to close their files. */
export interface OpenReporters {
  readonly listeners: readonly RunListener[];
  close(): void;
}

/** Reads what was asked for; where nobody writes to standard output, the terminal reporter does. Throws a UsageError. */
export function readReporters(wanted: readonly string[]): readonly ReporterWish[] {
  const wishes = wanted.map((spec): ReporterWish => {
    const [, name = '', file] = /^([^=]*)(?:=(.*))?$/s.exec(spec) ?? [];
    if (!isReporterName(name)) throw new UsageError(`${unknownReporter(name)}.`);
    if (file === '') throw new UsageError(`--reporter ${name}= names no file.`);
    return { name, file };
  });
  const toOutput = wishes.filter(({ file }) => file === undefined).length;
  if (toOutput > 1) {
    throw new UsageError(
      'only one reporter can write to standard output; give the others a file: --reporter junit=report.xml.',
    );
  }
  return toOutput === 1 ? wishes : [{ name: 'terminal', file: undefined }, ...wishes];
}

/** Opens reporters and their files. Throws a UsageError for a file that cannot be written. */
export function openReporters(wishes: readonly ReporterWish[], choice: ReporterChoice): OpenReporters {
  const files: number[] = [];
  const listeners = wishes.map(({ name, file }) => {
    if (file === undefined) return createReporter(name, optionsFor(choice));
    const descriptor = openFile(file);
    files.push(descriptor);
    return createReporter(name, {
      ...optionsFor(choice),
      colour: 0,
      isTerminal: false,
      write: (text) => writeFileSync(descriptor, text), // goes on where it was
    });
  });
  return { listeners, close: () => files.forEach(closeSync) };
}

function openFile(file: string): number {
  return writing(file, () => {
    makeFolder(dirname(file));
    return openSync(file, 'w');
  });
}

/** Makes a folder for traces. Throws a UsageError where none can be made or written to. */
export function prepareFolder(folder: string): void {
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new UsageError(`${folder} cannot be written to: ${(error as Error).message}.`);
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
