import { rmSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { certificateFor } from '../../src/sim/certificates.ts';
import { freePorts, program, run, temporaryFolder } from './peers.ts';

type Settings = Readonly<Record<string, string>>;

export interface PostfixOptions {
  /** What it calls itself. */
  readonly name: string;
  readonly domain: string;
  /** Local parts that it knows; everybody else is unknown. */
  readonly mailboxes: readonly string[];
  /** Further ports, by a name of ours: the same Postfix with other settings. */
  readonly variants?: Readonly<Record<string, Settings>>;
  /** What goes before the settings of `mainCf`, and services besides those of `masterCf`: for a Postfix that sends. */
  readonly settings?: Settings;
  readonly services?: readonly string[];
  /** Further ports with postscreen before them, by a name of ours, and its settings. */
  readonly screens?: Readonly<Record<string, Settings>>;
}

/** A Postfix of our own on loopback. */
export interface RealPostfix {
  /** Of its master process. */
  readonly pid: number;
  /** Where it has its files. */
  readonly folder: string;
  readonly port: number;
  /** Of the variants and screens, by name. */
  readonly ports: Readonly<Record<string, number>>;
  /** What it has logged so far. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

/** Seconds after which Postfix ends by itself, should nobody be left to stop it. */
const lifetime = 900;

/** Starts Postfix as root. Throws an Error with its own words when it does not come up. */
export async function startPostfix(options: PostfixOptions): Promise<RealPostfix> {
  for (const name of ['postfix', 'postconf']) program(name);
  const folder = await temporaryFolder('postfix');
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const names = Object.keys({ ...options.variants, ...options.screens });
    const [port = 0, ...others] = await freePorts(1 + names.length);
    const ports = Object.fromEntries(names.map((name, i) => [name, others[i] ?? 0]));
    const conf = await layOut(folder, options, { port, ports });
    await must('postfix', ['-c', conf, 'check']); // makes queue and data directories, with their owners
    const daemons = (await must('postconf', ['-c', conf, '-h', 'daemon_directory'])).trim();
    await must(join(daemons, 'master'), ['-c', conf, '-w', '-e', `${lifetime}`]);
    const pid = Number(await readFile(join(folder, 'queue/pid/master.pid'), 'utf8'));
    const log = (): Promise<string> => readFile(join(folder, 'maillog'), 'utf8');
    return { pid, folder, port, ports, log, stop: stopper(pid, remove) };
  } catch (error) {
    const said = await readFile(join(folder, 'maillog'), 'utf8').catch(() => '');
    remove();
    throw new Error(`${error instanceof Error ? error.message : error}\n${said}`);
  }
}

interface Ports {
  readonly port: number;
  readonly ports: Readonly<Record<string, number>>;
}

/** Writes configuration and certificate. Postfix's own users must be able to pass through the folder. */
async function layOut(folder: string, options: PostfixOptions, ports: Ports): Promise<string> {
  await chmod(folder, 0o755);
  const conf = join(folder, 'conf');
  for (const name of [conf, join(folder, 'queue')]) await mkdir(name);
  const { key, cert } = await certificateFor(options.name, 'good');
  await writeFile(join(folder, 'cert.pem'), cert);
  await writeFile(join(folder, 'key.pem'), key, { mode: 0o600 });
  await writeFile(join(conf, 'main.cf'), mainCf(folder, options));
  await writeFile(join(conf, 'master.cf'), masterCf(ports, options));
  return conf;
}

/** Debian's settings, shut off from the world: no relaying, no DNS, no reverse names, all mail thrown away. */
function mainCf(folder: string, { name, domain, mailboxes, settings = {} }: PostfixOptions): string {
  const usual: Settings = {
    compatibility_level: '3.6',
    myhostname: name,
    myorigin: domain,
    mydestination: `${domain}, $myhostname`,
    local_recipient_maps: `inline:{${mailboxes.map((mailbox) => `${mailbox}=here`).join(', ')}}`,
    alias_maps: '',
    alias_database: '',
    recipient_delimiter: '+',
    smtpd_banner: '$myhostname ESMTP $mail_name (Debian/GNU)',
    smtpd_relay_restrictions: 'permit_mynetworks permit_sasl_authenticated defer_unauth_destination',
    smtpd_tls_security_level: 'may',
    smtpd_tls_cert_file: join(folder, 'cert.pem'),
    smtpd_tls_key_file: join(folder, 'key.pem'),
    append_dot_mydomain: 'no',
    biff: 'no',
    mynetworks: '',
    inet_interfaces: 'loopback-only',
    inet_protocols: 'ipv4',
    disable_dns_lookups: 'yes',
    smtp_dns_support_level: 'disabled',
    smtpd_peername_lookup: 'no',
    local_transport: 'discard:',
    default_transport: 'discard:',
    relay_transport: 'discard:',
    notify_classes: '',
    queue_directory: join(folder, 'queue'),
    data_directory: join(folder, 'data'),
    maillog_file: join(folder, 'maillog'),
    maillog_file_prefixes: folder,
  };
  return Object.entries({ ...usual, ...settings })
    .map(([key, value]) => `${key} = ${value}\n`)
    .join('');
}

/** The services that take a message in and throw it away: nothing in a chroot, nothing that sends. */
function masterCf(
  { port, ports }: Ports,
  { variants = {}, screens = {}, services = [] }: PostfixOptions,
): string {
  const listener = (name: string, service: string, settings: Settings): string =>
    `127.0.0.1:${ports[name]} inet n - n - ${service}${overrides(settings)}`;
  return [
    `127.0.0.1:${port} inet n - n - - smtpd`,
    ...Object.entries(variants).map(([name, settings]) => listener(name, '- smtpd', settings)),
    ...Object.entries(screens).map(([name, settings]) =>
      listener(name, '1 postscreen', { ...screening(name), ...settings }),
    ),
    'smtpd pass - - n - - smtpd',
    'tlsproxy unix - - n - 0 tlsproxy',
    'dnsblog unix - - n - 0 dnsblog',
    'cleanup unix n - n - 0 cleanup',
    'qmgr unix n - n 300 1 qmgr',
    'tlsmgr unix - - n 1000? 1 tlsmgr',
    'rewrite unix - - n - - trivial-rewrite',
    'bounce unix - - n - 0 bounce',
    'defer unix - - n - 0 bounce',
    'trace unix - - n - 0 bounce',
    'proxymap unix - - n - - proxymap',
    'error unix - - n - - error',
    'retry unix - - n - - error',
    'discard unix - - n - - discard',
    'anvil unix - - n - 1 anvil',
    'postlog unix-dgram n - n - 1 postlogd',
    ...services,
    '',
  ].join('\n');
}

const overrides = (settings: Settings): string =>
  Object.entries(settings)
    .map(([key, value]) => ` -o {${key} = ${value}}`)
    .join('');

/** One second instead of six, no client let in unseen, and a memory of its own. */
function screening(name: string): Settings {
  return {
    postscreen_greet_wait: '1s',
    postscreen_greet_action: 'drop',
    postscreen_access_list: '',
    postscreen_cache_map: `btree:$data_directory/${name.replace(/\W+/g, '-')}`,
  };
}

/** Runs a program that has to succeed, and tells what it printed. */
async function must(name: string, args: readonly string[]): Promise<string> {
  const { code, output, errors } = await run(name, args);
  if (code !== 0) throw new Error(`${name} ${args.join(' ')} ended with ${code}: ${output}${errors}`);
  return output;
}

/** Ends the master process, which ends its children, and removes what it leaves; also when our own process ends first. */
function stopper(pid: number, remove: () => void): () => Promise<void> {
  const atExit = (): void => {
    signal(pid, 'SIGTERM');
    remove();
  };
  process.once('exit', atExit);
  return async () => {
    process.off('exit', atExit);
    signal(pid, 'SIGTERM');
    for (let i = 0; i < 100 && signal(pid, 0); i++) await sleep(50);
    signal(pid, 'SIGKILL');
    remove();
  };
}

/** False when there is no such process any more. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
