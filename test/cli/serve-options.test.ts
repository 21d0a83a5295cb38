import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hours } from '../../src/time/duration.ts';
import { parseDialogue } from '../../src/transcript/notation.ts';
import { hello, mail, OutsideClient, rcpt } from '../world/outside-client.ts';
import { folderWith } from './mxlab.ts';
import { ask, Serving } from './serving.ts';

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test('transcripts and messages in a folder', async () => {
  const cwd = folderWith({ 'world.yaml': 'world: x\nhosts: { ../../mx.example.net: accept-all }\n' });
  const serving = new Serving(['--world', 'world.yaml', '--json', '--save', 'kept'], { cwd });
  const { hosts } = await serving.ready();
  const first = await OutsideClient.to(hosts[0] as never);
  await first.talk([hello, mail, rcpt, 'DATA', 'Subject: hi\r\n\r\n..text\r\n.', 'QUIT']);
  const second = await OutsideClient.to(hosts[0] as never);
  await second.talk([hello]);
  await serving.interrupt();
  const folder = join(cwd, 'kept');
  expect(readdirSync(folder).sort()).toEqual([
    '0001--..-mx.example.net-1.eml',
    '0001--..-mx.example.net.txt',
    '0002--..-mx.example.net.txt',
  ]);
  expect(readdirSync(cwd).sort()).toEqual(['kept', 'world.yaml']);
  const text = readFileSync(join(folder, '0001--..-mx.example.net.txt'), 'utf8');
  expect(text).toMatch(/^\| \.\.\/\.\.\/mx\.example\.net \(accept-all\), client 127\.0\.0\.1, \d{4}-/);
  const read = parseDialogue({ file: 'x', text });
  expect('events' in read && read.events.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['connected', 'sent', 'received', 'left']),
  );
  expect(readFileSync(join(folder, '0001--..-mx.example.net-1.eml'), 'utf8')).toBe(
    'Subject: hi\r\n\r\n.text\r\n',
  );
  expect(readFileSync(join(folder, '0002--..-mx.example.net.txt'), 'utf8')).toContain(
    '-- the host closed the connection (FIN)',
  );
});

test('--proxy, --tls implicit, --port and a token from the surroundings', async () => {
  const port = await freePort();
  const serving = new Serving(
    ['accept-all', '--json', '--proxy', '--tls', 'implicit', '--port', `${port}`, '--control-port', '0'],
    {
      env: { MXLAB_CONTROL_TOKEN: 'secret' },
    },
  );
  const { hosts, control } = await serving.ready();
  expect(hosts[0]?.port).toBe(port);
  const client = await OutsideClient.to(
    { address: '127.0.0.1', port },
    undefined,
    'PROXY TCP4 203.0.113.77 192.0.2.1 1 465\r\n',
  );
  expect(await client.secure()).toBeUndefined();
  await client.talk(['QUIT']);
  await serving.until(/"type":"closed"/);
  expect(serving.records[0]).toMatchObject({ type: 'opened', client: '203.0.113.77' });
  expect(await ask(`${control?.url}/hosts`)).toMatchObject({ status: 401 });
});

test('hosts for other machines are said to be', async () => {
  const serving = new Serving(['accept-all', '--json', '--host', '0.0.0.0']);
  await serving.ready();
  const { stderr } = await serving.interrupt();
  expect(stderr).toBe(
    'mxlab: whoever can reach 0.0.0.0 can talk to these hosts. Nothing they are sent is passed on.\n',
  );
});

test('a profile of one’s own is served beside the others', async () => {
  const cwd = folderWith({
    'acme.yaml':
      'provider: acme\ntitle: Acme\ninvented: true\nextends: postfix\naccent: { greeting: 220 acme here }\n',
  });
  const serving = new Serving(['acme', 'gmail', '--providers', '.', '--json'], { cwd });
  const { hosts } = await serving.ready();
  const client = await OutsideClient.to(hosts[0] as never);
  expect(await client.reply()).toEqual(['220 acme here']);
});

test('a clock 3600 times as fast: an hour is over before a test would give up', async () => {
  const args = ['accept-all', '--json', '--clock', '3600x', '--control-port', '0'];
  const { control } = await new Serving(args).ready();
  const now = async (): Promise<number> => {
    const { body } = await ask(`${control?.url}/clock`);
    return (body as { now: number }).now;
  };
  const began = await now();
  while ((await now()) < began + hours(1));
});

test('clients at addresses of their own, as 127.x.y.z, are different clients', async () => {
  const serving = new Serving(['greylister', '--json']);
  const { hosts } = await serving.ready();
  for (const from of ['127.0.0.1', '127.1.2.3']) {
    const client = await OutsideClient.to(hosts[0] as never, from);
    await client.talk([hello, 'QUIT']);
  }
  await serving.until(/"type":"closed"[\s\S]*"type":"closed"/);
  expect(serving.records.filter(({ type }) => type === 'opened').map(({ client }) => client)).toEqual([
    '127.0.0.1',
    '127.1.2.3',
  ]);
});
