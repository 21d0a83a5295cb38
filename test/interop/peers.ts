import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Debian's packages with the programs that these tests talk to. */
const installation =
  'apt-get install -y postfix swaks curl python3 python3-dnspython php-cli libphp-phpmailer iproute2 libnet-ssleay-perl golang-go default-jdk-headless libmail-java chromium';

const validators = fileURLToPath(new URL('validators/', import.meta.url));
const installValidators = 'npm ci --prefix test/interop/validators --ignore-scripts';

/** The folder of the email validators from npm. Throws an Error that says how to install them. */
export function validatorsFolder(): string {
  if (existsSync(join(validators, 'node_modules'))) return validators;
  throw new Error(`the validators are not installed; run \`${installValidators}\` first.`);
}

/** Debian's Python, which has Debian's dnspython. Throws an Error that says how to install it. */
export function pythonWithDns(): string {
  const python = program('/usr/bin/python3');
  if (spawnSync(python, ['-c', 'import dns.resolver']).status === 0) return python;
  throw new Error(`python3-dnspython is not installed; run \`${installation}\` first.`);
}

/** Administrators' programs are not on everybody's path. */
const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/sbin'];

/** Where a program is. Throws an Error that says how to install it: a missing peer fails the suite, it is never skipped. */
export function program(name: string): string {
  if (name.startsWith('/')) return name;
  const found = folders.map((folder) => join(folder, name)).find(isExecutable);
  if (found === undefined) throw new Error(`${name} is not installed; run \`${installation}\` first.`);
  return found;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What a program came to. `code` is null when a signal ended it. */
export interface Ran {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Longest that a peer may take, in ms; the clients' own time-outs are far shorter. */
const longest = 30_000;

/** Runs a program to its end. Rejects when it cannot be started or does not end. */
export function run(name: string, args: readonly string[], input = '', patience = longest): Promise<Ran> {
  const child = spawn(program(name), args, { timeout: patience, killSignal: 'SIGKILL' });
  const [output, errors]: Buffer[][] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => output?.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors?.push(chunk));
  child.stdin.on('error', () => {}); // it may end without reading all of it
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (signal === 'SIGKILL')
        return reject(new Error(`${name} ${args.join(' ')} did not end within ${patience} ms`));
      resolve({ code, output: textOf(output), errors: textOf(errors) });
    });
  });
}

function textOf(chunks: readonly Buffer[] = []): string {
  return Buffer.concat(chunks).toString('latin1');
}

/** A folder of our own; whoever asks for it removes it. */
export function temporaryFolder(prefix: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `mxlab-${prefix}-`));
}

/** Loopback ports that nobody listens on at the moment. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve, reject) =>
        server.once('error', reject).listen(0, '127.0.0.1', resolve),
      );
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
