import { once } from 'node:events';
import net, { type Socket } from 'node:net';
import { sessionsPerSecond } from './hosts.ts';
import { type Server, startServer } from './processes.ts';

const mebibyte = 1024 ** 2;

/** 2,000 clients that have said EHLO and then say nothing, at one host. The server has a process of its own, all of which counts. */
export async function measureIdle(): Promise<string[]> {
  const clients = 2_000;
  const server = await startServer('simulated-server.js', 'gmail');
  try {
    const before = await server.standing();
    const sockets = await greeted(Array.from({ length: clients }, () => server.port));
    const { rss, handles } = await server.standing();
    for (const socket of sockets) socket.destroy();
    const after = await settled(server, before.handles);
    return [
      `${verdict(rss < 150 * mebibyte)} ${clients} idle connections to one host: ${size(rss)} in all, ${size(rss - before.rss)} of it for ${handles - before.handles} open sockets (promised: under 150 MiB)`,
      `${verdict(after.handles === before.handles)} once they have left: ${after.handles} open handles, ${before.handles} before`,
    ];
  } finally {
    server.stop();
  }
}

/** 10,000 open connections: how long another client has to wait for its whole session. */
export async function measureCrowd(): Promise<string[]> {
  const clients = 10_000;
  const server = await startServer('simulated-server.js', 'gmail');
  try {
    const sockets = await greeted(Array.from({ length: clients }, () => server.port));
    const { rss, handles } = await server.standing();
    const rate = await sessionsPerSecond(server, 1_000, 'alice@gmail.example');
    for (const socket of sockets) socket.destroy();
    return [
      `${verdict(handles > clients)} ${clients} open connections to one host: ${size(rss)}, and ${Math.round(rate)} sessions/s for others`,
    ];
  } finally {
    server.stop();
  }
}

/** 200 hosts in one process, with a session at each. */
export async function measureMany(): Promise<string[]> {
  const count = 200;
  const started = performance.now();
  const server = await startServer('simulated-server.js', 'gmail', `${count}`);
  try {
    const seconds = (performance.now() - started) / 1_000;
    const sockets = await greeted(server.ports);
    const { rss } = await server.standing();
    for (const socket of sockets) socket.destroy();
    return [
      `${verdict(sockets.length === count)} ${count} hosts in one process, all answering: ready in ${seconds.toFixed(1)} s, ${size(rss)}`,
    ];
  } finally {
    server.stop();
  }
}

/** 100,000 sessions with a message each: how the host stands after the first 20,000 and after all of them. */
export async function measureSoak(): Promise<string[]> {
  const [warm, rest] = [20_000, 80_000];
  const server = await startServer('simulated-server.js', 'postfix');
  try {
    const fresh = await server.standing();
    await sessionsPerSecond(server, warm, 'bob@example.net');
    const before = await settled(server, fresh.handles);
    const rate = await sessionsPerSecond(server, rest, 'bob@example.net');
    const after = await settled(server, fresh.handles);
    const growth = after.heap - before.heap;
    return [
      `${verdict(growth < mebibyte)} heap after ${warm} sessions ${size(before.heap)}, after ${warm + rest} ${size(after.heap)} (promised: no growth; less than 1 MiB)`,
      `${verdict(after.rss < before.rss * 1.1)} resident memory: ${size(before.rss)}, then ${size(after.rss)}; ${Math.round(rate)} sessions/s; ${after.dialogues} dialogues kept`,
      `${verdict(after.handles === fresh.handles)} open handles: ${fresh.handles} before the first session, ${after.handles} after the last`,
    ];
  } finally {
    server.stop();
  }
}

/** Connects to each port, waits for the greeting and the answer to EHLO. 50 at a time. */
async function greeted(ports: readonly number[]): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (let from = 0; from < ports.length; from += 50) {
    sockets.push(...(await Promise.all(ports.slice(from, from + 50).map(greet))));
  }
  return sockets;
}

async function greet(port: number): Promise<Socket> {
  const socket = net.connect(port, '127.0.0.1').setEncoding('latin1');
  let heard = '';
  socket.on('data', (text) => {
    heard += text;
  });
  socket.write('EHLO probe.example.net\r\n');
  while (!/^220 .*^250 /ms.test(heard)) await once(socket, 'data');
  return socket;
}

/** How a server stands once it has noticed that everybody has left. */
async function settled(server: Server, handles: number): Promise<Awaited<ReturnType<Server['standing']>>> {
  let standing = await server.standing();
  for (let i = 0; i < 50 && standing.handles > handles; i++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    standing = await server.standing();
  }
  return standing;
}

function verdict(kept: boolean): string {
  return kept ? 'ok ' : 'LOW';
}

function size(bytes: number): string {
  return `${(bytes / mebibyte).toFixed(1)} MiB`;
}
