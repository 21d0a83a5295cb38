import { readdirSync, readFileSync } from 'node:fs';
import net, { type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { folderWith, mxlab, scenario } from '../cli/mxlab.ts';

/** What a hostile server does with one connection. */
type Malice = (socket: Socket) => void;

const gigabyte = 1024 ** 3;

/** Writes as long as the client reads, up to a gigabyte. */
function pour(socket: Socket, text: string): void {
  const chunk = Buffer.from(text.repeat(Math.ceil(16_384 / text.length)), 'latin1');
  let written = 0;
  const more = (): void => {
    while (written < gigabyte && !socket.destroyed) {
      written += chunk.length;
      if (!socket.write(chunk)) return void socket.once('drain', more);
    }
  };
  more();
}

/** One byte at a time, for ever. */
function trickle(socket: Socket, text: string): void {
  let at = 0;
  const timer = setInterval(() => socket.write(text[at++ % text.length] ?? ''), 20);
  socket.on('close', () => clearInterval(timer));
}

/** Answers one line after the other, and nothing when there are no more. */
function answering(...answers: readonly (string | Malice)[]): Malice {
  return (socket) => {
    let at = 0;
    const answer = (): void => {
      const next = answers[at++];
      if (typeof next === 'string') socket.write(next, 'latin1');
      else next?.(socket);
    };
    answer();
    socket.on('data', answer);
  };
}

const greeting = '220 hostile.example ESMTP\r\n';
const offer = '250-hostile.example\r\n250 STARTTLS\r\n';
const poison = '\x1b[2J\x1b]0;owned\x07\x9b31m\x00\x08\x7f\r \xe2\x80\xae\xc2\x85\xe2\x80\xa8';

/** By what it does: the server, and how our side of it ends. */
const malices: Readonly<Record<string, readonly [Malice, object]>> = {
  'an endless banner': [
    answering((socket) => pour(socket, '220-hello\r\n')),
    { ending: 'misspoke', stage: 'greeting' },
  ],
  'an endless reply': [
    answering(greeting, (socket) => pour(socket, '250-X-HELLO\r\n')),
    { ending: 'misspoke', stage: 'ehlo' },
  ],
  'replies without end': [
    answering(greeting, (socket) => pour(socket, '250 hello\r\n')),
    { ending: 'misspoke' },
  ],
  'one byte at a time': [
    answering(greeting, (socket) => trickle(socket, '250-')),
    { ending: 'timed-out', stage: 'ehlo' },
  ],
  'one byte of a banner at a time': [
    answering((socket) => trickle(socket, '220-x\r\n')),
    { ending: 'timed-out', stage: 'greeting' },
  ],
  'a line of a gigabyte': [
    answering((socket) => pour(socket, '220 x')),
    { ending: 'misspoke', stage: 'greeting' },
  ],
  'a gigabyte of NULs': [
    answering((socket) => pour(socket, '\0')),
    { ending: 'misspoke', stage: 'greeting' },
  ],
  'a gigabyte of escape codes': [
    answering((socket) => pour(socket, '\x1b[31m')),
    { ending: 'misspoke', stage: 'greeting' },
  ],
  silence: [() => {}, { ending: 'timed-out', stage: 'greeting' }],
  'a reset': [(socket) => void socket.resetAndDestroy(), { ending: 'disconnected', how: 'reset' }],
  'plaintext behind the answer to STARTTLS': [
    answering(greeting, offer, '220 go ahead\r\n250 injected\x1b[31m\r\n'),
    { ending: 'misspoke', stage: 'starttls', why: 'plaintext behind the 220' },
  ],
  'no TLS behind the answer to STARTTLS': [
    answering(greeting, offer, '220 go ahead\r\n', (socket) => pour(socket, poison)),
    { ending: 'tls-failed', stage: 'starttls' },
  ],
  'half a handshake': [
    answering(greeting, offer, '220 go ahead\r\n', '\x16\x03\x03'),
    { ending: 'timed-out', stage: 'starttls' },
  ],
  'a handshake byte by byte': [
    answering(greeting, offer, '220 go ahead\r\n', (socket) =>
      trickle(socket, '\x16\x03\x03\x40\x00\x02\x00\x3f\xfc\x00'),
    ),
    { stage: 'starttls' },
  ],
};

const dialogue = scenario(
  'A dialogue',
  '  - connect: mx.example.net\n  - ehlo: probe.example.net\n  - starttls\n  - ehlo: probe.example.net\n',
  { provider: '{ provider: accept-all }', more: 'patience: 500ms\n' },
);

/** Runs the dialogue against a server and gives all that it wrote, by name. */
async function against(
  malice: Malice,
  text: string,
): Promise<{ told: Readonly<Record<string, string>>; code: number | null; taken: number; memory: number }> {
  let taken = 0;
  const server = net.createServer((socket) => {
    socket
      .on('error', () => {})
      .on('close', () => {
        taken += socket.bytesWritten - socket.writableLength;
      });
    malice(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const folder = folderWith({ 'x.yaml': text, 'memory.cjs': measure });
  const reporters = ['terminal', 'json=told.json', 'junit=told.xml'].flatMap((name) => ['--reporter', name]);
  const target = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { code, stdout, stderr } = await mxlab(
    ['run', 'x.yaml', '--target', target, '--detail', 'full', '--trace', 'traces', ...reporters],
    {
      cwd: folder,
      node: ['--require', './memory.cjs'],
    },
  );
  expect(stderr).toBe('');
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const [trace = ''] = readdirSync(join(folder, 'traces'));
  const told = {
    stdout,
    stderr,
    json: read('told.json'),
    junit: read('told.xml'),
    trace: read(join('traces', trace)),
  };
  return { told, code, taken, memory: Number(read('memory.txt')) };
}

/** Writes down the most memory that the process ever had, in bytes. */
const measure = `process.on('exit', () => require('node:fs').writeFileSync('memory.txt', String(process.resourceUsage().maxRSS * 1024)));`;

/** Control characters and marks of direction, lines ends excepted. */
const harmful = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

for (const [what, [malice, expected]] of Object.entries(malices)) {
  test(`claim 6: ${what} neither holds us nor fills us nor reaches the terminal`, async () => {
    const { told, code, taken, memory } = await against(malice, dialogue);
    expect({ code, stderr: told.stderr }).toEqual({ code: 1, stderr: '' });
    for (const [where, text] of Object.entries(told)) expect(harmful.exec(text), where).toBeNull();
    const endings = (told.json ?? '')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ type }) => type === 'ending');
    expect(endings[0]).toMatchObject(expected);
    expect(taken).toBeLessThan(32 * 1024 ** 2); // what the system's own buffers take in, and not a gigabyte
    expect(memory).toBeLessThan(400 * 1024 ** 2);
    for (const text of Object.values(told)) expect(text.length).toBeLessThan(200_000);
  });
}

test('claim 6: escape codes in well-formed replies are shown and do no harm', async () => {
  const answers = [
    `220 hostile.example ${poison}\r\n`,
    `250-${poison}\r\n250-X${poison}\r\n250 SIZE ${poison}\r\n`,
    `550 5.1.1 ${poison}\r\n`,
    `221 ${poison}\r\n`,
  ];
  const steps =
    '  - connect: mx.example.net\n  - ehlo: probe.example.net\n  - vrfy: ada\n    force: true\n    expect: [2xx, "550 5.1.1"]\n  - quit\n';
  const { told } = await against(
    answering(...answers),
    scenario('A dialogue', steps, { more: 'patience: 500ms\n' }),
  );
  for (const [where, text] of Object.entries(told)) expect(harmful.exec(text), where).toBeNull();
  expect(told.stdout).toContain('S: 550 5.1.1 \\x1b[2J\\x1b]0;owned\\x07');
  expect(told.stdout).toContain('1 passed');
  expect(told.stdout).toContain('simulated');
});
