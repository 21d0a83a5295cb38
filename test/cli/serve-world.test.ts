import { Resolver } from 'node:dns/promises';
import { expect, onTestFinished, test } from 'vitest';
import { OutsideClient } from '../world/outside-client.ts';
import { folderWith } from './mxlab.ts';
import { ask, type ReadyLine, Serving } from './serving.ts';

const world = `world: Two hosts of one domain
hosts:
  mx1.example.net: { absent: refused }
  mx2.example.net: { provider: postfix, addresses: [192.0.2.2, "2001:db8::2"] }
domains: { example.net: [mx1.example.net, mx2.example.net] }
zone:
  example.org: { mx: 10 mx.elsewhere.example, txt: v=spf1 -all }
  long.example: { txt: [${Array.from({ length: 20 }, (_, i) => `${i}-${'x'.repeat(200)}`).join(', ')}] }
  mx.elsewhere.example: { a: 198.51.100.1, aaaa: "2001:db8:1::1" }
  198.51.100.1: { ptr: mx.elsewhere.example }
  null.example: { mx: null }
  broken.example: { fails: servfail }
  closed.example: { fails: refused }
  slow.example: { a: 198.51.100.7, slow: 8s }
`;

/** A resolver of somebody else's (c-ares, in Node) that asks nobody but what is served. */
function resolverOf({ dns }: ReadyLine): Resolver {
  const resolver = new Resolver({ timeout: 30_000, tries: 1 });
  resolver.setServers([`${dns?.address}:${dns?.port}`]);
  onTestFinished(() => resolver.cancel());
  return resolver;
}

test('a world: its DNS leads to its hosts, each at an address of its own', async () => {
  const cwd = folderWith({ 'world.yaml': world });
  const args = ['--world', 'world.yaml', '--json', '--dns-port', '0', '--host', '127.0.66.0/24'];
  const ready = await new Serving(args, { cwd }).ready();
  const resolver = resolverOf(ready);
  expect(ready.hosts).toMatchObject([
    { name: 'mx2.example.net', provider: 'postfix', address: '127.0.66.1' },
  ]);
  expect((await resolver.resolveMx('example.net')).sort((a, b) => a.priority - b.priority)).toMatchObject([
    { priority: 10, exchange: 'mx1.example.net' },
    { priority: 20, exchange: 'mx2.example.net' },
  ]);
  const port = ready.hosts[0]?.port ?? 0;
  const [nobody = ''] = await resolver.resolve4('mx1.example.net');
  await expect(OutsideClient.to({ address: nobody, port })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  const [somebody = ''] = await resolver.resolve4('mx2.example.net');
  const client = await OutsideClient.to({ address: somebody, port });
  expect((await client.talk(['QUIT']))[0]).toMatch(/^220 mx2\.example\.net ESMTP Postfix/);
  expect(await resolver.reverse(somebody)).toEqual(['mx2.example.net']);
});

test('DNS says what the zone says: MX, A, AAAA, TXT, PTR, nothing, failures', async () => {
  const cwd = folderWith({ 'world.yaml': world });
  const resolver = resolverOf(
    await new Serving(['--world', 'world.yaml', '--json', '--dns-port', '0'], { cwd }).ready(),
  );
  expect({
    mx: await resolver.resolveMx('example.org'),
    null: await resolver.resolveMx('null.example'),
    a: await resolver.resolve4('mx.elsewhere.example'),
    aaaa: await resolver.resolve6('mx.elsewhere.example'),
    txt: await resolver.resolveTxt('example.org'),
    ptr: await resolver.reverse('198.51.100.1'),
  }).toMatchObject({
    mx: [{ priority: 10, exchange: 'mx.elsewhere.example' }],
    null: [{ priority: 0, exchange: '' }],
    a: ['198.51.100.1'],
    aaaa: ['2001:db8:1::1'],
    txt: [['v=spf1 -all']],
    ptr: ['mx.elsewhere.example'],
  });
  const failing = { 'broken.example': 'ESERVFAIL', 'closed.example': 'EREFUSED', 'no.example': 'ENOTFOUND' };
  for (const [name, code] of Object.entries(failing))
    await expect(resolver.resolve4(name)).rejects.toMatchObject({ code });
  await expect(resolver.resolveTxt('null.example')).rejects.toMatchObject({ code: 'ENODATA' });
});

test('what does not fit into a datagram is asked for again over TCP', async () => {
  const cwd = folderWith({ 'world.yaml': world });
  const resolver = resolverOf(
    await new Serving(['--world', 'world.yaml', '--json', '--dns-port', '0'], { cwd }).ready(),
  );
  expect(await resolver.resolveTxt('long.example')).toHaveLength(20);
});

test('a name that is slow answers when the clock of the hosts says so', async () => {
  const cwd = folderWith({ 'world.yaml': world });
  const serving = new Serving(
    ['--world', 'world.yaml', '--json', '--dns-port', '0', '--control-port', '0', '--clock', 'manual'],
    { cwd },
  );
  const ready = await serving.ready();
  const resolver = resolverOf(ready);
  let answered = false;
  const slow = resolver.resolve4('slow.example').then((addresses) => {
    answered = true;
    return addresses;
  });
  await resolver.resolve4('mx.elsewhere.example'); // asked later, answered at once
  expect(answered).toBe(false);
  await ask(`${ready.control?.url}/clock/advance`, 'POST', { body: { by: '8s' } });
  expect(await slow).toEqual(['198.51.100.7']);
});
