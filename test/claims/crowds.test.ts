import { once } from 'node:events';
import net, { type Socket } from 'node:net';
import tls from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import type { RunningLab } from '../../src/world/running-lab.ts';
import { type LabStart, startLab, type WorldLike } from '../../src/world/start-lab.ts';

/** What Gmail takes, who lets a client connect as often as it likes. */
const session = [
  'EHLO probe.example.org',
  'MAIL FROM:<ada@example.org>',
  'RCPT TO:<alice@example.net>',
  'DATA',
  'Subject: one\r\n\r\nof many\r\n.',
  'QUIT',
];

async function running(hosts: WorldLike['hosts'], start: LabStart = {}): Promise<RunningLab> {
  const lab = await startLab({ hosts }, start);
  onTestFinished(() => lab.close());
  return lab;
}

/** Handles that are open in this process, by kind. */
function handles(): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) {
    if (/TCP|TLS|Timeout/.test(kind)) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** Waits, round of the event loop for round, until everything that was opened since is closed again. */
async function allClosed(before: Readonly<Record<string, number>>): Promise<void> {
  const left = (): boolean => Object.entries(handles()).some(([kind, count]) => count > (before[kind] ?? 0));
  while (left()) await new Promise(setImmediate);
}

/** A client that says one line after the other. */
class Client {
  readonly socket: Socket;
  #heard = '';
  #wake: () => void = () => {};

  constructor(lab: RunningLab, host = 0) {
    this.socket = net.connect(lab.hosts[host]?.port ?? 0, '127.0.0.1').setEncoding('latin1');
    this.socket.on('error', () => {}).on('close', () => this.#wake());
    this.socket.on('data', (text: string) => {
      this.#heard += text;
      this.#wake();
    });
  }

  /** The code of the next reply; empty at the end of the connection. */
  async code(): Promise<string> {
    for (;;) {
      const reply = /^(?:\d{3}-.*\r\n)*(\d{3}) .*\r\n/.exec(this.#heard);
      if (reply) this.#heard = this.#heard.slice(reply[0].length);
      if (reply || this.socket.destroyed) return reply?.[1] ?? '';
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** The codes of the replies to these lines, that of the greeting first. */
  async talk(lines: readonly string[]): Promise<string[]> {
    const codes = [await this.code()];
    for (const line of lines) {
      if (codes.at(-1) === '') break;
      this.socket.write(`${line}\r\n`);
      codes.push(await this.code());
    }
    return codes;
  }
}

const served = ['220', '250', '250', '250', '354', '250', '221'];

test('200 hosts in one process all take their mail, and nothing is left of them when they are closed', async () => {
  const before = handles();
  const names = Array.from({ length: 200 }, (_, i) => `mx${i}.example.net`);
  const lab = await running(Object.fromEntries(names.map((name) => [name, 'gmail'])));
  expect(new Set(lab.hosts.map(({ port }) => port)).size).toBe(200);
  const codes = await Promise.all(names.map((_, i) => new Client(lab, i).talk(session)));
  expect(codes).toEqual(names.map(() => served));
  await lab.waitForDialogues(200);
  expect(new Set(lab.dialogues.map(({ label }) => label))).toEqual(new Set(names));
  await lab.close();
  await allClosed(before);
});

test('300 clients that idle leave the host to others, and nothing behind', async () => {
  const lab = await running({ 'mx.example.net': 'gmail' });
  const before = handles();
  const idle = Array.from({ length: 300 }, () => new Client(lab));
  const codes = await Promise.all(idle.map((client) => client.talk(session.slice(0, 1))));
  expect(codes).toEqual(idle.map(() => ['220', '250']));
  expect(await new Client(lab).talk(session)).toEqual(served);
  for (const { socket } of idle) socket.destroy();
  await lab.waitForDialogues(301);
  await allClosed(before);
});

/** Ways to spend a session: what is said, and how one leaves. */
const ways: readonly ((client: Client) => Promise<unknown>)[] = [
  (client) => client.talk(session),
  (client) => client.talk(session.slice(0, 2)).then(() => client.socket.destroy()),
  (client) => client.talk(session.slice(0, 4)).then(() => client.socket.resetAndDestroy()),
  (client) => client.talk([...session.slice(0, 2), 'RCPT TO:<reset@example.net>']),
  (client) => client.talk([...session.slice(0, 2), 'RCPT TO:<close@example.net>']),
  (client) => client.talk(['EHLO probe', 'NONSENSE', '\0'.repeat(2_000)]).then(() => client.socket.end()),
  async ({ socket }) => {
    socket.write([...session.slice(0, 2), 'RCPT TO:<silent@example.net>', 'NOOP', ''].join('\r\n'));
    await once(socket, 'data');
    socket.destroy();
  },
];

test('of 2,000 sessions that end in every way the last thousand are kept, and nothing else', async () => {
  const lab = await running({ 'mx.example.net': 'gmail' });
  const warnings: Error[] = [];
  const warned = (warning: Error): void => void warnings.push(warning);
  process.on('warning', warned);
  onTestFinished(() => void process.off('warning', warned));
  const before = handles();
  for (let i = 0; i < 2_000; i += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, k) => ways[(i + k) % ways.length]?.(new Client(lab))));
  }
  await lab.waitForDialogues(2_000);
  await allClosed(before);
  expect(lab.dialogues.length).toBe(1_000);
  expect(lab.dialogues.every(({ end }) => end !== undefined)).toBe(true);
  expect(warnings).toEqual([]);
});

test('sessions under TLS leave nothing behind, whether they finish the handshake or not', async () => {
  const lab = await running({ 'mx.example.net': 'gmail' });
  const before = handles();
  for (let i = 0; i < 60; i++) {
    const { socket, ...client } = await upgrading(lab);
    expect(client.codes).toEqual(['220', '250', '220']);
    if (i % 2 === 0) {
      const secured = tls.connect({ socket, rejectUnauthorized: false }).on('error', () => {});
      await once(secured, 'secureConnect');
      secured.destroy();
    } else socket.destroy();
  }
  await lab.waitForDialogues(60);
  await allClosed(before);
});

async function upgrading(lab: RunningLab): Promise<{ socket: Socket; codes: string[] }> {
  const client = new Client(lab);
  const codes = await client.talk(['EHLO probe.example.org', 'STARTTLS']);
  client.socket.removeAllListeners('data');
  return { socket: client.socket, codes };
}

test('10,000 connections, 500 at a time, do not stop the client that comes in between', async () => {
  const lab = await running({ 'mx.example.net': 'gmail' });
  const before = handles();
  for (let wave = 0; wave < 20; wave++) {
    const crowd = Array.from({ length: 500 }, () => new Client(lab).socket);
    if (wave % 5 === 0) expect(await new Client(lab).talk(session)).toEqual(served);
    await Promise.all(crowd.map((socket) => (socket.connecting ? once(socket, 'connect') : undefined)));
    for (const [i, socket] of crowd.entries()) {
      if (i % 2 === 0) socket.destroy();
      else socket.resetAndDestroy();
    }
  }
  expect(await new Client(lab).talk(session)).toEqual(served);
  await allClosed(before);
}, 60_000);
