import net from 'node:net';
import tls from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { commonSituations } from '../../src/sim/common-situations.ts';
import type { RunningLab } from '../../src/world/running-lab.ts';
import { startLab } from '../../src/world/start-lab.ts';
import { hello, OutsideClient } from '../world/outside-client.ts';

/** What Node tells a client that trusts the lab's root, and looks. `end` is FIN, an `errno` is RST. */
const troubles: Readonly<Record<string, string | undefined>> = {
  'certificate-expired': 'CERT_HAS_EXPIRED',
  'certificate-not-yet-valid': 'CERT_NOT_YET_VALID',
  'certificate-wrong-name': 'ERR_TLS_CERT_ALTNAME_INVALID',
  'certificate-self-signed': 'DEPTH_ZERO_SELF_SIGNED_CERT',
  'certificate-no-chain': 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'certificate-weak-key': undefined, // Node looks at security level 1
  'tls-1.0-only': 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  'handshake-closed': 'end',
  'handshake-reset': 'errno -104',
  'handshake-cut-short': 'end',
  'handshake-reset-midway': 'errno -104',
  'handshake-garbage': 'ERR_SSL_WRONG_VERSION_NUMBER',
};

async function lab(
  situation: string | undefined,
  implicit: boolean,
  provider = 'gmail',
): Promise<RunningLab> {
  const host = {
    provider,
    ...(situation ? { situation } : {}),
    ...(implicit ? { tls: 'implicit' as const } : {}),
  };
  const running = await startLab({ hosts: { 'mx.example.net': host } });
  onTestFinished(() => running.close());
  return running;
}

/** How the client's half of a handshake ends: `undefined` when it is good. */
async function handshake(
  running: RunningLab,
  implicit: boolean,
  more: tls.ConnectionOptions = {},
): Promise<string | undefined> {
  const { address, port } = running.host('mx.example.net');
  const raw = net.connect({ host: address, port });
  onTestFinished(() => void raw.destroy());
  let fin = false;
  raw.once('end', () => {
    fin = true;
  });
  if (!implicit) for (const line of [hello, 'STARTTLS', '']) await replied(raw, line);
  const ca = await running.authorities();
  const secured = tls.connect({ socket: raw, servername: 'mx.example.net', ca, ...more });
  return new Promise((resolve) => {
    secured.once('secureConnect', () => resolve(undefined));
    secured.once('error', ({ code, errno, syscall }: NodeJS.ErrnoException) => {
      if (code !== 'ECONNRESET') resolve(code);
      else resolve(syscall === 'read' ? `errno ${errno}` : 'end'); // Node says ECONNRESET of a FIN in a handshake as well
    });
    secured.once('close', () => resolve(fin ? 'end' : 'closed'));
  });
}

/** Waits for a whole reply, then says something. */
function replied(raw: net.Socket, next: string): Promise<void> {
  return new Promise((resolve) => {
    let input = '';
    const hear = (bytes: Buffer): void => {
      input += bytes.toString('latin1');
      if (!/(?:^|\r\n)\d{3}(?: .*)?\r\n$/.test(input)) return;
      raw.off('data', hear);
      if (next !== '') raw.write(`${next}\r\n`);
      resolve();
    };
    raw.on('data', hear);
  });
}

test('every trouble is among them, but silence', () => {
  expect(Object.keys(troubles).sort()).toEqual(
    Object.keys(commonSituations)
      .filter((name) => name !== 'handshake-silent')
      .sort(),
  );
});

for (const implicit of [false, true]) {
  const door = implicit ? 'TLS from the first byte' : 'STARTTLS';

  test(`a good certificate, ${door}`, async () => {
    expect(await handshake(await lab(undefined, implicit), implicit)).toBeUndefined();
  });

  test.each(Object.entries(troubles))(`%s, ${door}`, async (situation, seen) => {
    expect(await handshake(await lab(situation, implicit), implicit)).toBe(seen);
  });

  test.each([
    ['handshake-closed', 'EOF'],
    ['handshake-reset', 'ECONNRESET'],
    ['handshake-cut-short', 'EOF'],
    ['handshake-reset-midway', 'ECONNRESET'],
    ['handshake-garbage', 'ERR_SSL_WRONG_VERSION_NUMBER'],
  ])(`of %s the host tells what its client met, ${door}`, async (situation, code) => {
    const running = await lab(situation, implicit);
    await handshake(running, implicit);
    const [dialogue] = await running.waitForDialogues(1);
    expect(dialogue?.events.at(-1)).toMatchObject({
      kind: 'ended',
      ending: { kind: 'tls-failed', code, stage: implicit ? 'connect' : 'starttls' },
    });
  });

  test(`a handshake that is never answered, ${door}`, async () => {
    const running = await lab('handshake-silent', implicit);
    const ended = handshake(running, implicit);
    await running.waitForDialogues(1, 300).catch(() => {}); // nothing comes to wait for
    await running.close();
    expect(await ended).toBe('end');
  });

  test(`a client that speaks TLS 1.0 is served by a host that speaks nothing else, ${door}`, async () => {
    const old = { minVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const;
    expect(await handshake(await lab('tls-1.0-only', implicit), implicit, old)).toBeUndefined();
  });
}

test('a program that trusts the root may call the host by its address or as localhost', async () => {
  const running = await lab(undefined, false);
  for (const name of ['localhost', '127.0.0.1', 'mx.example.net'])
    expect(
      await handshake(running, false, { servername: '', host: name, checkServerIdentity: named(name) }),
    ).toBeUndefined();
});

const named =
  (name: string) =>
  (_: string, certificate: tls.PeerCertificate): Error | undefined =>
    tls.checkServerIdentity(name, certificate);

test('a situation that is switched on is felt by the next handshake, and by no other host', async () => {
  const running = await startLab({ hosts: { 'mx.example.net': 'gmail', 'mx2.example.net': 'gmail' } });
  onTestFinished(() => running.close());
  running.switch('mx.example.net', 'certificate-expired');
  expect(await handshake(running, false)).toBe('CERT_HAS_EXPIRED');
  running.switch('mx.example.net', 'certificate-expired', false);
  expect(await handshake(running, false)).toBeUndefined();
});

test('handshakes under way at the same time get each its own certificate', async () => {
  const running = await lab(undefined, false);
  const seen: (string | undefined)[] = [];
  const calls = [];
  for (let i = 0; i < 8; i++) {
    running.switch('mx.example.net', 'certificate-expired', i % 2 === 0);
    calls.push(handshake(running, false).then((code) => seen.push(code)));
  }
  await Promise.all(calls);
  running.switch('mx.example.net', 'certificate-expired', true);
  expect(await handshake(running, false)).toBe('CERT_HAS_EXPIRED');
  expect(new Set(seen).size).toBe(1); // whatever was switched on last when their STARTTLS came
});

test('a host that waits for TLS gives up in the end, without a word in clear', async () => {
  const running = await startLab(
    { hosts: { 'mx.example.net': { provider: 'postfix', tls: 'implicit' } } },
    { clock: 'manual' },
  );
  onTestFinished(() => running.close());
  const client = await OutsideClient.to(running.host('mx.example.net'));
  await new Promise<void>((resolve) => {
    if (running.dialogues.length > 0) return resolve();
    const stop = running.listen({ opened: () => resolve(stop()) });
  });
  running.advance(5 * 60_000);
  expect(await client.reply()).toEqual(['fin']);
});
