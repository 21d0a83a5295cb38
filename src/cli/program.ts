import { Command, InvalidArgumentError, Option } from 'commander';
import { details } from '../report/reporter-options.ts';
import type { Surroundings } from './surroundings.ts';
import { version } from './version.ts';

const count = (text: string): number => {
  if (!/^[1-9]\d{0,2}$/.test(text))
    throw new InvalidArgumentError('It must be a whole number from 1 to 999.');
  return Number(text);
};

const gather = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

/** The command line. Each command is loaded when it is asked for. */
export function createProgram(surroundings: Surroundings): Command {
  const program = new Command('mxlab')
    .description('SMTP diagnostics and provider-behaviour test harness')
    .version(version, '-V, --version')
    .configureOutput({
      writeOut: (text) => surroundings.write(text),
      writeErr: (text) => surroundings.complain(text.trimEnd()),
      outputError: (text, write) => write(text.replace(/^error: /, 'mxlab: ')),
      getOutHelpWidth: () => surroundings.columns,
      getErrHelpWidth: () => surroundings.columns,
    })
    .configureHelp({ minWidthToWrap: 20 })
    .showHelpAfterError('(mxlab --help shows what there is)')
    .exitOverride();
  addRun(program, surroundings);
  program
    .command('check')
    .description('read scenario files without running them, and show every mistake')
    .argument('[paths...]', 'files and folders (default: the scenarios that come with mxlab)')
    .option('--set <name=value>', 'a value for a variable of the scenarios (repeatable)', gather)
    .action(async (paths: string[], options) =>
      (await import('./check-command.ts')).check(paths, options, surroundings),
    );
  program
    .command('schema')
    .description('print the JSON Schema of a kind of file, for editors')
    .argument('[kind]', 'scenario, include or provider; without it, all of them as one object')
    .action(async (kind: string | undefined) =>
      (await import('./schema-command.ts')).schema(kind, surroundings),
    );
  return program;
}

function addRun(program: Command, surroundings: Surroundings): void {
  program
    .command('run')
    .description('run scenarios against simulated hosts, or against a real one')
    .argument('[paths...]', 'files and folders (default: the scenarios that come with mxlab)')
    .option('--target <host[:port]>', 'send everything to this real host instead, and show where it differs')
    .option(
      '--only <tag|text>',
      'only scenarios with this tag, or this text in title or file name (repeatable)',
      gather,
    )
    .option('--seed <seed>', 'seed of everything random', '1')
    .addOption(new Option('--parallel <n>', 'scenarios at the same time').argParser(count).default(1))
    .option('--bail', 'stop after the first scenario that fails')
    .option(
      '--reporter <name[=file]>',
      'terminal, json or junit, to standard output or a file (repeatable)',
      gather,
    )
    .addOption(new Option('--detail <how>', 'how much the terminal shows of a dialogue').choices(details))
    .option('--real-time', 'wait for real instead of in simulated time')
    .option('--live', 'allow connections to addresses that are not loopback')
    .option('--send-data', 'let live runs go beyond RCPT and send messages')
    .option('--trace <dir>', 'write a trace of each scenario into this folder')
    .option('--set <name=value>', 'a value for a variable of the scenarios (repeatable)', gather)
    .action(async (paths: string[], options) =>
      (await import('./run-command.ts')).run(paths, options, surroundings),
    );
}
