import tls from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { loadKnowledge } from '../../src/knowledge/knowledge.ts';
import type { HostDialogue } from '../../src/sim/host-dialogue.ts';
import { printDialogue } from '../../src/transcript/notation.ts';
import type { RunningLab } from '../../src/world/running-lab.ts';
import { startLab } from '../../src/world/start-lab.ts';
import { hello, OutsideClient } from '../world/outside-client.ts';

/** Clients with the wrong idea of a port: what the host answers, what is written down, and how it is explained. */

const { explainEnding } = await loadKnowledge();

async function lab(provider: string, host: object = {}): Promise<RunningLab> {
  const running = await startLab({ hosts: { 'mx.example.net': { provider, ...host } } });
  onTestFinished(() => running.close());
  return running;
}

async function only(running: RunningLab): Promise<HostDialogue> {
  const [dialogue] = await running.waitForDialogues(1);
  return dialogue as HostDialogue;
}

const told = ({ events }: HostDialogue): string[] => printDialogue(events).split('\n').slice(1);

function explained(dialogue: HostDialogue): string | undefined {
  const last = dialogue.events.at(-1);
  return last?.kind === 'ended' ? explainEnding(last.ending, dialogue).id : undefined;
}

/** A real ClientHello, with line ends in it or not as chance has it. */
async function clientHello(): Promise<Buffer> {
  const { Duplex } = await import('node:stream');
  return new Promise((resolve) => {
    const wire = new Duplex({
      read() {},
      write(bytes: Buffer, _encoding, done) {
        resolve(bytes);
        done();
      },
    });
    tls.connect({ socket: wire, servername: 'mx.example.net' }).on('error', () => {});
  });
}

test.each([
  ['postfix', '500 5.5.2 Error: bad UTF-8 syntax'],
  ['gmail', /^502 5\.5\.1 /],
  ['outlook', /^500 5\.3\.3 Unrecognized command/],
  ['exim', '500 unrecognized command'],
  ['sendmail', /^500 5\.5\.1 Command unrecognized/],
])('a ClientHello on a plain port of %s', async (provider, words) => {
  const running = await lab(provider);
  const client = await OutsideClient.to(running.host('mx.example.net'));
  await client.reply();
  client.write(await clientHello());
  const reply = (await client.reply()).at(-1) ?? '';
  expect(reply).toMatch(words);
  expect(reply).not.toMatch(/[^ -~]/);
  client.close();
  const dialogue = await only(running);
  const lines = told(dialogue);
  expect(lines).toContain('C: (a TLS ClientHello)');
  expect(lines.at(-1)).toBe('-- the TLS handshake failed: a TLS ClientHello on a plain port (CLIENT_HELLO)');
  expect(lines.join('')).not.toMatch(/[^ -~]/);
  expect(explained(dialogue)).toBe('client-began-with-tls');
});

test('a ClientHello in pieces, with line ends inside, is one bad command, and the session goes on', async () => {
  const running = await lab('gmail');
  const client = await OutsideClient.to(running.host('mx.example.net'));
  await client.reply();
  const hello1 = Buffer.concat([Buffer.from([0x16, 3, 1, 0, 40]), Buffer.alloc(40, '\r\n')]);
  for (const byte of hello1) client.write(Buffer.from([byte]));
  expect((await client.reply()).at(-1)).toMatch(/^502 /);
  expect((await client.say('NOOP')).at(-1)).toMatch(/^250 /);
  client.close();
  const dialogue = await only(running);
  expect(told(dialogue).filter((line) => line.startsWith('C:'))).toEqual([
    'C: (a TLS ClientHello)',
    'C: NOOP',
  ]);
  expect(explained(dialogue)).toBeUndefined(); // it got over it
});

test('a real TLS client on a plain port says what everybody searches for', async () => {
  const running = await lab('postfix');
  const client = await OutsideClient.to(running.host('mx.example.net'));
  expect(await client.secure()).toBe('ERR_SSL_WRONG_VERSION_NUMBER');
  expect(explained(await only(running))).toMatch(/client-began-with-tls/);
});

test('an early ClientHello waits for the greeting as any early talker', async () => {
  const running = await lab('accept-all', { behaviours: [{ tarpit: { at: 'greeting', delay: '50ms' } }] });
  const client = await OutsideClient.to(running.host('mx.example.net'));
  client.write(await clientHello());
  expect((await client.reply())[0]).toMatch(/^220/);
  expect((await client.reply())[0]).toMatch(/^500/);
});

test('text to a port with TLS from the first byte ends it, and is explained', async () => {
  const running = await lab('postfix', { tls: 'implicit' });
  const client = await OutsideClient.to(running.host('mx.example.net'));
  client.write(`${hello}\r\n`);
  await client.end();
  const dialogue = await only(running);
  expect(told(dialogue)).toEqual([
    `C: ${hello}`,
    '-- the TLS handshake failed: plain text where TLS was to begin (PLAIN_TEXT)',
  ]);
  expect(explained(dialogue)).toBe('client-spoke-plain-text');
});

test('a password in text to a port with TLS is not written down', async () => {
  const running = await lab('postfix', { tls: 'implicit' });
  const client = await OutsideClient.to(running.host('mx.example.net'));
  client.write('AUTH PLAIN AGFkYQBzZWNyZXQ=\r\n');
  await client.end();
  expect(told(await only(running))[0]).toBe('C: AUTH PLAIN ****');
});

test('a client that waits for a greeting where TLS was to begin', async () => {
  const running = await lab('gmail', { tls: 'implicit' });
  const client = await OutsideClient.to(running.host('mx.example.net'));
  client.close();
  await client.end();
  const dialogue = await only(running);
  expect(told(dialogue)).toEqual([
    '-- the TLS handshake failed: the client never began with TLS (NO_CLIENT_HELLO)',
  ]);
  expect(explained(dialogue)).toBe('client-never-began-with-tls');
});

test('a client that goes on in clear behind STARTTLS', async () => {
  const running = await lab('gmail');
  const client = await OutsideClient.to(running.host('mx.example.net'));
  await client.talk([hello, 'STARTTLS']);
  client.write(`${hello}\r\n`);
  await client.end();
  expect(explained(await only(running))).toBe('client-went-on-in-clear');
});

test('a client that does not trust the certificate says so, and is told what to do', async () => {
  const running = await lab('gmail', { tls: 'implicit' });
  const client = await OutsideClient.to(running.host('mx.example.net'));
  await client.secure({ ca: await running.authorities(), servername: 'mx.example.net' });
  expect((await client.reply())[0]).toMatch(/^220 /);
  expect(told(running.dialogues[0] as HostDialogue)[0]).toBe('-- TLS 1.3');
});
