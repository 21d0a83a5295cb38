import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import type { Readable } from 'node:stream';

/** Postfix's own load programs. Throws the sentence that says how to get them. */
export const postfixTools = { source: '/usr/sbin/smtp-source', sink: '/usr/sbin/smtp-sink' };

/** How a server stands: bytes, open handles (descriptors), dialogues kept. */
export interface Standing {
  readonly rss: number;
  readonly heap: number;
  readonly handles: number;
  readonly dialogues: number;
}

export interface Server {
  readonly port: number;
  readonly ports: readonly number[];
  /** How it stands once all garbage is gone. */
  standing(): Promise<Standing>;
  stop(): void;
}

/** Starts a server of our own in a process of its own and waits for its ports, printed as `ports N...`. */
export async function startServer(script: string, ...args: readonly string[]): Promise<Server> {
  const child = spawn(process.execPath, ['--expose-gc', new URL(script, import.meta.url).pathname, ...args], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  let said = '';
  for await (const bytes of child.stdout as Readable) {
    said += bytes;
    if (said.includes('\n')) break;
  }
  const ports = /ports (.*)/.exec(said)?.[1]?.split(' ').map(Number) ?? [];
  const [port] = ports;
  if (port === undefined) throw new Error(`${script} did not start`);
  return {
    port,
    ports,
    standing: async () => {
      child.send('standing');
      return ((await once(child, 'message')) as [Standing])[0];
    },
    stop: () => void child.kill(),
  };
}

/** Starts smtp-sink on a free port. */
export async function startSink(): Promise<{ port: number; stop: () => void }> {
  const port = await freePort();
  const child = spawn(postfixTools.sink, ['-u', 'nobody', `127.0.0.1:${port}`, '200'], { stdio: 'ignore' });
  await listening(port, child);
  return { port, stop: () => void child.kill() };
}

/** Runs a program to its end; resolves to the seconds it took. Rejects on a bad exit. */
export async function timed(program: string, args: readonly string[]): Promise<number> {
  const started = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
  return (performance.now() - started) / 1_000;
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function listening(port: number, child: ChildProcess): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended with ${child.exitCode}`);
    const socket = net.connect(port, '127.0.0.1');
    const up = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`nothing listens on port ${port}`);
}
