import { expect, onTestFinished, test } from 'vitest';
import type { HostDialogue } from '../../src/sim/host-dialogue.ts';
import { minutes, seconds } from '../../src/time/duration.ts';
import { parseDialogue, printDialogue } from '../../src/transcript/notation.ts';
import type { RunningLab } from '../../src/world/running-lab.ts';
import { startLab } from '../../src/world/start-lab.ts';
import { hello, mail, OutsideClient, rcpt } from '../world/outside-client.ts';

async function lab(overrides: object = {}, provider = 'accept-all'): Promise<RunningLab> {
  const running = await startLab(
    { hosts: { 'mx.example.net': { provider, ...overrides } } },
    { clock: 'manual' },
  );
  onTestFinished(() => running.close());
  return running;
}

const there = (running: RunningLab) => running.host('mx.example.net');

/** The dialogue in the notation, without the line that names a port. */
const told = ({ events }: HostDialogue): string[] => printDialogue(events).split('\n').slice(1);

async function only(running: RunningLab): Promise<HostDialogue> {
  const [dialogue, ...others] = await running.waitForDialogues(1);
  expect(others).toEqual([]);
  return dialogue as HostDialogue;
}

test('a whole dialogue is told as its client would tell it, and reads back', async () => {
  const running = await lab({
    accent: { greeting: '220 {host} ready', ehlo: ['{host}', '8BITMIME'], message: '250 Ok' },
  });
  const client = await OutsideClient.to(there(running));
  await client.talk([hello, mail, rcpt, 'DATA', 'Subject: hi\r\n\r\ntext\r\n.', 'QUIT']);
  const dialogue = await only(running);
  const text = printDialogue(dialogue.events);
  expect(told(dialogue)).toEqual([
    'S: 220 mx.example.net ready',
    `C: ${hello}`,
    'S: 250-mx.example.net',
    'S: 250 8BITMIME',
    `C: ${mail}`,
    'S: 250 2.1.0 Ok',
    `C: ${rcpt}`,
    'S: 250 2.1.5 Ok',
    'C: DATA',
    'S: 354 End data with <CR><LF>.<CR><LF>',
    'C: Subject: hi',
    'C:',
    'C: text',
    'C: .',
    'S: 250 Ok',
    'C: QUIT',
    'S: 221 2.0.0 Bye',
    '-- the host closed the connection (FIN)',
  ]);
  expect(parseDialogue({ file: 'x', text })).not.toHaveProperty('issues');
  expect(dialogue).toMatchObject({
    id: 1,
    label: 'mx.example.net',
    provider: 'accept-all',
    client: '127.0.0.1',
    end: { at: 'quit', by: 'host', how: 'closed', unanswered: false },
    messages: [{ sender: 'ada@example.org', recipients: ['bob@example.net'], accepted: true, bytes: 21 }],
  });
  expect(dialogue.messages[0]?.content.toString()).toBe('Subject: hi\r\n\r\ntext\r\n');
});

test('of a longer message the beginning is kept in the dialogue, and all of it beside', async () => {
  const running = await lab();
  const client = await OutsideClient.to(there(running));
  const message = `Subject: long\r\n\r\n${'line\r\n'.repeat(100)}`;
  await client.talk([hello, mail, rcpt, 'DATA', `${message}.`]);
  client.close();
  const dialogue = await only(running);
  expect(told(dialogue)).toContain('-- and 585 bytes more');
  expect(dialogue.messages[0]?.content.toString()).toBe(message);
});

test('chunks are told with their commands, and what follows keeps its stage', async () => {
  const running = await lab({}, 'postfix');
  const client = await OutsideClient.to(there(running));
  await client.talk([hello, mail, 'RCPT TO:<alice@postfix.example>']);
  client.write('BDAT 15 LAST\r\nSubject: x\r\n\r\ny');
  await client.reply();
  await client.say('QUIT');
  const dialogue = await only(running);
  expect(told(dialogue)).toEqual(
    expect.arrayContaining(['C: BDAT 15 LAST', 'C: Subject: x', 'C: y', 'C: QUIT']),
  );
  expect(dialogue.messages).toMatchObject([{ bytes: 15, accepted: true }]);
});

test.each([
  ['AUTH PLAIN AGFkYQBzZWNyZXQ=', 'C: AUTH PLAIN ****'],
  ['auth  plain  AGFkYQBzZWNyZXQ=', 'C: auth  plain  ****'],
])('passwords are left out of %s', async (line, shown) => {
  const running = await lab({ accent: { ehlo: ['{host}', 'AUTH PLAIN LOGIN'] } });
  const client = await OutsideClient.to(there(running));
  await client.talk([hello, line, 'AUTH LOGIN', 'YWRh', 'c2VjcmV0']);
  client.close();
  const text = told(await only(running)).join('\n');
  expect(text).toContain(shown);
  expect(text).not.toMatch(/AGFk|YWRh|c2Vjc|bytes more/);
  expect(text).toContain('C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: ****\nS: 334 UGFzc3dvcmQ6\nC: ****');
});

test.each([
  ['close', 'closed', '-- the host closed the connection (FIN) in reply to RCPT TO'],
  ['reset', 'reset', '-- the host reset the connection (RST) in reply to RCPT TO'],
] as const)('a host that breaks off with %s instead of a reply', async (how, ended, note) => {
  const running = await lab({ behaviours: [{ disconnect: { at: 'rcpt', how } }] });
  const client = await OutsideClient.to(there(running));
  await client.talk([hello, mail, rcpt]);
  const dialogue = await only(running);
  expect(dialogue.end).toEqual({ at: 'rcpt', by: 'host', how: ended, unanswered: true });
  expect(told(dialogue).at(-1)).toBe(note);
  expect(dialogue.events.at(-1)).toMatchObject({
    kind: 'ended',
    ending: {
      kind: 'disconnected',
      command: rcpt,
      lastSent: `${rcpt}\r\n`,
      lastReceived: '250 2.1.0 Ok\r\n',
      tls: false,
    },
  });
});

test('a host that breaks off in the middle of a message', async () => {
  const running = await lab({
    behaviours: [{ disconnect: { at: 'message', how: 'reset', 'after-bytes': 100 } }],
  });
  const client = await OutsideClient.to(there(running));
  await client.talk([hello, mail, rcpt, 'DATA']);
  client.write('x'.repeat(200));
  await client.end();
  const dialogue = await only(running);
  expect(dialogue.end).toEqual({ at: 'message', by: 'host', how: 'reset', unanswered: true });
  expect(told(dialogue).at(-1)).toBe('-- the host reset the connection (RST) in reply to the message');
  expect(dialogue.messages).toEqual([]);
});

test.each([
  ['close', 'closed'],
  ['reset', 'reset'],
] as const)('a client that goes with %s while a reply is due', async (how, ended) => {
  const running = await lab({ behaviours: [{ disconnect: { at: 'rcpt', how: 'silence' } }] });
  const client = await OutsideClient.to(there(running));
  await client.talk([hello, mail]);
  client.write(`${rcpt}\r\n`);
  await new Promise<void>((resolve) =>
    running.listen({ said: (_, event) => event.kind === 'sent' && resolve() }),
  );
  client[how]();
  const dialogue = await only(running);
  expect(dialogue.end).toEqual({ at: 'rcpt', by: 'client', how: ended, unanswered: true });
  expect(told(dialogue).at(-1)).toBe('-- we hung up');
});

test('a client that goes without QUIT, with nothing due', async () => {
  const running = await lab();
  const client = await OutsideClient.to(there(running));
  await client.talk([hello]);
  client.close();
  expect((await only(running)).end).toEqual({ at: 'ehlo', by: 'client', how: 'closed', unanswered: false });
});

test('a reply that comes in pieces is told once it is whole, and when', async () => {
  const running = await lab({ behaviours: [{ 'wire-fault': { at: 'mail', fault: { drip: '1s' } } }] });
  const client = await OutsideClient.to(there(running));
  await client.talk([hello]);
  client.write(`${mail}\r\n`);
  const stop = running.listen({
    said: (dialogue) => expect(dialogue.events.at(-1)?.kind).not.toBe('received'),
  });
  await new Promise<void>((resolve) =>
    running.listen({ said: (_, event) => event.kind === 'sent' && resolve() }),
  );
  stop();
  let replied = false;
  const reply = client.reply().then((lines) => {
    replied = true;
    return lines;
  });
  while (!replied) {
    running.advance(seconds(1));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await reply).toEqual(['250 2.1.0 Ok']);
  client.close();
  const { events } = await only(running);
  expect(
    events
      .filter(({ kind }) => kind === 'received')
      .map((event) => ('lines' in event ? event.lines.at(-1) : '')),
  ).toEqual([expect.stringMatching(/^220 /), expect.stringMatching(/^250 /), '250 2.1.0 Ok']);
});

test.each([
  [{ truncate: 6 }, ['S: 250 2.']],
  [{ 'bare-lf': true }, ['S: 250 2.1.0 Ok']],
  [{ doubled: true }, ['S: 250 2.1.0 Ok', 'S: 250 2.1.0 Ok']],
  [{ instead: 'HTTP/1.1 400 Bad Request\\r\\n' }, ['S: HTTP/1.1 400 Bad Request']],
  [{ instead: '\\xff\\xfe\\x00' }, ['S: \\xff\\xfe\\x00']],
])('what is written instead of a reply is told as it was: %j', async (fault, expected) => {
  const running = await lab({ behaviours: [{ 'wire-fault': { at: 'mail', fault } }] });
  const client = await OutsideClient.to(there(running));
  await client.talk([hello]);
  client.write(`${mail}\r\n`);
  await new Promise<void>((resolve) =>
    running.listen({ said: (_, event) => event.kind === 'received' && resolve() }),
  );
  client.close();
  const lines = told(await only(running));
  const at = lines.indexOf(`C: ${mail}`);
  expect(lines.slice(at + 1, -1)).toEqual(expected);
});

test('a reply that nobody asked for is told as such', async () => {
  const running = await lab({
    behaviours: [{ 'session-limits': { idle: '5m', reply: '421 4.4.2 Idle too long' } }],
  });
  const client = await OutsideClient.to(there(running));
  await client.talk([hello]);
  running.advance(minutes(5));
  expect(await client.reply()).toEqual(['421 4.4.2 Idle too long']);
  const { events, end } = await only(running);
  expect(events.at(-2)).toMatchObject({
    kind: 'received',
    lines: ['421 4.4.2 Idle too long'],
    unsolicited: true,
  });
  expect(end).toEqual({ at: 'ehlo', by: 'host', how: 'closed', unanswered: false });
});

test('TLS is told without a word on trust, which only the client knows', async () => {
  const running = await lab({}, 'postfix');
  const client = await OutsideClient.to(there(running));
  await client.talk([hello, 'STARTTLS']);
  expect(await client.secure()).toBeUndefined();
  await client.say(hello);
  await client.say('QUIT');
  const dialogue = await only(running);
  expect(told(dialogue)).toContain('-- TLS 1.3');
  expect(dialogue.events.filter(({ tls }) => tls).length).toBeGreaterThan(4);
});

test('a client that does not like the certificate is told with its reason', async () => {
  const running = await lab({}, 'postfix');
  const client = await OutsideClient.to(there(running));
  await client.talk([hello, 'STARTTLS']);
  expect(await client.secure({ ca: [], maxVersion: 'TLSv1.2', servername: 'mx.example.net' })).toMatch(
    /VERIFY|SIGNED|ISSUER/,
  );
  await client.end();
  const dialogue = await only(running);
  expect(dialogue.end).toMatchObject({ at: 'starttls', by: 'client' });
  expect(dialogue.events.at(-1)?.kind).toMatch(/ended|hung-up/);
});

test('what is no TLS at all where TLS was announced is told', async () => {
  const running = await lab({}, 'postfix');
  const client = await OutsideClient.to(there(running));
  await client.talk([hello, 'STARTTLS']);
  client.write('EHLO in.clear.example\r\n');
  await client.end();
  const dialogue = await only(running);
  expect(told(dialogue).slice(-2)).toEqual([
    'C: EHLO in.clear.example',
    '-- the TLS handshake failed: plain text where TLS was to begin (PLAIN_TEXT)',
  ]);
});

test('lines that are too long are told without their bytes', async () => {
  const running = await lab();
  const client = await OutsideClient.to(there(running));
  await client.talk([hello, 'x'.repeat(20_000), `MAIL FROM:<${'y'.repeat(2_000)}@example.org>`]);
  client.close();
  const lines = told(await only(running));
  expect(lines).toContain('C: (a line that is too long)');
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(1_100);
  expect(lines).toContain('-- and 1000 bytes more');
});

test('of very many events the first are kept, and all are heard', async () => {
  const running = await lab();
  let heard = 0;
  running.listen({ said: () => void heard++ });
  const client = await OutsideClient.to(there(running));
  await client.reply();
  client.write('NOOP\r\n'.repeat(6_000));
  for (let i = 0; i < 6_000; i++) await client.reply();
  client.close();
  const { events } = await only(running);
  expect(events).toHaveLength(10_000);
  expect(heard).toBe(12_003);
});

test('NULs and control characters are told so that they harm nobody', async () => {
  const running = await lab();
  const client = await OutsideClient.to(there(running));
  await client.talk([hello, 'NO\0OP\x1b[31m\x07']);
  client.close();
  expect(told(await only(running))).toContain('C: NO\\x00OP\\x1b[31m\\x07');
});

test('dialogues of all hosts are numbered together', async () => {
  const hosts = { 'mx1.example.net': 'accept-all', 'mx2.example.net': 'accept-all' };
  const running = await startLab({ hosts });
  onTestFinished(() => running.close());
  for (const name of ['mx1.example.net', 'mx2.example.net', 'mx1.example.net']) {
    const client = await OutsideClient.to(running.host(name));
    await client.talk(['QUIT']);
  }
  const dialogues = await running.waitForDialogues(3);
  expect(dialogues.map(({ id, label }) => `${id} ${label}`)).toEqual([
    '1 mx1.example.net',
    '2 mx2.example.net',
    '3 mx1.example.net',
  ]);
});

test('a host that is shut down has hung up itself', async () => {
  const running = await lab();
  const client = await OutsideClient.to(there(running));
  await client.talk([hello]);
  const [dialogue] = running.dialogues;
  await running.close();
  expect(dialogue?.end).toMatchObject({ by: 'host', how: 'closed' });
});
