import { expect, test } from 'vitest';
import * as commands from '../../src/probe/command.ts';
import * as envelope from '../../src/probe/envelope.ts';
import { introduced } from './helpers/at-host.ts';
import { certificate } from './helpers/certificates.ts';

const group = [
  envelope.mail('a@example.net'),
  envelope.rcpt('b@example.net'),
  envelope.rcpt('c@example.net'),
  commands.data,
];

test('PIP-01 a group is withheld where PIPELINING is not offered', async () => {
  const { session, server } = await introduced({});
  const got = await session.pipeline(group);
  expect(got).toHaveLength(4);
  for (const one of got) expect(one).toMatchObject({ kind: 'withheld', rule: 'PIP-01' });
  expect(server.lines).toHaveLength(1);
  expect(await session.pipeline(group, { force: true })).toMatchObject([
    { kind: 'reply' },
    { kind: 'reply' },
    { kind: 'reply' },
    { reply: { code: 354 } },
  ]);
});

test('PIP-01 a group of one needs no PIPELINING', async () => {
  const { session } = await introduced({});
  expect(await session.pipeline([commands.rset])).toMatchObject([{ reply: { code: 250 } }]);
  expect(await session.pipeline([])).toEqual([]);
});

test('PIP-01 a group travels in one write', async () => {
  const chunks: string[] = [];
  const { session, server } = await introduced({ offers: ['PIPELINING'] });
  server.peers[0]?.raw.on('data', (chunk) => chunks.push(chunk.toString()));
  await session.pipeline(group);
  expect(chunks).toEqual([
    'MAIL FROM:<a@example.net>\r\nRCPT TO:<b@example.net>\r\nRCPT TO:<c@example.net>\r\nDATA\r\n',
  ]);
});

for (const early of [
  commands.ehlo('x.example'),
  commands.data,
  commands.vrfy('x'),
  commands.quit,
  commands.noop(),
  commands.starttls,
  commands.bdat(Buffer.from('x'), false),
]) {
  test(`PIP-02 ${early.line} may stand only at the end of a group`, async () => {
    const { session, server } = await introduced({ offers: ['PIPELINING', 'STARTTLS', 'CHUNKING'] });
    expect(await session.pipeline([early, commands.rset])).toMatchObject([
      { kind: 'withheld', rule: 'PIP-02' },
      { kind: 'withheld' },
    ]);
    expect(server.lines).toHaveLength(1);
  });
}

test('PIP-03 replies are paired by counting', async () => {
  let recipients = 0;
  const { session } = await introduced({
    offers: ['PIPELINING'],
    on: { RCPT: (peer) => peer.say(recipients++ === 0 ? '550-5.1.1 a\r\n550 5.1.1 b\r\n' : '250 ok\r\n') },
  });
  const got = await session.pipeline(group);
  expect(got.map((one) => one.kind === 'reply' && `${one.stage} ${one.reply.code}`)).toEqual([
    'mail 250',
    'rcpt 550',
    'rcpt 250',
    'data 354',
  ]);
});

test('PIP-03 all replies in one segment, and each in its own', async () => {
  const text = '250 ok\r\n550-a\r\n550 b\r\n250 ok\r\n354 go\r\n';
  for (const cuts of [[], [8, 15, 22, 30]]) {
    const { session } = await introduced({
      offers: ['PIPELINING'],
      on: {
        MAIL: async (peer) => {
          for (let i = 0; i < 3; i++) await peer.line();
          await peer.sayInPieces(text, cuts);
        },
      },
    });
    const got = await session.pipeline(group);
    expect(got.map((one) => one.kind === 'reply' && one.reply.code)).toEqual([250, 550, 250, 354]);
  }
});

test('PIP-04 each reply of a group has the patience of its own stage', async () => {
  const { session } = await introduced(
    {
      offers: ['PIPELINING'],
      on: {
        RCPT: async (peer) => {
          await peer.sleep(40_000);
          await peer.say('250 ok\r\n');
        },
        DATA: (peer) => peer.silence(),
      },
    },
    { patience: { rcpt: 50_000, data: 10_000 } },
  );
  expect(await session.pipeline(group)).toMatchObject([
    { kind: 'reply', elapsed: 0 },
    { kind: 'reply', elapsed: 40_000 },
    { kind: 'reply', elapsed: 80_000 },
    { kind: 'timed-out', stage: 'data', after: 10_000, elapsed: 90_000, command: 'DATA' },
  ]);
});

test('PIP-04 a group larger than all buffers between us is answered without a deadlock', async () => {
  const many = Array.from({ length: 60_000 }, (_, i) => envelope.rcpt(`recipient-number-${i}@example.net`));
  const { session } = await introduced({
    offers: ['PIPELINING'],
    on: { RCPT: (peer) => void peer.socket.write('250 2.1.5 ok\r\n') },
  });
  const got = await session.pipeline(many);
  expect(got.every((one) => one.kind === 'reply' && one.reply.code === 250)).toBe(true);
  expect(got).toHaveLength(60_000);
});

test('PIP-05 SES-09 354 despite refused recipients is answered by the lone dot', async () => {
  const { session, server } = await introduced({
    offers: ['PIPELINING'],
    on: { RCPT: '550 no', message: '554 no valid recipients' },
  });
  const got = await session.pipeline(group);
  expect(got.at(-1)).toMatchObject({ reply: { code: 354 } });
  expect(await session.message('')).toMatchObject({ reply: { code: 554 } });
  expect(server.lines.slice(-2)).toEqual(['DATA', '.']);
});

test('TLS-01 STARTTLS at the end of a group leads to the handshake', async () => {
  const { session } = await introduced({
    offers: ['PIPELINING', 'STARTTLS'],
    pair: await certificate('mx.example.net'),
  });
  expect(await session.pipeline([commands.rset, commands.starttls])).toMatchObject([
    { reply: { code: 250 } },
    { reply: { code: 220 } },
  ]);
  expect(session.tls).toMatchObject({ trusted: false });
  expect(await session.ehlo('probe.example.net')).toMatchObject({ reply: { code: 250 } });
});

test('one withheld command withholds its group', async () => {
  const { session, server } = await introduced({ offers: ['PIPELINING'] });
  const got = await session.pipeline([
    envelope.mail('a@example.net', { SIZE: 5 }),
    envelope.rcpt('b@example.net'),
  ]);
  expect(got).toMatchObject([
    { kind: 'withheld', rule: 'SYN-18', stage: 'mail' },
    { kind: 'withheld', rule: 'SYN-18', stage: 'rcpt' },
  ]);
  expect(server.lines).toHaveLength(1);
});
