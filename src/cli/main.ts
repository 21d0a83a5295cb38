#!/usr/bin/env node
import { CommanderError } from 'commander';
import { exitCodes, UsageError } from './exit.ts';
import { createProgram } from './program.ts';
import { processSurroundings } from './surroundings.ts';

const surroundings = processSurroundings();
try {
  await createProgram(surroundings).parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError)
    surroundings.endWith(error.exitCode === 0 ? exitCodes.passed : exitCodes.usage);
  else if (error instanceof UsageError) {
    surroundings.complain(`mxlab: ${error.message}`);
    surroundings.endWith(exitCodes.usage);
  } else {
    surroundings.complain(
      `mxlab: this should not have happened. ${error instanceof Error ? error.stack : error}`,
    );
    surroundings.endWith(exitCodes.defect);
  }
}
