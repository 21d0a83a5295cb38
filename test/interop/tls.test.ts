import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { labRoot } from '../../src/sim/certificates.ts';
import { type Delivery, delivery } from './clients/delivery.ts';
import { sendWithNodemailer } from './clients/nodemailer.ts';
import { handshakeWithOpenssl } from './clients/openssl.ts';
import { sendWithSmtplib } from './clients/smtplib.ts';
import { temporaryFolder } from './peers.ts';
import { startHost } from './simulated-host.ts';

/** What programs that are not ours see of each trouble with TLS, when they trust the lab's root and look. */
interface Seen {
  readonly situation: string;
  readonly openssl: RegExp;
  readonly smtplib: RegExp;
  readonly nodemailer: RegExp;
}

const gone = /EOF occurred|Connection unexpectedly closed|Connection reset/;
const goneForNode = /socket disconnected|ECONNRESET|closed unexpectedly|Unexpected socket close/;

const troubles: readonly Seen[] = [
  {
    situation: 'certificate-expired',
    openssl: /certificate has expired/,
    smtplib: /certificate has expired/,
    nodemailer: /certificate has expired/,
  },
  {
    situation: 'certificate-not-yet-valid',
    openssl: /certificate is not yet valid/,
    smtplib: /certificate is not yet valid/,
    nodemailer: /certificate is not yet valid/,
  },
  {
    situation: 'certificate-wrong-name',
    openssl: /hostname mismatch/i,
    smtplib: /IP address mismatch/i,
    nodemailer: /altnames/,
  },
  {
    situation: 'certificate-self-signed',
    openssl: /self-signed certificate/,
    smtplib: /self-signed certificate/,
    nodemailer: /self-signed certificate/,
  },
  {
    situation: 'certificate-no-chain',
    openssl: /unable to get local issuer certificate/,
    smtplib: /unable to get local issuer certificate/,
    nodemailer: /unable to verify the first certificate/,
  },
  {
    situation: 'certificate-weak-key',
    openssl: /EE certificate key too weak/i,
    smtplib: /EE certificate key too weak/,
    nodemailer: /gsmtp/, // taken: Node looks at security level 1
  },
  {
    situation: 'tls-1.0-only',
    openssl: /alert protocol version|unsupported protocol|legacy sigalg/,
    smtplib: /ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/i,
    nodemailer: /alert protocol version|unsupported protocol/,
  },
  { situation: 'handshake-closed', openssl: /unexpected eof/, smtplib: gone, nodemailer: goneForNode },
  { situation: 'handshake-reset', openssl: /errno=104/, smtplib: gone, nodemailer: goneForNode },
  { situation: 'handshake-cut-short', openssl: /unexpected eof/, smtplib: gone, nodemailer: goneForNode },
  { situation: 'handshake-reset-midway', openssl: /errno=104/, smtplib: gone, nodemailer: goneForNode },
  {
    situation: 'handshake-garbage',
    openssl: /wrong version number/,
    smtplib: /WRONG_VERSION_NUMBER|record layer failure/,
    nodemailer: /wrong version number/,
  },
];

let folder = '';
let rootFile = '';
let root = '';
beforeAll(async () => {
  folder = await temporaryFolder('tls');
  rootFile = join(folder, 'root.pem');
  root = await labRoot();
  await writeFile(rootFile, root);
});
afterAll(async () => (await import('node:fs/promises')).rm(folder, { recursive: true }));

async function at(
  situation: string | undefined,
  implicit: boolean,
  look: (wish: Delivery, port: number) => Promise<unknown>,
): Promise<void> {
  const host = await startHost('gmail', { implicitTls: implicit, ...(situation ? { situation } : {}) });
  const door = implicit ? { implicit: true } : { tls: true };
  try {
    await look(delivery(host.port, { ...door, trust: { root, name: 'mx.example.net' } }), host.port);
  } finally {
    await host.close();
  }
}

describe.each([
  ['STARTTLS', false],
  ['TLS from the first byte', true],
])('%s', (_, implicit) => {
  test('a good certificate is good for all', async () => {
    await at(undefined, implicit, async (wish, port) => {
      expect(await handshakeWithOpenssl(port, { rootFile, implicit })).toMatch(/Verification: OK/);
      expect(await sendWithSmtplib(wish)).toMatchObject({ accepted: true });
      expect(await sendWithNodemailer(wish)).toMatchObject({ sent: true });
    });
  });

  test.each(troubles)('$situation', async ({ situation, openssl, smtplib, nodemailer }) => {
    await at(situation, implicit, async (wish, port) => {
      expect(await handshakeWithOpenssl(port, { rootFile, implicit })).toMatch(openssl);
      expect((await sendWithSmtplib(wish)).text ?? '').toMatch(smtplib);
      const story = await sendWithNodemailer(wish);
      expect(story.response ?? story.message).toMatch(nodemailer);
    });
  });
});

test('programs with the wrong idea of a port', async () => {
  await at(undefined, false, async (wish) => {
    const { tls: _, ...clear } = wish;
    expect((await sendWithSmtplib({ ...clear, implicit: true })).text).toMatch(
      /WRONG_VERSION_NUMBER|record layer failure/,
    );
    expect((await sendWithNodemailer({ ...clear, implicit: true })).message).toMatch(/wrong version number/i);
  });
  await at(undefined, true, async (wish) => {
    const { implicit: _, ...clear } = { ...wish, timeout: 1 };
    expect((await sendWithSmtplib(clear)).text).toMatch(/timed out/);
    expect((await sendWithNodemailer(clear)).message).toMatch(/Greeting never received/);
  });
});
