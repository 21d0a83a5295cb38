import { statSync } from 'node:fs';
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { jsonLine } from '../report/json-text.ts';
import { createPalette } from '../report/palette.ts';
import { countFindings, renderFindings } from '../report/verify/findings.ts';
import { usualClient } from '../sim/lab.ts';
import { isAddressLiteral } from '../smtp/mailbox.ts';
import { escapeControls } from '../text/escape.ts';
import type { Plan } from '../verify/plan/plan.ts';
import { type Finding, isBad } from '../verify/preflight/finding.ts';
import { type BlockList, blockListAt, readBlockLists, usualBlockLists } from '../verify/preflight/lists.ts';
import { preflight } from '../verify/preflight/preflight.ts';
import { WorldError } from '../world/start-lab.ts';
import { exitCodes, UsageError } from './exit.ts';
import { fileTask, type Task, type VerifyFlags, type VerifyRun } from './verify-command.ts';
import { planLines, planOf } from './verify-plan.ts';

/** Operators of a plan whose domains are named to the preflight, the slowest first. */
const mostDomains = 12;

/** `--preflight`: the checks alone. Exit code 1 where something is bad. */
export async function showPreflight(args: readonly string[], run: VerifyRun): Promise<void> {
  const { flags, surroundings } = run;
  if (flags.format === 'csv')
    throw new UsageError('the preflight is told as text or JSON: --format text or jsonl.');
  const findings = await look(run, { domains: await domainsOf(args, run) });
  if (flags.format === 'jsonl')
    surroundings.write(findings.map((finding) => `${jsonLine(finding)}\n`).join(''));
  else surroundings.write(`${linesOf(findings, run).join('\n')}\n`);
  surroundings.endWith(isBad(findings) ? exitCodes.failed : exitCodes.passed);
}

/**
 * Before a list is run: the plan where there is somebody to read it, and the checks where hosts of the world are to be asked. Resolves to
 * the plan, if there is one. Throws a UsageError where the run is better not begun.
 */
export async function beforeList(task: Task, run: VerifyRun): Promise<Plan | undefined> {
  const { flags, surroundings } = run;
  const live = flags.live === true;
  if (!live && !surroundings.progress) return undefined;
  const once = 'once' in task && task.once;
  const plan = once ? undefined : await planOf(task, run);
  if (plan && !flags.resume) surroundings.complain((await planLines(task, plan, run)).join('\n'));
  else if (once && live) surroundings.complain('mxlab: the list can be read only once, so there is no plan.');
  if (!live || flags.preflight === false) return plan;
  const findings = await look(run, { domains: plan ? domainsIn(plan) : [] });
  surroundings.complain(linesOf(findings, run).join('\n'));
  if (isBad(findings) && !flags.anyway)
    throw new UsageError(
      'the preflight found what spoils most answers: nobody was asked about an address. Mend it, or go on with --anyway.',
    );
  return plan;
}

/** Before a few addresses are verified: in a line each, what is known to spoil answers, without a connection. */
export async function beforeFew(run: VerifyRun): Promise<void> {
  const { flags, surroundings } = run;
  if (!flags.live || flags.preflight === false) return;
  const findings = await look(run, { domains: [], quiet: true });
  for (const { verdict, says, advice = '' } of findings)
    if (verdict === 'bad' || verdict === 'doubtful')
      surroundings.complain(`mxlab: ${escapeControls(`${says}${verdict === 'bad' ? ` ${advice}` : ''}`)}`);
}

async function look(
  { doors, options, flags }: VerifyRun,
  { domains, quiet = false }: { readonly domains: readonly string[]; readonly quiet?: boolean },
): Promise<readonly Finding[]> {
  const { helo, sender, port = 25 } = options;
  const sources = flags.from ?? [];
  const publicAddresses = flags.publicIp ?? (doors.simulated && sources.length === 0 ? [usualClient] : []);
  for (const address of publicAddresses)
    if (isIP(address) === 0) throw new UsageError(`--public-ip ${address} is no IP address.`);
  const lists = await listsOf(flags.dnsbl);
  return preflight(doors.environment, {
    helo,
    sender,
    port,
    sources,
    publicAddresses,
    domains,
    lists,
    quiet,
  });
}

function linesOf(findings: readonly Finding[], { surroundings }: VerifyRun): string[] {
  const { columns, colours: colour, unicode } = surroundings;
  const palette = createPalette({ colour, unicode });
  return [
    palette.strong('Preflight'),
    ...renderFindings(findings, { palette, columns }),
    `  ${countFindings(findings)}.`,
  ];
}

/** Domains whose hosts may be connected to: of addresses, as they are named, or of the slowest operators of a list. */
async function domainsOf(args: readonly string[], run: VerifyRun): Promise<readonly string[]> {
  const [only] = args;
  const task = args.length === 1 && only !== undefined ? fileTask(only) : undefined;
  if (task) return domainsIn(await planOf(task, run));
  return args.map((arg) => {
    const domain = arg.slice(arg.lastIndexOf('@') + 1);
    const name = isAddressLiteral(domain) ? domain : domainToASCII(domain);
    if (name === '') throw new UsageError(`${arg} is neither an address nor a domain nor a file.`);
    return name;
  });
}

const domainsIn = ({ operators }: Plan): readonly string[] =>
  operators.slice(0, mostDomains).map(({ domain }) => domain);

/** Zones with commas between them, files of lists, or `none`. Throws a UsageError, or a WorldError for a file that is wrong. */
async function listsOf(wanted: VerifyFlags['dnsbl']): Promise<readonly BlockList[]> {
  const usual = await usualBlockLists();
  if (wanted === undefined) return usual;
  const lists: BlockList[] = [];
  for (const one of wanted.flatMap((text) => text.split(',')).map((text) => text.trim())) {
    if (one === 'none' || one === '') continue;
    const known = usual.find(({ zone }) => zone === one.toLowerCase());
    if (known) lists.push(known);
    else if (statSync(one, { throwIfNoEntry: false })?.isFile()) lists.push(...(await listsIn(one)));
    else lists.push(zoneNamed(one));
  }
  return lists;
}

async function listsIn(file: string): Promise<readonly BlockList[]> {
  const read = await readBlockLists(file);
  if ('issues' in read) throw new WorldError(read.issues);
  return read.lists;
}

function zoneNamed(text: string): BlockList {
  const list = blockListAt(text);
  if (!list) throw new UsageError(`--dnsbl ${text} is neither a zone such as zen.spamhaus.org nor a file.`);
  return list;
}
