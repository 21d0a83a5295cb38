import { CommanderError } from 'commander';
import { escapeControls } from '../text/escape.ts';
import { exitCodes, UsageError } from './exit.ts';
import { createProgram } from './program.ts';
import type { Surroundings } from './surroundings.ts';

/** Does what the arguments say, and turns what goes wrong into a sentence and an exit code. Never rejects. */
export async function start(args: readonly string[], surroundings: Surroundings): Promise<void> {
  try {
    await createProgram(surroundings).parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError)
      surroundings.endWith(error.exitCode === 0 ? exitCodes.passed : exitCodes.usage);
    else if (error instanceof UsageError) {
      const lines = [`mxlab: ${error.message}`, ...error.shown.map((line) => `  ${line}`)];
      surroundings.complain(lines.map(escapeControls).join('\n'));
      surroundings.endWith(exitCodes.usage);
    } else {
      surroundings.complain(`mxlab: ${describe(error)}`);
      surroundings.exit(exitCodes.defect); // at once: who knows what still runs
    }
  }
}

/** What the system refuses (a full disk) is told in a sentence; a mistake of ours with all there is to find it by. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return `this should not have happened: ${error}`;
  const system = [error, error.cause].some((each) => each instanceof Error && 'syscall' in each);
  return system ? `${error.message}.` : `this should not have happened. ${error.stack}`;
}
