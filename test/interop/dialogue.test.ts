import { expect, test } from 'vitest';
import { createAccent } from '../../src/sim/accent.ts';
import { labRoot } from '../../src/sim/certificates.ts';
import { heardByCurl, sendWithCurl } from './clients/curl.ts';
import { delivery } from './clients/delivery.ts';
import { sendWithNodemailer } from './clients/nodemailer.ts';
import { sendWithSmtplib } from './clients/smtplib.ts';
import { heardBySwaks, sendWithSwaks } from './clients/swaks.ts';
import { misfits, patternsOf } from './clients/wording-pattern.ts';
import { type HostWish, readProfile, shelf, startHost } from './simulated-host.ts';

const providers = await shelf.names();

/** Hosts that keep clients waiting: a greet delay of seconds, a byte a second. */
const slow: HostWish = { pace: 200 };
const greetsSlowly = new Set(['openbsd-spamd', 'postscreen']);

/** What a host says while it waits for early talkers is no part of its accent. */
const withoutTeaser = (provider: string, lines: readonly string[]): readonly string[] =>
  greetsSlowly.has(provider) && lines[0]?.startsWith('220-') ? lines.slice(1) : lines;

async function withHost<T>(provider: string, wish: HostWish, use: (port: number) => Promise<T>): Promise<T> {
  const host = await startHost(provider, wish);
  try {
    return await use(host.port);
  } finally {
    await host.close();
  }
}

test.each(providers)(
  'swaks, curl and smtplib hear the greeting and EHLO list of %s as its profile has them',
  async (provider) => {
    const accent = createAccent((await readProfile(provider)).accent);
    const list = patternsOf(accent.ehlo(false));
    const expected = [...patternsOf(accent.words('greeting')), ...list];
    const withoutCodes = list.map(({ source }) => new RegExp(source.replace(/^\^250[- ]/, '^')));
    await withHost(provider, greetsSlowly.has(provider) ? slow : {}, async (port) => {
      const wish = delivery(port);
      const swaks = withoutTeaser(provider, heardBySwaks(await sendWithSwaks(wish))).slice(
        0,
        expected.length,
      );
      const curl = withoutTeaser(provider, heardByCurl(await sendWithCurl(wish))).slice(0, expected.length);
      const { ehlo = '' } = await sendWithSmtplib(wish);
      expect(misfits(swaks, expected)).toEqual([]);
      expect(misfits(curl, expected)).toEqual([]);
      expect(misfits(ehlo.split('\n'), withoutCodes)).toEqual([]);
    });
  },
);

test('Gmail says in four lines that a mailbox is unknown, and each client keeps them together', async () => {
  const lines = [
    '550-5.1.1 The email account',
    '550-5.1.1 double-checking',
    '550-5.1.1 unnecessary spaces',
    '550 5.1.1  https://',
  ];
  await withHost('gmail', {}, async (port) => {
    const wish = delivery(port, { recipients: ['nobody@gmail.com'] });
    for (const heard of [heardBySwaks(await sendWithSwaks(wish)), heardByCurl(await sendWithCurl(wish))]) {
      const refusal = heard.filter((line) => line.startsWith('550'));
      expect(refusal).toEqual(lines.map((line) => expect.stringContaining(line)));
    }
    const { response = '', responseCode } = await sendWithNodemailer(wish);
    expect(responseCode).toBe(550);
    expect(response.split('\n')).toEqual(lines.map((line) => expect.stringContaining(line)));
    const told = await sendWithSmtplib(wish);
    expect(told.exception).toBe('SMTPRecipientsRefused');
    const refused = told.arguments?.[0] as Record<string, readonly [number, string]>;
    expect(refused['nobody@gmail.com']?.[0]).toBe(550);
    expect(refused['nobody@gmail.com']?.[1].split('\n')).toHaveLength(4);
  });
});

test('a message arrives, whoever sends it', async () => {
  await withHost('accept-all', {}, async (port) => {
    const wish = delivery(port);
    expect(await sendWithNodemailer(wish)).toMatchObject({
      sent: true,
      response: expect.stringContaining('queued as'),
    });
    expect(await sendWithSmtplib(wish)).toMatchObject({ accepted: true });
    expect((await sendWithCurl(wish)).code).toBe(0);
    expect((await sendWithSwaks(wish)).code).toBe(0);
  });
});

test('under STARTTLS the list is short of STARTTLS and the message arrives', async () => {
  await withHost('tls-required', {}, async (port) => {
    const clear = delivery(port);
    const wish = { ...clear, tls: true };
    expect(await sendWithNodemailer(clear)).toMatchObject({
      sent: false,
      responseCode: 530,
      command: 'MAIL FROM',
    });
    expect(await sendWithNodemailer(wish)).toMatchObject({ sent: true });
    const told = await sendWithSmtplib(wish);
    expect(told).toMatchObject({ accepted: true });
    expect(told.keywords?.filter((word) => word !== 'starttls')).toEqual(told['keywords inside']);
    expect(told.keywords).toContain('starttls');
    expect((await sendWithCurl(wish)).code).toBe(0);
  });
});

test.each([
  ['good', undefined],
  ['expired', 'expired-certificate'],
  ['for another name', 'wrong-name'],
  ['self-signed', 'self-signed'],
])('a certificate that is %s is judged as such by a client that checks it', async (kind, situation) => {
  await withHost('tls-required', situation === undefined ? {} : { situation }, async (port) => {
    const trust = { root: await labRoot(), name: 'mx.example.net' };
    const story = await sendWithNodemailer(delivery(port, { tls: true, trust }));
    const words = {
      good: /queued/,
      expired: /expired/,
      'for another name': /altnames/,
      'self-signed': /self-signed/,
    }[kind];
    expect(story.response ?? story.message).toMatch(words ?? /never/);
    expect(story.sent).toBe(kind === 'good');
  });
});

test('a reset under TLS is a reset of the connection below it', async () => {
  await withHost(
    'accept-all',
    { behaviours: [{ disconnect: { at: 'mail', how: 'reset' } }] },
    async (port) => {
      const { code, errors } = await sendWithCurl(delivery(port, { tls: true }));
      expect(code).toBe(56);
      expect(errors).toMatch(/reset by peer|errno 104/i);
      expect(await sendWithNodemailer(delivery(port, { tls: true }))).toMatchObject({
        sent: false,
        message: expect.stringContaining('ECONNRESET'),
      });
    },
  );
});

const withLogins: HostWish = {
  accent: { ehlo: ['{host}', 'PIPELINING', 'AUTH PLAIN LOGIN CRAM-MD5', 'ENHANCEDSTATUSCODES'] },
  behaviours: [
    { accounts: { users: { alice: 'secret' }, 'required-reply': '530 5.7.0 Authentication required' } },
  ],
};

test('whoever logs in may send', async () => {
  await withHost('accept-all', withLogins, async (port) => {
    const wish = delivery(port, { user: 'alice', password: 'secret' });
    expect(await sendWithNodemailer(wish)).toMatchObject({ sent: true });
    expect(await sendWithSmtplib(wish)).toMatchObject({
      accepted: true,
      login: [235, '2.7.0 Authentication successful'],
    }); // CRAM-MD5
    expect((await sendWithCurl(wish)).code).toBe(0);
    expect((await sendWithSwaks(wish)).code).toBe(0);
  });
});

test('a wrong password gets 535 from everybody', async () => {
  await withHost('accept-all', withLogins, async (port) => {
    const wish = delivery(port, { user: 'alice', password: 'guess' });
    expect(await sendWithNodemailer(wish)).toMatchObject({ sent: false, code: 'EAUTH', responseCode: 535 });
    expect(await sendWithSmtplib(wish)).toMatchObject({
      exception: 'SMTPAuthenticationError',
      arguments: [535, expect.stringContaining('5.7.8')],
    });
    expect((await sendWithCurl(wish)).code).toBe(67);
    expect((await sendWithSwaks(wish)).code).toBe(28);
  });
});

test('without a login MAIL gets 530', async () => {
  await withHost('accept-all', withLogins, async (port) => {
    const wish = delivery(port);
    expect(await sendWithNodemailer(wish)).toMatchObject({
      sent: false,
      command: 'MAIL FROM',
      responseCode: 530,
    });
    expect(await sendWithSmtplib(wish)).toMatchObject({
      exception: 'SMTPSenderRefused',
      arguments: [530, '5.7.0 Authentication required', 'probe@example.net'],
    });
    expect((await sendWithCurl(wish)).code).toBe(55);
    expect((await sendWithSwaks(wish)).code).toBe(23);
  });
});
