import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { main, root } from '../cli/mxlab.ts';

/** Ports that the README writes, and those that are used in their place. */
type Ports = ReadonlyMap<string, string>;

/** What a command printed on both outputs, and its exit code. */
export interface Printed {
  readonly text: string;
  readonly code: number | null;
}

/** Packages that the README's programs import. */
const packages = {
  mxlab: root,
  nodemailer: 'node_modules/nodemailer',
  'smtp-server': 'node_modules/smtp-server',
  vitest: 'node_modules/vitest',
};

/** What is there to run by name. */
const programs = { mxlab: main, vitest: join(root, 'node_modules/vitest/vitest.mjs') };

const npx = `#!/bin/sh
program=$1
shift
exec "node_modules/.bin/$program" "$@"
`;

/** A folder that looks like a clone of mxlab after \`npm ci\`, with a shell in it. */
export class Shell {
  readonly folder = mkdtempSync(join(tmpdir(), 'mxlab-readme-'));
  readonly #ports: Ports;
  readonly #running: (() => Promise<void>)[] = [];
  #code: number | null = 0;

  private constructor(ports: Ports) {
    this.#ports = ports;
    mkdirSync(join(this.folder, 'bin'));
    mkdirSync(join(this.folder, 'node_modules/.bin'), { recursive: true });
    for (const [name, path] of Object.entries(programs))
      symlinkSync(path, join(this.folder, 'node_modules/.bin', name));
    writeFileSync(join(this.folder, 'bin/npx'), npx, { mode: 0o755 });
    for (const name of ['scenarios', 'fixtures']) symlinkSync(join(root, name), join(this.folder, name));
    for (const [name, path] of Object.entries(packages))
      symlinkSync(path === root ? root : join(root, path), join(this.folder, 'node_modules', name));
  }

  /** With free ports in place of the ports written. */
  static async open(ports: readonly string[]): Promise<Shell> {
    const free = await Promise.all(ports.map(async (port) => [port, await freePort()] as const));
    return new Shell(new Map(free));
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), this.#replacePorts(text));
  }

  /** Runs a line; one that ends in `&` goes on in the background, and is waited for until it listens. */
  async run(line: string): Promise<Printed> {
    const command = this.#replacePorts(line);
    if (command.endsWith(' &')) return this.#start(command.slice(0, -2));
    const printed = await this.#printed(`(exit ${this.#code}); ${command}`);
    this.#code = printed.code;
    return { ...printed, text: this.#ownPorts(printed.text) };
  }

  async close(): Promise<void> {
    await Promise.all(this.#running.map((end) => end()));
    rmSync(this.folder, { recursive: true });
  }

  #printed(command: string): Promise<Printed> {
    const child = this.#spawn(`exec 2>&1; ${command}`);
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve({ text, code }));
    });
  }

  async #start(command: string): Promise<Printed> {
    const child = this.#spawn(`exec ${command}`);
    const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
    this.#running.push(async () => {
      child.kill();
      await ended;
    });
    for (const port of this.#portsIn(command)) {
      for (let tries = 0; child.exitCode === null && !(await listens(port)); tries++) {
        if (tries === 500) throw new Error(`${command} does not listen on ${port}`);
        await pause(20);
      }
    }
    return { text: '', code: child.exitCode ?? 0 };
  }

  /** The ports that a command names. */
  #portsIn(command: string): number[] {
    return [...this.#ports.values()].filter((port) => command.includes(port)).map(Number);
  }

  #spawn(command: string) {
    const { HOME = '' } = process.env;
    const PATH = `${this.folder}/bin:${join(process.execPath, '..')}:/usr/bin:/bin`;
    return spawn('/bin/sh', ['-c', command], {
      cwd: this.folder,
      env: { PATH, HOME, LANG: 'C.UTF-8', NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  }

  #replacePorts(text: string): string {
    return [...this.#ports].reduce((line, [written, used]) => line.replaceAll(written, used), text);
  }

  #ownPorts(text: string): string {
    return [...this.#ports].reduce(
      (line, [written, used]) => line.replaceAll(`:${used}`, `:${written}`),
      text,
    );
  }
}

async function freePort(): Promise<string> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `${port}`;
}

function listens(port: number): Promise<boolean> {
  const socket = net.connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}
