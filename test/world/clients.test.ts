import { expect, onTestFinished, test } from 'vitest';
import type { RunningLab } from '../../src/world/running-lab.ts';
import { type LabStart, startLab, type WorldLike } from '../../src/world/start-lab.ts';
import { hello, mail, OutsideClient, rcpt } from './outside-client.ts';

async function running(world: WorldLike, start: LabStart = {}): Promise<RunningLab> {
  const lab = await startLab(world, start);
  onTestFinished(() => lab.close());
  return lab;
}

/** Lets each client have one recipient in an hour. */
const budget = {
  'rate-limit': { counts: 'recipients', limit: 1, window: '1h', reply: '450 4.7.1 {ip} has had enough' },
};
const host = { provider: 'accept-all', behaviours: [budget] };

async function attempt(lab: RunningLab, from?: string, line = ''): Promise<string | undefined> {
  const client = await OutsideClient.to(lab.host('mx.example.net'), from, line);
  const replies = await client.talk([hello, mail, rcpt, 'QUIT']);
  return replies[3];
}

test('any 127.x.y.z address is a client of its own', async () => {
  const lab = await running({ hosts: { 'mx.example.net': host } });
  expect(await attempt(lab)).toBe('250 2.1.5 Ok');
  expect(await attempt(lab)).toBe('450 4.7.1 127.0.0.1 has had enough');
  expect(await attempt(lab, '127.5.6.7')).toBe('250 2.1.5 Ok');
  expect(await attempt(lab, '127.5.6.8')).toBe('250 2.1.5 Ok');
  expect(await attempt(lab, '127.5.6.7')).toBe('450 4.7.1 127.5.6.7 has had enough');
  const seen = (await lab.waitForDialogues(5)).map(({ client }) => client);
  expect(seen).toEqual(['127.0.0.1', '127.0.0.1', '127.5.6.7', '127.5.6.8', '127.5.6.7']);
});

const proxyLine = (client: string): string => `PROXY TCP4 ${client} 192.0.2.1 40000 25\r\n`;

test('a PROXY line makes one machine many clients', async () => {
  const lab = await running({ hosts: { 'mx.example.net': host } }, { proxy: true });
  expect(await attempt(lab, undefined, proxyLine('203.0.113.7'))).toBe('250 2.1.5 Ok');
  expect(await attempt(lab, undefined, proxyLine('203.0.113.7'))).toBe(
    '450 4.7.1 203.0.113.7 has had enough',
  );
  expect(await attempt(lab, undefined, proxyLine('203.0.113.8'))).toBe('250 2.1.5 Ok');
  expect(await attempt(lab, undefined, 'PROXY TCP6 2001:db8::7 2001:db8::1 40000 25\r\n')).toBe(
    '250 2.1.5 Ok',
  );
  const seen = (await lab.waitForDialogues(4)).map(({ client }) => client);
  expect(seen).toEqual(['203.0.113.7', '203.0.113.7', '203.0.113.8', '2001:db8::7']);
});

test('a host of a world may ask for PROXY lines while others do not, and the other way round', async () => {
  const hosts = { 'mx.example.net': { ...host, proxy: true }, 'mx.example.org': host };
  const lab = await running({ hosts });
  expect(await attempt(lab, undefined, proxyLine('203.0.113.9'))).toBe('250 2.1.5 Ok');
  const plain = await OutsideClient.to(lab.host('mx.example.org'));
  expect((await plain.reply()).at(-1)).toMatch(/^220 /);

  const other = await running({ hosts: { 'mx.example.net': { ...host, proxy: false } } }, { proxy: true });
  expect(await attempt(other)).toBe('250 2.1.5 Ok');
});

test('who begins with anything but a PROXY line is told and let go, and harms nobody', async () => {
  const lab = await running({ hosts: { 'mx.example.net': host } }, { proxy: true });
  const client = await OutsideClient.to(lab.host('mx.example.net'), undefined, `${hello}\r\n`);
  await client.end();
  expect(lab.dialogues).toEqual([]);
  expect(await attempt(lab, undefined, proxyLine('203.0.113.9'))).toBe('250 2.1.5 Ok');
});

test('machines of a pool take programs from outside in turn', async () => {
  const pool = [{ accent: { greeting: '220 first' } }, { accent: { greeting: '220 second' } }];
  const lab = await running({ hosts: { 'mx.example.net': { provider: 'accept-all', pool } } });
  const greetings: string[] = [];
  for (let i = 0; i < 4; i++)
    greetings.push(...(await (await OutsideClient.to(lab.host('mx.example.net'))).reply()));
  expect(greetings).toEqual(['220 first', '220 second', '220 first', '220 second']);
});

test('a host with TLS from the first byte can be reached from outside', async () => {
  const lab = await running({ hosts: { 'mx.example.net': { provider: 'accept-all', tls: 'implicit' } } });
  const client = await OutsideClient.to(lab.host('mx.example.net'));
  expect(await client.secure({ ca: await lab.authorities(), servername: 'mx.example.net' })).toBeUndefined();
  expect((await client.talk(['QUIT'])).at(-1)).toMatch(/^221 /);
});
