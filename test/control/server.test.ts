import { once } from 'node:events';
import net from 'node:net';
import { expect, test } from 'vitest';
import { startControl } from '../../src/control/server.ts';
import { ask, steered } from './asking.ts';

const origin = 'https://evil.example';

test.each(['127.0.0.1', 'localhost', '127.9.8.7', '[::1]', 'localhost:80', '127.0.0.1:9999'])(
  'Host: %s names this machine',
  async (host) => {
    expect((await ask(await steered(), 'GET', '/hosts', { headers: { host } })).status).toBe(200);
  },
);

test.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '192.0.2.1', '0.0.0.0'])(
  'Host: %s does not, as after DNS rebinding',
  async (host) => {
    const answer = await ask(await steered(), 'GET', '/hosts', { headers: { host } });
    expect(answer).toMatchObject({
      status: 403,
      body: { error: 'the Host header does not name this machine' },
    });
  },
);

test('Host: 127.0.0.1@evil.example is no host at all', async () => {
  expect(
    (await ask(await steered(), 'GET', '/hosts', { headers: { host: '127.0.0.1@evil.example' } })).status,
  ).toBe(400);
});

test('a page in a browser is not let in, whatever it asks', async () => {
  const there = await steered();
  for (const [method, path] of [
    ['GET', '/hosts'],
    ['POST', '/reset'],
    ['OPTIONS', '/hosts'],
  ] as const) {
    const answer = await ask(there, method, path, {
      headers: { origin, 'access-control-request-method': 'PUT' },
    });
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([403, undefined]);
  }
});

test('no answer has a CORS header', async () => {
  const there = await steered();
  for (const path of ['/hosts', '/nowhere', '/openapi.json']) {
    const { headers } = await ask(there, 'GET', path);
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  }
});

test.each([
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/jsonp',
])('a body of type %s is not taken', async (type) => {
  const answer = await ask(await steered(), 'POST', '/clock/advance', {
    headers: { 'content-type': type },
    body: '{"by":"5m"}',
  });
  expect(answer).toMatchObject({ status: 415, body: { error: 'bodies must be application/json' } });
});

test('a body with a character set in its type is', async () => {
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  expect((await ask(await steered(), 'POST', '/clock/advance', { headers, body: { by: '5m' } })).status).toBe(
    200,
  );
});

test('a body that is too large is not read', async () => {
  const answer = await ask(await steered(), 'POST', '/clock/advance', {
    body: { by: 'x'.repeat(17 * 1024 * 1024) },
  });
  expect(answer).toMatchObject({ status: 413, body: { error: 'the body is too large' } });
});

test('with a token every request needs it, and still has to name this machine', async () => {
  const there = await steered({ token: 'secret' });
  const asked = async (headers: Record<string, string>): Promise<number> =>
    (await ask(there, 'GET', '/hosts', { headers })).status;
  expect({
    none: await asked({}),
    wrong: await asked({ authorization: 'Bearer secreT' }),
    longer: await asked({ authorization: 'Bearer secrets' }),
    empty: await asked({ authorization: 'Bearer ' }),
    basic: await asked({ authorization: 'Basic secret' }),
    right: await asked({ authorization: 'Bearer secret' }),
    'from elsewhere': await asked({ authorization: 'Bearer secret', host: 'lab.example.net' }),
  }).toEqual({
    none: 401,
    wrong: 401,
    longer: 401,
    empty: 401,
    basic: 401,
    right: 200,
    'from elsewhere': 403,
  });
  expect((await ask(there, 'GET', '/openapi.json')).status).toBe(401);
});

test.each(['0.0.0.0', '::', '192.0.2.1'])('%s needs a token', async (address) => {
  const { lab } = await steered();
  await expect(startControl(lab, { address, version: '0' })).rejects.toThrow(
    `the control API on ${address} needs a token`,
  );
});

test('a port that is taken is refused with its name', async () => {
  const there = await steered();
  const { port } = there.control;
  await expect(startControl(there.lab, { port, version: '0' })).rejects.toMatchObject({
    code: 'EADDRINUSE',
    port,
  });
});

test('what is no HTTP, and a client that says nothing, harm nobody', async () => {
  const there = await steered();
  const { address, port } = there.control;
  const silent = net.connect(port, address).on('error', () => {});
  const noise = net.connect(port, address).on('error', () => {});
  noise.write('EHLO probe.example.org\r\n\r\n');
  await once(noise.resume(), 'close');
  expect((await ask(there, 'GET', '/hosts')).status).toBe(200);
  await there.control.close();
  await once(silent.resume(), 'close');
});
