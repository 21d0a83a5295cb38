import { chmod, chown, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run, temporaryFolder } from '../peers.ts';
import type { Program, Wish } from './programs.ts';

/** Where `fetch-mtas.sh` has unpacked it. */
const unpacked = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'mxlab/mtas');

/** Whom Exim becomes to deliver: it refuses to do that as root. */
const nobody = 64_001;

/** A root folder for Exim, with the files that it looks for in places of its own. */
async function prepare(): Promise<string> {
  const root = await temporaryFolder('exim');
  const { code, errors } = await run('cp', ['-a', `${unpacked}/.`, root]);
  if (code !== 0) throw new Error(`${errors}Run test/interop/fetch-mtas.sh first.`);
  await chmod(root, 0o755);
  for (const name of ['etc', 'dev', 'tmp', 'work', 'var/lib/exim4']) {
    await mkdir(join(root, name), { recursive: true });
  }
  await chmod(join(root, 'tmp'), 0o777);
  await writeFile(join(root, 'dev/null'), '');
  await chmod(join(root, 'dev/null'), 0o666);
  await writeFile(join(root, 'etc/passwd'), 'root:x:0:0::/:/\nDebian-exim:x:64001:64001::/:/\n');
  await writeFile(join(root, 'etc/group'), 'root:x:0:\nDebian-exim:x:64001:\n');
  await writeFile(join(root, 'etc/hosts'), '127.0.0.1 localhost\n');
  return root;
}

let prepared: Promise<string> | undefined;
let count = 0;

/** Has Exim send one message, with a queue and a log of its own, and tells what it logged. */
export const loggedByExim: Program = async (wish) => {
  prepared ??= prepare();
  const root = await prepared;
  const work = `/work/${++count}`;
  for (const name of ['', '/spool', '/log']) {
    await mkdir(join(root, work, name));
    await chown(join(root, work, name), nobody, nobody);
  }
  if (wish.trust) await copyFile(wish.trust.root, join(root, work, 'root.pem'));
  await writeFile(join(root, work, 'exim.conf'), confOf(work, wish));
  const letter = 'From: probe@example.net\nTo: alice@example.org\nSubject: x\n\ntext\n';
  const args = ['-C', `${work}/exim.conf`, '-odi', '-f', 'probe@example.net', 'alice@example.org'];
  const { code, errors } = await run('chroot', [root, '/usr/sbin/exim4', ...args], letter);
  if (code !== 0) throw new Error(`exim ended with ${code}: ${errors}`);
  return readFile(join(root, work, 'log/main'), 'utf8');
};

/** Removes what was unpacked for the tests. */
export async function removeExim(): Promise<void> {
  if (prepared) await rm(await prepared, { recursive: true, force: true });
}

function confOf(folder: string, { host, port, tls, verify, trust, timeout, name }: Wish): string {
  return `
exim_user = ${nobody}
exim_group = ${nobody}
never_users =
spool_directory = ${folder}/spool
log_file_path = ${folder}/log/%s
primary_hostname = ${name}
keep_environment =
begin routers
all:
  driver = manualroute
  transport = out
  route_list = * ${host}
  self = send
begin transports
out:
  driver = smtp
  port = ${port}
  allow_localhost
  hosts_try_chunking =
  hosts_avoid_pipelining = *
  connect_timeout = ${timeout}s
  command_timeout = ${timeout}s
  data_timeout = ${timeout}s
  final_timeout = ${timeout}s
  ${tls === 'none' ? 'hosts_avoid_tls = *' : 'hosts_require_tls = *'}
  ${tls === 'implicit' ? 'protocol = smtps' : ''}
  ${verify ? 'tls_verify_hosts = *' : 'tls_verify_hosts = :\n  tls_try_verify_hosts = :'}
  ${trust ? `tls_verify_certificates = ${folder}/root.pem` : ''}
begin retry
* * F,2h,15m
`;
}
