import { expect, test } from 'vitest';
import { hours, seconds } from '../../src/time/duration.ts';
import { offering, plainLab } from './plain-lab.ts';
import { WireClient } from './walk/wire-client.ts';

const hello = 'EHLO probe.example.org\r\n';
const mail = 'MAIL FROM:<ada@example.org>\r\n';

test.each(['end', 'resetAndDestroy'] as const)(
  'a client that leaves in the middle of a handshake (%s) holds neither host nor clock',
  async (leave) => {
    const { lab, clock } = await plainLab([], offering);
    for (const hello of ['', '\x16', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03']) {
      const socket = await lab.dial({ address: '192.0.2.25', port: 25 }, new AbortController().signal);
      const heard: string[] = [];
      socket.on('error', () => {}).on('data', (bytes) => heard.push(String(bytes)));
      socket.write('EHLO probe.example.org\r\nSTARTTLS\r\n');
      while (!heard.join('').includes('220 2.0.0'))
        await new Promise((resolve) => socket.once('data', resolve));
      if (hello !== '') socket.write(hello, 'latin1');
      const gone = new Promise((resolve) => socket.once('close', resolve));
      socket[leave]();
      await gone;
    }
    await clock.sleep(hours(1));
    const next = await WireClient.to(lab, '192.0.2.25');
    expect(await next.reply()).toEqual(['220 mx.example.net ESMTP']);
    next.hangUp();
  },
);

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
