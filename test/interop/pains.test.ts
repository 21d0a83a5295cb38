import { expect, test } from 'vitest';
import {
  curlTells,
  nodemailerTells,
  phpmailerTells,
  smtplibTells,
  tellOf,
  transportOf,
} from './pains/clients.ts';
import { startPain } from './pains/lab.ts';

/**
 * For rows of fixtures/reference/pains-and-peers.md that name a client: that client, against the hosts of the row's
 * scenario, says what the developer read; and with one setting changed it does not. Go's clients (row 14) are not asked,
 * since Go is too large to install for it.
 */
const login = { auth: { user: 'ada', pass: 'secret word' } };

test('13: nodemailer is told to try again later as long as it calls itself localhost', async () => {
  await using lab = await startPain('13');
  const { port } = lab.host('gmail-smtp-in.google.example');
  expect(await nodemailerTells({ port, name: 'localhost' })).toContain(
    '421-4.7.0 Try again later, closing connection. (EHLO)',
  );
  expect(await nodemailerTells({ port, name: 'mail.example.org' })).toBe('sent');
});

test('14: smtplib and curl lose the 421 that would have told them to change their name', async () => {
  await using lab = await startPain('14');
  const { port } = lab.host('mx1.example.net');
  expect(await smtplibTells({ port, name: 'localhost' })).toEqual({
    accepted: false,
    exception: 'SMTPServerDisconnected',
    text: 'Connection unexpectedly closed',
  });
  expect(await smtplibTells({ port, name: 'mail.example.org' })).toEqual({ accepted: true });
  const lost = await curlTells({ port, name: 'localhost' });
  expect(lost).toEqual({ code: 56, text: expect.stringMatching(/^curl: \(56\) /) });
  expect(lost.text).not.toContain('421');
  expect(await curlTells({ port, name: 'mail.example.org' })).toEqual({ code: 0, text: '' });
});

test('17: nodemailer finds the connection closed until the service behind the port is ready', async () => {
  await using lab = await startPain('17');
  const { port } = lab.host('mail.example.net');
  const closed = 'ECONNECTION: Connection closed unexpectedly'; // 6.7.2 said "Unexpected socket close"
  expect(await nodemailerTells({ port })).toBe(closed);
  expect(await nodemailerTells({ port })).toBe(closed);
  expect(await nodemailerTells({ port })).toBe('sent');
});

test('18: nodemailer has some messages of a loop reset, and none where it keeps to one connection', async () => {
  await using lab = await startPain('18');
  const { port } = lab.host('mx1.example.net');
  const loop = Array.from({ length: 6 });
  const each = await Promise.all(loop.map(() => nodemailerTells({ port })));
  expect(each.filter((told) => told === 'sent').length).toBeGreaterThan(0);
  expect(each).toContain('ESOCKET: read ECONNRESET');
  expect(new Set(each)).toEqual(new Set(['sent', 'ESOCKET: read ECONNRESET']));
  const pooled = transportOf({ port, pool: true, maxConnections: 1 });
  try {
    expect(new Set(await Promise.all(loop.map(() => tellOf(pooled))))).toEqual(new Set(['sent']));
  } finally {
    pooled.close();
  }
});

test('19: nodemailer says "wrong version number" with secure: true on 587', async () => {
  await using lab = await startPain('19');
  const { port } = lab.host('submission.example.net');
  expect(await nodemailerTells({ port, secure: true, ...login })).toMatch(/^ESOCKET: .*wrong version number/);
  expect(await nodemailerTells({ port, secure: false, ...login })).toBe('sent');
});

test('20: nodemailer of today notices that a pooled connection has gone, however it went', async () => {
  await using lab = await startPain('20', 'manual');
  for (const { port } of lab.hosts) {
    const pooled = transportOf({ port, pool: true, ignoreTLS: true });
    try {
      expect(await tellOf(pooled)).toBe('sent');
      lab.advance(61_000);
      expect(await tellOf(pooled)).toBe('sent');
    } finally {
      pooled.close();
    }
  }
});

test('25: nodemailer meets a STARTTLS that a firewall has made XXXX of', async () => {
  await using lab = await startPain('25');
  const { port } = lab.host('mx1.example.net');
  expect(await nodemailerTells({ port, requireTLS: true })).toBe(
    'ETLS: Error upgrading connection with STARTTLS: 500 5.5.1 Command unrecognized: "XXXX"',
  );
  expect(await nodemailerTells({ port, requireTLS: false })).toBe('sent');
});

test('26: nodemailer logs in too early, and in time once TLS is allowed', async () => {
  await using lab = await startPain('26');
  const { port } = lab.host('clear.example.net');
  expect(await nodemailerTells({ port, forceAuth: true, ignoreTLS: true, ...login })).toBe(
    'EAUTH: Invalid login: 503 AUTH command used when not advertised',
  );
  expect(await nodemailerTells({ port, forceAuth: true, ignoreTLS: false, ...login })).toBe('sent');
});

test('26: nodemailer is refused by hosts that take no password, whatever it is', async () => {
  await using lab = await startPain('26');
  const told = (host: string) => nodemailerTells({ port: lab.host(host).port, ignoreTLS: true, ...login });
  expect(await told('ntlm.example.net')).toBe(
    'EAUTH: Invalid login: 504 5.7.4 Unrecognized authentication type',
  );
  expect(await told('tenant.example.net')).toContain('535 5.7.139 Authentication unsuccessful');
});

test('26: PHPMailer cannot authenticate in clear, and can with SMTPSecure = tls', async () => {
  await using lab = await startPain('26');
  const { port } = lab.host('clear.example.net');
  const early = await phpmailerTells({ port, secure: '' });
  expect(early).toMatchObject({ sent: false, text: 'SMTP Error: Could not authenticate.' });
  expect(early.heard).not.toContain('AUTH');
  const inTime = await phpmailerTells({ port, secure: 'tls' });
  expect(inTime.sent).toBe(true);
  expect(inTime.heard).toContain('SERVER -> CLIENT: 235 ');
});

test('32: smtplib times out on a port that waits for TLS', async () => {
  await using lab = await startPain('19');
  const { port } = lab.host('submissions.example.net');
  expect(await smtplibTells({ port, ssl: false, timeout: 2 })).toEqual({
    accepted: false,
    exception: 'SMTPServerDisconnected',
    text: 'Connection unexpectedly closed: timed out',
  });
  expect(await smtplibTells({ port, ssl: true, timeout: 10 })).toEqual({ accepted: true });
});

test('32: smtplib raises the same error before and after the message was taken', async () => {
  await using lab = await startPain('32');
  const error = { exception: 'SMTPServerDisconnected', text: 'Connection unexpectedly closed' };
  expect(await smtplibTells({ port: lab.host('mx.crash.example').port })).toEqual({
    accepted: false,
    ...error,
  });
  const { port } = lab.host('mx.goodbye.example');
  expect(await smtplibTells({ port })).toEqual({ accepted: true, ...error });
  expect(await smtplibTells({ port, quit: false })).toEqual({ accepted: true });
});
