import { describe, expect, test } from 'vitest';
import { hours, seconds } from '../../src/time/duration.ts';
import { offering, plainLab } from './plain-lab.ts';
import { WireClient } from './walk/wire-client.ts';

const hello = 'EHLO probe.example.org\r\n';
const mail = 'MAIL FROM:<ada@example.org>\r\n';
const ways = ['in clear', 'after STARTTLS', 'in implicit TLS'] as const;
type Way = (typeof ways)[number];

/** A client that has said EHLO to a host with these behaviours. */
async function introduced(way: Way, behaviours: readonly object[]): Promise<{ client: WireClient; sleep: (ms: number) => Promise<void> }> {
  const { lab, clock } = await plainLab(behaviours, offering, way === 'in implicit TLS' ? { implicitTls: true } : {});
  const client = await WireClient.to(lab, '192.0.2.25');
  if (way === 'in implicit TLS') expect(await client.secure()).toBe(true);
  expect(await client.reply()).toEqual(['220 mx.example.net ESMTP']);
  client.write(hello);
  await client.reply();
  if (way === 'after STARTTLS') {
    client.write('STARTTLS\r\n');
    await client.reply();
    expect(await client.secure()).toBe(true);
    client.write(hello);
    await client.reply();
  }
  return { client, sleep: (ms) => clock.sleep(ms) };
}

for (const way of ways) {
  describe(`at the socket, ${way}`, () => {
    for (const [how, seen] of [['close', 'fin'], ['reset', 'rst']] as const) {
      test(`${how} is ${seen.toUpperCase()}`, async () => {
        const { client } = await introduced(way, [{ disconnect: { at: 'mail', how } }]);
        client.write(mail);
        expect(await client.reply()).toBeUndefined();
        expect(client.ended).toBe(seen);
      });

      test(`a 421 arrives, and then ${seen.toUpperCase()}`, async () => {
        const { client } = await introduced(way, [{ disconnect: { at: 'mail', how, reply: '421 4.3.2 Bye' } }]);
        client.write(mail);
        expect(await client.reply()).toEqual(['421 4.3.2 Bye']);
        expect(await client.reply()).toBeUndefined();
        expect(client.ended).toBe(seen);
      });

      test(`in the middle of a message, ${how} is ${seen.toUpperCase()}`, async () => {
        const { client } = await introduced(way, [{ disconnect: { at: 'message', how, 'after-bytes': 1_000 } }]);
        client.write(`${mail}RCPT TO:<bob@example.net>\r\nDATA\r\n`);
        for (const code of ['250', '250', '354']) expect((await client.reply())?.[0]).toMatch(new RegExp(`^${code}`));
        client.write('x'.repeat(900));
        client.write('\r\nx'.repeat(100));
        expect(await client.reply()).toBeUndefined();
        expect(client.ended).toBe(seen);
      });
    }

    test('silence is neither', async () => {
      const { client, sleep } = await introduced(way, [{ disconnect: { at: 'mail', how: 'silence' } }]);
      client.write(mail);
      await sleep(hours(1));
      expect(client.ended).toBeUndefined();
      client.hangUp();
    });

    test('QUIT ends with FIN', async () => {
      const { client } = await introduced(way, []);
      client.write('QUIT\r\n');
      expect(await client.reply()).toEqual(['221 2.0.0 Bye']);
      expect(await client.reply()).toBeUndefined();
      expect(client.ended).toBe('fin');
    });
  });
}

test.each(['end', 'resetAndDestroy'] as const)('a client that leaves in the middle of a handshake (%s) holds neither host nor clock', async (leave) => {
  const { lab, clock } = await plainLab([], offering);
  for (const hello of ['', '\x16', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03']) {
    const socket = await lab.dial({ address: '192.0.2.25', port: 25 }, new AbortController().signal);
    const heard: string[] = [];
    socket.on('error', () => {}).on('data', (bytes) => heard.push(String(bytes)));
    socket.write('EHLO probe.example.org\r\nSTARTTLS\r\n');
    while (!heard.join('').includes('220 2.0.0')) await new Promise((resolve) => socket.once('data', resolve));
    if (hello !== '') socket.write(hello, 'latin1');
    const gone = new Promise((resolve) => socket.once('close', resolve));
    socket[leave]();
    await gone;
  }
  await clock.sleep(hours(1));
  const next = await WireClient.to(lab, '192.0.2.25');
  expect(await next.reply()).toEqual(['220 mx.example.net ESMTP']);
  next.hangUp();
});

test('a client that has closed its half still gets its replies', async () => {
  const { lab } = await plainLab();
  const socket = await lab.dial({ address: '192.0.2.25', port: 25 }, new AbortController().signal);
  let heard = '';
  socket.setEncoding('latin1').on('data', (text) => {
    heard += text;
  });
  socket.end(`${hello}${mail}RCPT TO:<bob@example.net>\r\nQUIT\r\n`);
  await new Promise((resolve) => socket.once('end', resolve));
  expect(heard.match(/^\d{3} /gm)).toEqual(['220 ', '250 ', '250 ', '250 ', '221 ']);
});

test('a client that has closed its half does not leave a host waiting', async () => {
  const { lab, clock } = await plainLab([{ tarpit: { at: 'mail', delay: '1m' } }]);
  const socket = await lab.dial({ address: '192.0.2.25', port: 25 }, new AbortController().signal);
  socket.resume().end(`${hello}${mail}`);
  await new Promise((resolve) => socket.once('close', resolve));
  await clock.sleep(seconds(90));
  expect(socket.errored).toBeNull();
});
