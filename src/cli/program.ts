import { Command, InvalidArgumentError, Option } from 'commander';
import { details } from '../report/reporter-options.ts';
import { listenAddress, pace, port } from './serve-options.ts';
import type { Surroundings } from './surroundings.ts';
import { version } from './version.ts';

const count = (text: string): number => {
  if (!/^[1-9]\d{0,2}$/.test(text))
    throw new InvalidArgumentError('It must be a whole number from 1 to 999.');
  return Number(text);
};

const rate = (text: string): number => {
  if (!/^(?:[1-9]\d{0,5}|\d{1,3}\.\d{1,3})$/.test(text) || Number(text) === 0)
    throw new InvalidArgumentError('It must be a number above 0, such as 2 or 0.5.');
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
    .enablePositionalOptions()
    .exitOverride();
  addCodes(program, surroundings);
  addRun(program, surroundings);
  addServe(program, surroundings);
  addVerify(program, surroundings);
  addExam(program, surroundings);
  addTalk(program, surroundings);
  addExplain(program, surroundings);
  program
    .command('exec')
    .description('run any program inside a private little internet of simulated hosts (Linux)')
    .argument('<command...>', 'the program and its arguments, behind --')
    .option('--world <file>', 'the world of the program (default: well-known providers and troubled hosts)')
    .option('--providers <dir>', 'a folder with provider profiles of your own (repeatable)', gather)
    .addOption(
      new Option('--clock <pace>', 'real, or so many times as fast for the hosts, such as 60x')
        .argParser(pace)
        .default('real'),
    )
    .option('--seed <seed>', 'seed of everything random')
    .option('--follow', 'show the dialogues, explained, on standard error')
    .option('--save <dir>', 'write transcripts and messages into this folder')
    .passThroughOptions()
    .action(async (command: string[], options) =>
      (await import('./exec-command.ts')).exec(command, options, surroundings),
    );
  program
    .command('providers')
    .description('list the providers that can be simulated, or tell all about one')
    .argument('[name]', 'a provider, such as outlook')
    .option('--providers <dir>', 'a folder with provider profiles of your own (repeatable)', gather)
    .action(async (name: string | undefined, options) =>
      (await import('./providers-command.ts')).providers(name, options, surroundings),
    );
  program
    .command('check')
    .description('read scenario files without running them, and show every mistake')
    .argument('[paths...]', 'files and folders (default: the scenarios that come with mxlab)')
    .option('--set <name=value>', 'a value for a variable of the scenarios (repeatable)', gather)
    .option('--providers <dir>', 'a folder with provider profiles of your own (repeatable)', gather)
    .action(async (paths: string[], options) =>
      (await import('./check-command.ts')).check(paths, options, surroundings),
    );
  program
    .command('show')
    .description('show traces of mxlab run --trace as a page in the browser')
    .argument('<traces...>', 'files and folders')
    .option('--output <file>', 'write the page here and do not open it')
    .option('--no-open', 'write the page and print its path, no more')
    .action(async (traces: string[], options) =>
      (await import('./show-command.ts')).show(traces, options, surroundings),
    );
  program
    .command('schema')
    .description('print the JSON Schema of a kind of file, for editors')
    .argument('[kind]', 'scenario, include, world or provider; without it, all of them as one object')
    .action(async (kind: string | undefined) =>
      (await import('./schema-command.ts')).schema(kind, surroundings),
    );
  return program;
}

function addCodes(program: Command, surroundings: Surroundings): void {
  program
    .command('codes')
    .description('browse the reply codes and enhanced codes: what they say, and what people get wrong')
    .argument('[code|text...]', 'a code such as 450 or 5.7.1, or words to look for')
    .addOption(
      new Option('--format <format>', 'for a person, or one JSON object for each code').choices([
        'text',
        'json',
      ]),
    )
    .action(async (asked: string[], options) =>
      (await import('./codes-command.ts')).codes(asked, options, surroundings),
    );
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
      'terminal, json, junit, html, tap, github or markdown, to standard output or a file (repeatable)',
      gather,
    )
    .addOption(new Option('--detail <how>', 'how much the terminal shows of a dialogue').choices(details))
    .option('--real-time', 'wait for real instead of in simulated time')
    .option('--live', 'allow connections to addresses that are not loopback')
    .option('--send-data', 'let live runs go beyond RCPT and send messages')
    .option('--trace <dir>', 'write a trace of each scenario into this folder')
    .option('--set <name=value>', 'a value for a variable of the scenarios (repeatable)', gather)
    .option('--providers <dir>', 'a folder with provider profiles of your own (repeatable)', gather)
    .action(async (paths: string[], options) =>
      (await import('./run-command.ts')).run(paths, options, surroundings),
    );
}

function addVerify(program: Command, surroundings: Surroundings): void {
  program
    .command('verify')
    .description('find out whether addresses take mail: syntax, DNS, a dialogue up to RCPT, never a message')
    .argument('[addresses...]', 'addresses, a file with one in each line or CSV, or - for standard input')
    .option('--live', 'ask name servers and mail hosts of the world')
    .option('--world <file>', 'ask the hosts of a world file, in simulated time')
    .option('--dns <address[:port]>', 'the name server to ask (repeatable)', gather)
    .option('--sender <address>', 'the envelope sender (default: postmaster at the --helo name)')
    .option('--helo <name>', 'the name to introduce ourselves with (default: the name of this machine)')
    .option('--from <address>', 'our own IP address; of several, each in turn (repeatable)', gather)
    .addOption(new Option('--port <n>', 'port of the mail hosts').argParser(port).default(25))
    .option('--wait <time>', 'how long to go on where a host puts us off, such as 1h; 0 asks once', '1h')
    .addOption(
      new Option('--format <how>', 'text for people (a few addresses), or rows').choices([
        'text',
        'jsonl',
        'csv',
      ]),
    )
    .option('--out <file>', 'write rows into this file: CSV if it ends in .csv, else JSON lines')
    .option('--resume', 'go on with the file of --out where it ends')
    .option('--redact', 'show no local parts in any output')
    .option(
      '--cache <file>',
      'keep results in this file (or folder) from run to run, each as long as it holds',
    )
    .option('--cache-for <time>', 'keep nothing longer, such as 7d')
    .option('--cache-hashed', 'no address or host in the file of --cache, nor what was said: hashes')
    .addOption(
      new Option('--input <format>', 'how the list is written')
        .choices(['auto', 'text', 'csv'])
        .default('auto'),
    )
    .option('--column <name|n>', 'the column of CSV that has the addresses')
    .addOption(new Option('--parallel <n>', 'connections to one operator').argParser(count).default(2))
    .addOption(
      new Option('--rate <n>', 'recipients asked about each second, by operator').argParser(rate).default(2),
    )
    .addOption(
      new Option('--per-connection <n>', 'recipients asked about in one connection')
        .argParser(count)
        .default(40),
    )
    .addOption(
      new Option('--per-transaction <n>', 'recipients asked about in one transaction')
        .argParser(count)
        .default(4),
    )
    .option('--plan', 'tell what a list would cost, and ask nobody about an address')
    .option('--preflight', 'only look at our address, its name, SPF, block lists and port 25')
    .option('--no-preflight', 'begin a live run without that look')
    .option('--anyway', 'begin it whatever was found')
    .option('--public-ip <address>', 'our address as others see it, behind a gateway (repeatable)', gather)
    .option('--dnsbl <zone,...|file>', 'the block lists to look at; none for none (repeatable)', gather)
    .addOption(
      new Option(
        '--metrics-port <n>',
        'serve metrics of a list for Prometheus here; 0 is a free port',
      ).argParser(port),
    )
    .addOption(
      new Option('--metrics-host <address>', 'the address to serve them at')
        .argParser(listenAddress)
        .default('127.0.0.1'),
    )
    .option('--metrics-linger <time>', 'keep serving them for so long after the end, such as 1m')
    .option(
      '--alert <what>',
      "tell when there is too much: 'blocked>5%', 'unknown>200/10m' (repeatable)",
      gather,
    )
    .option('--alert-command <line>', 'run this then, with the alert as JSON on standard input')
    .option('--alert-webhook <url>', 'POST it there')
    .option('--seed <seed>', 'seed of everything random')
    .action(async (addresses: string[], options) =>
      (await import('./verify-command.ts')).verify(addresses, options, surroundings),
    );
}

function addTalk(program: Command, surroundings: Surroundings): void {
  program
    .command('talk')
    .description('talk SMTP to a host line by line, with every reply explained')
    .argument('<host|provider>', 'a provider with situations, such as outlook:blocklisted, or host[:port]')
    .option('--live', 'allow hosts that are not on this machine')
    .option('--send-data', 'let messages go to real hosts')
    .addOption(new Option('--tls <how>', 'implicit: TLS from the first byte').choices(['implicit']))
    .option('--from <address>', 'our own IP address')
    .option('--save <file>', 'write the dialogue into this file at the end')
    .option('--seed <seed>', 'seed of everything random')
    .option('--providers <dir>', 'a folder with provider profiles of your own (repeatable)', gather)
    .action(async (who: string, options) =>
      (await import('./talk-command.ts')).talk(who, options, surroundings),
    );
  program
    .command('learn')
    .description('learn SMTP by talking to simulated hosts, and by a quiz over the codes')
    .argument('[lesson]', 'number or name of a lesson, or quiz; without it, what there is')
    .addOption(new Option('--questions <n>', 'questions of the quiz').argParser(count).default(10))
    .option('--seed <seed>', 'seed of everything random')
    .option('--score <file>', 'where the score is kept')
    .action(async (what: string | undefined, options) =>
      (await import('./learn-command.ts')).learn(what, options, surroundings),
    );
}

function addExam(program: Command, surroundings: Surroundings): void {
  program
    .command('exam')
    .description('put an email validator through an exam of hosts that misbehave, and mark its answers')
    .option('--self', 'our own verifier')
    .option('--command <line>', "a program: 'python3 check.py {address}'; its output is the answer")
    .option('--http <url>', 'a service: POST {"email": ...}, or GET where the URL has {address}')
    .option('--start <line>', 'the program that starts the service of --http')
    .option('--module <file#name>', 'a function of a module: (address, { resolver, dial, clock }) => answer')
    .option('--mapping <name|file>', 'what the answers mean: ready ones, or a file (repeatable)', gather, [])
    .option('--only <text>', 'only cases with this in name or title (repeatable)', gather)
    .option('--cases <dir>', 'cases of your own in place of those of mxlab')
    .addOption(new Option('--parallel <n>', 'cases at the same time').argParser(count).default(8))
    .option('--time-limit <time>', 'how long to wait for an answer', '60s')
    .addOption(
      new Option('--clock <pace>', 'real, or so many times as fast for the hosts, such as 60x')
        .argParser(pace)
        .default('real'),
    )
    .option('--seed <seed>', 'seed of everything random', '1')
    .option('--baseline <file>', 'fail only on a change since this file was written')
    .option('--update', 'write the baseline anew')
    .option('--reporter <name[=file]>', 'terminal, json, html or junit (repeatable)', gather)
    .action(async (options) => (await import('./exam-command.ts')).exam(options, surroundings));
}

function addExplain(program: Command, surroundings: Surroundings): void {
  program
    .command('explain')
    .description('tell what a reply, a log, a bounce or a transcript says, why, and what to do')
    .argument('[text|file|-...]', 'a reply such as 550 or "550 5.1.1 No such user", files, or - for a pipe')
    .option('--provider <name>', 'who said it: a provider such as gmail, or the name of its MX host')
    .option('--stage <stage>', 'what it was said to, such as rcpt, where the input does not tell')
    .addOption(
      new Option('--format <format>', 'for a person, or one JSON object for each reply').choices([
        'text',
        'json',
      ]),
    )
    .addOption(
      new Option(
        '--input <kind>',
        'jsonl: a {"reply", "stage"?, "provider"?} for each line, answered in order',
      )
        .choices(['auto', 'text', 'jsonl'])
        .default('auto'),
    )
    .action(async (what: string[], options) =>
      (await import('./explain-command.ts')).explain(what, options, surroundings),
    );
}

function addServe(program: Command, surroundings: Surroundings): void {
  program
    .command('serve')
    .description('start simulated hosts for programs in any language, and follow what they say')
    .argument('[profiles...]', 'providers with situations, such as gmail or outlook:blocklisted')
    .option('--world <file>', 'start the hosts of a world file instead')
    .option('--providers <dir>', 'a folder with provider profiles of your own (repeatable)', gather)
    .addOption(
      new Option(
        '--host <address>',
        'where to listen; of a network such as 127.0.1.0/24 each host gets an address',
      )
        .argParser(listenAddress)
        .default('127.0.0.1'),
    )
    .addOption(
      new Option('--port <n>', 'port of the first host, the next one for the next')
        .argParser(port)
        .default(0, 'free ports'),
    )
    .addOption(
      new Option('--dns-port <n>', 'answer DNS here, over UDP and TCP; 0 is a free port').argParser(port),
    )
    .addOption(
      new Option('--control-port <n>', 'HTTP API to steer the hosts; 0 is a free port').argParser(port),
    )
    .addOption(
      new Option('--control-host <address>', 'where the HTTP API listens')
        .argParser(listenAddress)
        .default('127.0.0.1'),
    )
    .addOption(
      new Option('--control-token <token>', 'bearer token that the HTTP API asks for').env(
        'MXLAB_CONTROL_TOKEN',
      ),
    )
    .addOption(
      new Option('--clock <pace>', 'real, manual, or so many times as fast, such as 60x')
        .argParser(pace)
        .default('real'),
    )
    .option('--seed <seed>', 'seed of everything random', '1')
    .option('--proxy', 'clients begin with a PROXY v1 line, so that one machine can be many')
    .addOption(new Option('--tls <how>', 'implicit: TLS from the first byte').choices(['implicit']))
    .option('--json', 'one JSON object for each line; the first says where the hosts listen')
    .option('--save <dir>', 'write transcripts and messages into this folder')
    .option('--ca-file <file>', 'write the root certificate of the hosts here, for clients that check it')
    .action(async (profiles: string[], options) =>
      (await import('./serve-command.ts')).serve(profiles, options, surroundings),
    );
}
