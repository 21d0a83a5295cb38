import { describe, expect, test } from 'vitest';
import type { Got } from '../../src/probe/withheld.ts';
import { atHost, introduced } from './helpers/at-host.ts';
import { certificate } from './helpers/certificates.ts';
import { fin, type Manners, rst, silence } from './helpers/host.ts';
import type { Peer } from './helpers/scripted-server.ts';

const good = await certificate('mx.example.net');
const secure: Manners = {
  offers: ['STARTTLS', 'SIZE 1000'],
  offersUnderTls: ['AUTH PLAIN', 'SIZE 2000'],
  pair: good,
};

/** 220 to STARTTLS, and then something else than a handshake. */
const after220 = (then: (peer: Peer) => Promise<void> | void): Manners => ({
  offers: ['STARTTLS'],
  on: {
    STARTTLS: async (peer) => {
      await peer.say('220 2.0.0 go ahead\r\n');
      await then(peer);
    },
  },
});

test('TLS-01 STARTTLS is withheld where it is not offered', async () => {
  const { session, server } = await introduced({});
  expect(await session.starttls()).toMatchObject({ kind: 'withheld', rule: 'TLS-01', stage: 'starttls' });
  expect(server.lines).toHaveLength(1);
  expect(await session.starttls({ force: true })).toMatchObject({ kind: 'timed-out', stage: 'starttls' }); // 220, and no TLS behind it
  expect(server.lines).toHaveLength(2);
});

test('TLS-01 a refusal leaves the session in clear and usable', async () => {
  const { session } = await introduced({ offers: ['STARTTLS'], on: { STARTTLS: '454 4.7.0 not now' } });
  expect(await session.starttls()).toMatchObject({ kind: 'reply', reply: { code: 454 } });
  expect(session.tls).toBeUndefined();
  expect(await session.noop()).toMatchObject({ reply: { code: 250 } });
});

test('TLS-02 what was learnt in clear is forgotten', async () => {
  const { session } = await introduced(secure);
  expect(await session.starttls()).toMatchObject({ kind: 'reply', stage: 'starttls', reply: { code: 220 } });
  expect(session.capabilities.size).toBe(0);
  expect(await session.mail('a@example.net', { SIZE: 1 })).toMatchObject({ kind: 'withheld' });
  await session.ehlo('probe.example.net');
  expect([...session.capabilities.keys()]).toEqual(['AUTH', 'SIZE']);
  expect(session.transcript.events.at(-1)).toMatchObject({ kind: 'received', tls: true });
});

const injections = {
  'a whole reply in the same segment': '220 go\r\n250 fake\r\n',
  'the EHLO reply in the same segment': '220 go\r\n250-fake\r\n250 AUTH PLAIN\r\n',
  'a piece of one': '220 go\r\n25',
  'no reply at all': '220 go\r\n\x16\x03\x01',
} as const;

for (const [what, bytes] of Object.entries(injections)) {
  test(`TLS-03 plaintext behind the 220 is refused: ${what}`, async () => {
    const { session, server } = await introduced({
      offers: ['STARTTLS'],
      on: {
        STARTTLS: bytes.endsWith('\n')
          ? bytes
          : async (peer) => {
              await peer.say(bytes);
              await peer.line();
            },
      },
    });
    const got = await session.starttls();
    expect(got).toMatchObject({
      kind: 'misspoke',
      stage: 'starttls',
      command: 'STARTTLS',
      tls: false,
      bytes: expect.stringContaining(bytes.slice(8, 10)),
    });
    expect(session.tls).toBeUndefined();
    expect(await session.ehlo('probe.example.net')).toMatchObject({ kind: 'misspoke' });
    expect(server.peers[0]?.unread).toBe(''); // no ClientHello either
  });
}

test('TLS-03 plaintext in a segment of its own breaks the handshake', async () => {
  const { session } = await introduced(after220((peer) => peer.say('250 fake\r\n')));
  expect(await session.starttls()).toMatchObject({
    kind: 'tls-failed',
    stage: 'starttls',
    code: expect.stringMatching(/^ERR_SSL_/),
  });
});

test('TLS-04 TLS is not started twice, even when forced', async () => {
  const { session, server } = await introduced({ ...secure, offersUnderTls: ['STARTTLS'] });
  await session.starttls();
  const facts = session.tls;
  await session.ehlo('probe.example.net');
  expect(await session.starttls()).toMatchObject({ kind: 'withheld', rule: 'TLS-04' });
  expect(server.lines).toHaveLength(3);
  expect(session.tls).toBe(facts);
});

test('TLS-04 a 220 to a STARTTLS inside TLS starts nothing', async () => {
  let times = 0;
  const { session, server } = await introduced({
    offers: ['STARTTLS'],
    on: {
      STARTTLS: async (peer) => {
        await peer.say('220 go\r\n');
        if (times++ === 0) await peer.starttls(good);
      },
    },
  });
  await session.starttls();
  expect(await session.starttls({ force: true })).toMatchObject({ kind: 'reply', reply: { code: 220 } });
  expect(await session.noop()).toMatchObject({ kind: 'reply', reply: { code: 250 } });
  expect(server.lines.at(-1)).toBe('NOOP');
});

describe('TLS-07 a handshake that fails ends the session and says nothing in clear', () => {
  const ways: Readonly<Record<string, [(peer: Peer) => Promise<void> | void, object]>> = {
    FIN: [
      (peer) => peer.fin(),
      { kind: 'tls-failed', code: 'EOF', why: expect.stringContaining('closed the connection') },
    ],
    RST: [
      (peer) => peer.rst(),
      { kind: 'tls-failed', code: 'ECONNRESET', why: expect.stringContaining('reset the connection') },
    ],
    silence: [(peer) => peer.silence(), { kind: 'timed-out', after: 120_000, elapsed: 120_000 }],
    garbage: [
      (peer) => peer.say('this is no TLS record\r\n'),
      { kind: 'tls-failed', code: 'ERR_SSL_WRONG_VERSION_NUMBER' },
    ],
  };
  for (const [way, [then, expected]] of Object.entries(ways)) {
    test(way, async () => {
      const { session, server } = await introduced(after220(then));
      const got = await session.starttls();
      expect(got).toMatchObject({ ...expected, stage: 'starttls', command: 'STARTTLS', tls: false });
      expect(session.ended).toBe(got);
      await session.disconnect();
      expect(await session.quit()).toBe(got);
      expect(server.lines).toEqual(['EHLO probe.example.net', 'STARTTLS']);
      expect(session.transcript.events.at(-1)).toMatchObject({ kind: 'ended', ending: got });
    });
  }

  test('no version in common', async () => {
    const { session } = await introduced(
      after220((peer) => peer.starttls(good, { maxVersion: 'TLSv1.1', minVersion: 'TLSv1' })),
    );
    expect(await session.starttls()).toMatchObject({ kind: 'tls-failed', stage: 'starttls' });
  });
});

test('the facts of a session under TLS', async () => {
  const { session } = await introduced(secure, { ca: good.cert });
  await session.starttls();
  expect(session.tls).toEqual({
    protocol: 'TLSv1.3',
    cipher: expect.stringMatching(/^TLS_AES_/),
    trusted: true,
    certificate: {
      subject: 'CN=mx.example.net',
      issuer: 'CN=mx.example.net',
      altNames: 'DNS:mx.example.net',
      validFrom: '2020-01-01T00:00:00.000Z',
      validTo: '2049-12-31T00:00:00.000Z',
    },
  });
  expect(session.transcript.events.at(-1)).toEqual(
    expect.objectContaining({ kind: 'secured', tls: true, facts: session.tls }),
  );
});

const untrusted = {
  'a self-signed one': [good, 'DEPTH_ZERO_SELF_SIGNED_CERT', undefined],
  'one for another name': [await certificate('other.example'), 'ERR_TLS_CERT_ALTNAME_INVALID', 'its own'],
  'an expired one': [
    await certificate('mx.example.net', { notAfter: '2021-01-01' }),
    'CERT_HAS_EXPIRED',
    'its own',
  ],
} as const;

for (const [what, [pair, why, ca]] of Object.entries(untrusted)) {
  test(`an untrusted certificate is recorded and used: ${what}`, async () => {
    const { session } = await introduced({ ...secure, pair }, ca ? { ca: pair.cert } : {});
    expect(await session.starttls()).toMatchObject({ kind: 'reply' });
    expect(session.tls).toMatchObject({
      trusted: false,
      why,
      certificate: { subject: expect.stringMatching(/^CN=/) },
    });
    expect(await session.ehlo('probe.example.net')).toMatchObject({ kind: 'reply' });
  });

  test(`an untrusted certificate ends the session where TLS is to be verified: ${what}`, async () => {
    const { session, server } = await introduced(
      { ...secure, pair },
      { verifyTls: true, ...(ca ? { ca: pair.cert } : {}) },
    );
    expect(await session.starttls()).toMatchObject({
      kind: 'tls-failed',
      code: why,
      certificate: { validTo: expect.stringMatching(/^20/) },
    });
    expect(server.lines).toHaveLength(2);
    expect(session.tls).toBeUndefined();
  });
}

test('the name to check can be another than the host', async () => {
  const { session } = await introduced(secure, { ca: good.cert, servername: 'other.example' });
  await session.starttls();
  expect(session.tls).toMatchObject({ trusted: false, why: 'ERR_TLS_CERT_ALTNAME_INVALID' });
});

for (const host of ['192.0.2.1', '[192.0.2.1]', '[IPv6:2001:db8::1]']) {
  test(`a host known by its address only gets no name in the handshake: ${host}`, async () => {
    const { session, server } = await introduced(secure, { host });
    expect(await session.starttls()).toMatchObject({ kind: 'reply' });
    const { socket } = server.peers[0] as Peer;
    expect((socket as Peer['socket'] & { servername?: unknown }).servername).toBeFalsy();
  });
}

test('TLS-09 implicit TLS comes before the greeting', async () => {
  const { session, greeting, server } = await atHost(
    {},
    { tls: 'implicit', ca: good.cert },
    { implicit: good },
  );
  expect(greeting).toMatchObject({ kind: 'reply', stage: 'greeting' });
  expect(session.tls).toMatchObject({ trusted: true });
  expect(session.transcript.events.map(({ kind }) => kind)).toEqual(['connected', 'secured', 'received']);
  await session.ehlo('probe.example.net');
  expect(await session.starttls()).toMatchObject({ kind: 'withheld' });
  await session.quit();
  await session.disconnect();
  expect(server.lines).toEqual(['EHLO probe.example.net', 'QUIT']);
});

test('TLS-09 implicit TLS to a host that speaks in clear fails', async () => {
  const { session, greeting } = await atHost({}, { tls: 'implicit' });
  expect(greeting).toMatchObject({
    kind: 'tls-failed',
    code: 'ERR_SSL_WRONG_VERSION_NUMBER',
    stage: 'starttls',
  });
  expect(greeting).not.toHaveProperty('command');
  expect(session.ended).toBe(greeting);
});

describe('under TLS', () => {
  const ways = {
    FIN: [fin, { kind: 'disconnected', how: 'closed' }],
    RST: [rst, { kind: 'disconnected', how: 'reset' }],
    silence: [silence, { kind: 'timed-out' }],
  } as const;
  for (const [way, [reaction, expected]] of Object.entries(ways)) {
    test(`${way} is what it is`, async () => {
      const { session } = await introduced({ ...secure, on: { NOOP: reaction } });
      await session.starttls();
      expect(await session.noop()).toMatchObject({
        ...expected,
        stage: 'command',
        command: 'NOOP',
        tls: true,
      });
    });
  }

  test('plaintext breaks the session', async () => {
    const { session } = await introduced({
      ...secure,
      on: { NOOP: async (peer) => void peer.raw.write('250 in clear\r\n') },
    });
    await session.starttls();
    const got: Got = await session.noop();
    expect(got).toMatchObject({
      kind: 'tls-failed',
      stage: 'command',
      command: 'NOOP',
      tls: true,
      code: expect.stringMatching(/^ERR_SSL_/),
    });
  });

  test('a reply that lies unread when our write fails is not lost', async () => {
    const { session, server } = await introduced(secure);
    await session.starttls();
    await session.noop();
    const peer = server.peers[0] as Peer;
    peer.socket.write('421 4.4.2 idle too long\r\n');
    peer.raw.resetAndDestroy();
    expect(await session.noop()).toMatchObject({ kind: 'reply', reply: { code: 421 } });
    expect(await session.noop()).toMatchObject({ kind: 'disconnected', how: 'reset' });
  });

  test('our RST is a real RST', async () => {
    const { session, server } = await introduced(secure);
    await session.starttls();
    const raw = (server.peers[0] as Peer).raw;
    const failed = new Promise((resolve) => server.peers[0]?.socket.on('error', resolve));
    await session.disconnect('reset');
    expect(await failed).toMatchObject({ code: 'ECONNRESET' });
    expect(raw.destroyed).toBe(true);
  });

  test('QUIT and the hang-up go as in clear', async () => {
    const { session } = await introduced(secure);
    await session.starttls();
    expect(await session.quit()).toMatchObject({ reply: { code: 221 } });
    await session.disconnect();
    expect(session.transcript.events.at(-1)).toMatchObject({ kind: 'left', how: 'closed' });
  });
});
