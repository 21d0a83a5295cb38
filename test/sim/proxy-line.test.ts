import net, { type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { hours } from '../../src/time/duration.ts';
import { offering, type PlainLab, plainLab } from './plain-lab.ts';
import { WireClient } from './walk/wire-client.ts';

const traits = { accent: { ...offering.accent, greeting: '220 {host} for {ip}' } };

/** A connection to the door that wants a PROXY line, with nothing said yet; and all that comes, until its end. */
function knock({ lab }: PlainLab): { socket: Socket; all: Promise<string> } {
  const socket = net.connect({ port: lab.hosts.get('mx.example.net')?.labPort ?? 0, host: '127.0.0.1' });
  onTestFinished(() => void socket.destroy());
  let heard = '';
  socket.setEncoding('latin1').on('data', (text) => {
    heard += text;
    if (heard.includes('220 ')) socket.end('QUIT\r\n');
  });
  const all = new Promise<string>((resolve) =>
    socket.on('error', () => {}).on('close', () => resolve(heard)),
  );
  return { socket, all };
}

async function stillServes({ lab, clock }: PlainLab): Promise<void> {
  await clock.sleep(hours(1));
  const client = await WireClient.to(lab, '192.0.2.25');
  expect(await client.reply()).toEqual(['220 mx.example.net for 203.0.113.10']);
  client.hangUp();
}

const wellFormed: Readonly<Record<string, string>> = {
  'PROXY TCP4 198.51.100.7 192.0.2.25 1 25\r\n': '198.51.100.7',
  'PROXY TCP6 2001:db8::7 2001:db8::25 1 25\r\n': '2001:db8::7',
};

for (const [line, client] of Object.entries(wellFormed)) {
  test(`${line.trim()}: the greeting follows`, async () => {
    const there = await plainLab([], traits);
    const { socket, all } = knock(there);
    socket.write(line);
    expect(await all).toContain(`220 mx.example.net for ${client}\r\n`);
    await stillServes(there);
  });
}

test('a PROXY line in single bytes, and commands right behind it', async () => {
  const there = await plainLab([], traits);
  const { socket, all } = knock(there);
  for (const byte of 'PROXY TCP4 198.51.100.7 192.0.2.25 1 25\r\n') {
    socket.write(byte);
    await new Promise(setImmediate);
  }
  expect(await all).toContain('220 mx.example.net for 198.51.100.7\r\n');
  const hasty = knock(there);
  hasty.socket.write('PROXY TCP4 198.51.100.8 192.0.2.25 1 25\r\nNOOP\r\n');
  expect(await hasty.all).toContain('220 mx.example.net for 198.51.100.8\r\n250 ');
});

const garbage: Readonly<Record<string, string>> = {
  'no PROXY line at all': 'EHLO probe.example.org\r\n',
  'a PROXY line of something else': 'PROXY\r\n',
  'addresses that are none': 'PROXY TCP4 here there 1 25\r\n',
  'control characters': 'PROXY TCP4 \x1b[31m \0 1 25\r\n',
  'a line that does not end': 'P'.repeat(100_000),
  'the binary form': '\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\x7f\0\0\x01\x7f\0\0\x01\0\x19\0\x19',
  'bytes of TLS': '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03',
};

for (const [what, bytes] of Object.entries(garbage)) {
  test(`${what} instead of a PROXY line does not hurt the host`, async () => {
    const there = await plainLab([], traits);
    const { socket, all } = knock(there);
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.write(bytes, 'latin1');
    socket.end();
    expect(await all).not.toMatch(/[^\r\n\x20-\x7e]/);
    await stillServes(there);
  });
}

test.each(['end', 'resetAndDestroy'] as const)(
  'a client that leaves without a PROXY line (%s) does not hurt the host',
  async (leave) => {
    const there = await plainLab([], traits);
    const { socket, all } = knock(there);
    await new Promise((resolve) => socket.once('connect', resolve));
    socket[leave]();
    await all;
    await stillServes(there);
  },
);

test('under implicit TLS the PROXY line comes before the handshake', async () => {
  const { lab } = await plainLab([], traits, { implicitTls: true });
  const client = await WireClient.to(lab, '192.0.2.25', '198.51.100.9');
  expect(await client.secure()).toBe(true);
  expect(await client.reply()).toEqual(['220 mx.example.net for 198.51.100.9']);
  client.hangUp();
});
