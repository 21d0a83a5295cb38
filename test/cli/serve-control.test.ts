import { expect, test } from 'vitest';
import { hello, mail, OutsideClient } from '../world/outside-client.ts';
import { type Answered, ask, Serving } from './serving.ts';

const host = '/hosts/mx.greylister.example';
const alice = 'RCPT TO:<alice@greylister.example>';

test('a program steers the hosts by every route there is', async () => {
  const serving = new Serving(['greylister', '--json', '--control-port', '0', '--clock', 'manual']);
  const { hosts, control } = await serving.ready();
  const used = new Set<string>();
  const asked = async (method: string, path: string, body?: object): Promise<unknown> => {
    const answer = await ask(`${control?.url}${path}`, method, body ? { body } : {});
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    used.add(`${method} ${path.replace(/\?.*/, '')}`);
    return answer.body;
  };
  const dialogue = async (lines: readonly string[]): Promise<string[]> =>
    (await OutsideClient.to(hosts[0] as never)).talk([hello, ...lines, 'QUIT']);

  expect(await asked('GET', '/hosts')).toEqual([{ ...hosts[0], situations: [] }]);

  const fault = { at: 'rcpt', reply: '451 4.3.0 Later', times: 2 };
  expect(await asked('POST', `${host}/faults`, fault)).toMatchObject({ id: 'fault-1', times: 2, left: 2 });
  expect(await asked('GET', '/faults/unused')).toMatchObject([{ id: 'fault-1', left: 2 }]);
  const replies = (await dialogue([mail, alice, alice, alice])).slice(3, 6);
  expect(replies.slice(0, 2)).toEqual(['451 4.3.0 Later', '451 4.3.0 Later']);
  expect(replies[2]).toMatch(/^450 4\.2\.0 /);
  expect(await asked('GET', '/faults/unused')).toEqual([]);

  const { now } = (await asked('GET', '/clock')) as { now: number };
  expect(await asked('POST', '/clock/advance', { by: '5m' })).toMatchObject({ now: now + 300_000 });
  const letter = [mail, alice, 'DATA', 'Subject: hi\r\n\r\ntext\r\n.'];
  expect((await dialogue(letter))[5]).toMatch(/^250 /);
  expect(await asked('GET', '/dialogues/wait?count=2&patience=30s')).toMatchObject([{ id: 1 }, { id: 2 }]);
  expect(await asked('GET', '/dialogues?host=mx.greylister.example')).toMatchObject([
    { id: 1, host: 'mx.greylister.example', client: '127.0.0.1', end: { at: 'quit', by: 'host' } },
    { id: 2 },
  ]);
  expect(await asked('GET', '/messages')).toMatchObject([
    {
      sender: 'ada@example.org',
      recipients: ['alice@greylister.example'],
      accepted: true,
      content: 'Subject: hi\r\n\r\ntext\r\n',
    },
  ]);

  const saved = (await asked('GET', `${host}/memory`)) as object;
  expect(Object.keys(saved)).not.toEqual([]);
  await asked('DELETE', `${host}/memory`);
  expect(await asked('GET', `${host}/memory`)).toEqual({});
  expect((await dialogue([mail, alice]))[3]).toMatch(/^450 /);
  await asked('PUT', `${host}/memory`, saved);
  expect((await dialogue([mail, alice]))[3]).toMatch(/^250 /);

  const situation = `${host}/situations/rbl`;
  expect(await asked('PUT', situation)).toMatchObject({ situations: ['rbl'] });
  expect((await dialogue([mail, alice]))[3]).toMatch(/^554 5\.7\.1 Service unavailable; Client host/);
  expect(await asked('DELETE', situation)).toMatchObject({ situations: [] });
  expect((await dialogue([mail, alice]))[3]).toMatch(/^250 /);

  await asked('POST', '/reset');
  expect(await asked('GET', '/dialogues')).toEqual([]);

  expect(await asked('GET', '/authority.pem')).toMatch(/^-----BEGIN CERTIFICATE-----\n/);

  const { paths } = (await asked('GET', '/openapi.json')) as { paths: Record<string, object> };
  const documented = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const filled = (path: string): string =>
    path.replace('{host}', 'mx.greylister.example').replace('{situation}', 'rbl');
  expect(documented.filter((route) => !used.has(filled(route)) && !route.endsWith('/openapi.json'))).toEqual(
    [],
  );
});

test('nothing but a program on this machine: Host header, no browsers, no CORS', async () => {
  const { control } = await new Serving(['accept-all', '--json', '--control-port', '0']).ready();
  const get = (headers: Record<string, string>): Promise<Answered> =>
    ask(`${control?.url}/hosts`, 'GET', { headers });
  expect(control).toEqual({ address: '127.0.0.1', port: expect.any(Number), url: expect.any(String) });
  expect((await get({})).status).toBe(200);
  expect((await get({ host: `localhost:${control?.port}` })).status).toBe(200);
  expect(await get({ host: 'rebound.example' })).toMatchObject({
    status: 403,
    body: { error: 'the Host header does not name this machine' },
  });
  const fromAPage = await get({ origin: 'https://page.example' });
  expect(fromAPage.status).toBe(403);
  expect(Object.keys(fromAPage.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
});

test.each([
  ['an option', ['--control-token', 'secret'], {}],
  ['the surroundings', [], { MXLAB_CONTROL_TOKEN: 'secret' }],
])('bound elsewhere it needs a token, from %s, and may go by any name', async (_where, args, env) => {
  const elsewhere = ['--control-port', '0', '--control-host', '0.0.0.0'];
  const { control } = await new Serving(['accept-all', '--json', ...elsewhere, ...args], { env }).ready();
  const get = async (headers: Record<string, string>): Promise<number> =>
    (await ask(`http://127.0.0.1:${control?.port}/hosts`, 'GET', { headers })).status;
  const host = 'lab.example.net';
  expect([
    await get({ host }),
    await get({ host, authorization: 'Bearer wrong' }),
    await get({ host, authorization: 'Bearer secret' }),
  ]).toEqual([401, 401, 200]);
});

test('Ctrl-C ends it while a request still waits', async () => {
  const serving = new Serving(['accept-all', '--json', '--control-port', '0']);
  const { control } = await serving.ready();
  const waiting = ask(`${control?.url}/dialogues/wait?count=1&patience=1h`).catch(() => 'broken off');
  expect((await ask(`${control?.url}/hosts`)).status).toBe(200);
  expect((await serving.interrupt()).code).toBe(0);
  await waiting;
});
