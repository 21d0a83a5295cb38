import { UsageError } from './exit.ts';

/** Does work on a file. Throws a UsageError that names it where it cannot be written. */
export function writing<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${(error as Error).message}.`);
  }
}
