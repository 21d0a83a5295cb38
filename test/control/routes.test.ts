import { afterAll, expect, test } from 'vitest';
import { routes } from '../../src/control/routes.ts';
import { minutes } from '../../src/time/duration.ts';
import { hello, mail, OutsideClient, rcpt } from '../world/outside-client.ts';
import { type Answered, ask, type Request, type Steered, steered } from './asking.ts';

/** Routes that a test of this file has asked and that answered well. */
const asked = new Set<string>();

async function well(there: Steered, method: string, path: string, request?: Request): Promise<Answered> {
  const answer = await ask(there, method, path, request);
  expect({ status: answer.status, text: answer.status < 300 ? '' : answer.text }).toEqual({
    status: answer.body === undefined ? 204 : 200,
    text: '',
  });
  const [plain = ''] = path.split('?');
  const route = routes.find((one) => one.method === method.toLowerCase() && shape(one.path).test(plain));
  if (route) asked.add(`${route.method} ${route.path}`);
  // just what OpenAPI says of it: what a shape does not know, it would strip
  expect(route?.shape?.parse(answer.body), path).toEqual(answer.body);
  return answer;
}

const shape = (path: string): RegExp => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`);

const dialogueWith = async ({ lab }: Steered, host: string, lines: readonly string[]): Promise<string[]> => {
  const client = await OutsideClient.to(lab.host(host));
  return client.talk([...lines, 'QUIT']);
};

test('hosts, and what is switched on', async () => {
  const there = await steered();
  const { lab } = there;
  expect((await well(there, 'GET', '/hosts')).body).toEqual(lab.hosts);
  const on = await well(there, 'PUT', '/hosts/mx.outlook.example/situations/blocklisted');
  expect(on.body).toMatchObject({ name: 'mx.outlook.example', situations: ['blocklisted'] });
  expect((await dialogueWith(there, 'mx.outlook.example', [hello, mail])).at(2)).toMatch(/^550 5\.7\.1 /);
  const off = await well(there, 'DELETE', '/hosts/mx.outlook.example/situations/blocklisted');
  expect(off.body).toMatchObject({ situations: [] });
});

test('the root certificate, in PEM, for clients that check', async () => {
  const there = await steered();
  const answer = await ask(there, 'GET', '/authority.pem');
  asked.add('get /authority.pem');
  expect(answer.status).toBe(200);
  expect(answer.text).toBe(await there.lab.authorities());
  const client = await OutsideClient.to(there.lab.host('mx.outlook.example'));
  await client.talk([hello, 'STARTTLS']);
  expect(await client.secure({ ca: answer.text, servername: 'mx.outlook.example' })).toBeUndefined();
});

test('faults planned once, and those never used', async () => {
  const there = await steered();
  const fault = { at: 'mail', reply: '451 4.3.0 Later', times: 2 };
  const planned = await well(there, 'POST', '/hosts/mx.example.net/faults', { body: fault });
  expect(planned.body).toEqual({
    id: 'fault-1',
    host: 'mx.example.net',
    at: 'mail',
    times: 2,
    left: 2,
    does: 'reply',
    code: 451,
  });
  await well(there, 'POST', '/hosts/mx.outlook.example/faults', {
    body: { at: 'rcpt', how: 'reset', recipient: 'bob' },
  });
  expect((await dialogueWith(there, 'mx.example.net', [hello, mail, mail, mail])).slice(2, 5)).toEqual([
    '451 4.3.0 Later',
    '451 4.3.0 Later',
    '250 2.1.0 Ok',
  ]);
  expect((await well(there, 'GET', '/faults/unused')).body).toEqual([
    {
      id: 'fault-1',
      host: 'mx.outlook.example',
      at: 'rcpt',
      recipient: 'bob',
      times: 1,
      left: 1,
      does: 'reset',
    },
  ]);
});

test('the clock, read and moved on', async () => {
  const there = await steered();
  const now = there.lab.clock.now();
  expect((await well(there, 'GET', '/clock')).body).toEqual({ now, iso: new Date(now).toISOString() });
  const moved = await well(there, 'POST', '/clock/advance', { body: { by: '1h30m' } });
  expect(moved.body).toMatchObject({ now: now + minutes(90) });
});

test('a greylist: refused, time moved on, let in', async () => {
  const there = await steered();
  const attempt = async (): Promise<string | undefined> =>
    (await dialogueWith(there, 'mx.example.net', [hello, mail, rcpt])).at(3);
  expect(await attempt()).toBe('450 4.7.1 Greylisted');
  await well(there, 'POST', '/clock/advance', { body: { by: '5m' } });
  expect(await attempt()).toBe('250 2.1.5 Ok');
});

test('memory, read, taken up and reset', async () => {
  const there = await steered();
  await dialogueWith(there, 'mx.example.net', [hello, mail, rcpt]);
  const { body: saved } = await well(there, 'GET', '/hosts/mx.example.net/memory');
  expect(saved).toEqual({
    'greylisting:tuples': { '127.0.0.0 ada@example.org bob@example.net': { first: there.lab.clock.now() } },
  });
  await well(there, 'DELETE', '/hosts/mx.example.net/memory');
  expect((await well(there, 'GET', '/hosts/mx.example.net/memory')).body).toEqual({});
  await well(there, 'PUT', '/hosts/mx.example.net/memory', { body: saved });
  expect((await well(there, 'GET', '/hosts/mx.example.net/memory')).body).toEqual(saved);
});

test('dialogues and messages, of all hosts and of one', async () => {
  const there = await steered();
  await dialogueWith(there, 'mx.outlook.example', [
    hello,
    mail,
    'RCPT TO:<alice@outlook.example>',
    'DATA',
    'Subject: ünï\r\n\r\ntext\r\n.',
  ]);
  await dialogueWith(there, 'mx.example.net', [hello]);
  await there.lab.waitForDialogues(2);
  const { body: all } = await well(there, 'GET', '/dialogues');
  expect(all).toMatchObject([
    {
      id: 1,
      host: 'mx.outlook.example',
      provider: 'outlook',
      client: '127.0.0.1',
      end: { at: 'quit', by: 'host', how: 'closed', unanswered: false },
    },
    { id: 2, host: 'mx.example.net' },
  ]);
  expect((all as { events: object[] }[])[1]?.events).toEqual(there.lab.dialogues[1]?.events);
  expect((await well(there, 'GET', '/dialogues?host=mx.example.net')).body).toMatchObject([{ id: 2 }]);
  const { body: messages } = await well(there, 'GET', '/messages');
  expect(messages).toMatchObject([
    {
      host: 'mx.outlook.example',
      sender: 'ada@example.org',
      recipients: ['alice@outlook.example'],
      accepted: true,
    },
  ]);
  expect((await well(there, 'GET', '/messages?host=mx.example.net')).body).toEqual([]);
});

test('waiting for dialogues to end', async () => {
  const there = await steered();
  const waiting = well(there, 'GET', '/dialogues/wait?count=1&patience=30s');
  await dialogueWith(there, 'mx.example.net', [hello]);
  expect((await waiting).body).toMatchObject([{ id: 1, end: { at: 'quit' } }]);
  const inVain = await ask(there, 'GET', '/dialogues/wait?count=2&patience=1ms');
  expect(inVain).toMatchObject({ status: 504, body: { error: 'waited 1 ms for 2 dialogues in vain' } });
});

test('reset', async () => {
  const there = await steered();
  await dialogueWith(there, 'mx.example.net', [hello, mail, rcpt]);
  await there.lab.waitForDialogues(1);
  there.lab.plan('mx.example.net', { at: 'mail', how: 'close' });
  await well(there, 'POST', '/reset');
  const { lab } = there;
  expect([lab.dialogues, lab.unusedFaults, lab.memory('mx.example.net')]).toEqual([[], [], {}]);
});

const refused: readonly (readonly [string, string, unknown, number, RegExp])[] = [
  [
    'PUT',
    '/hosts/nobody.example/situations/x',
    undefined,
    404,
    /no host called nobody\.example; hosts: mx\.example\.net, mx\.outlook\.example/,
  ],
  ['DELETE', '/hosts/nobody.example/memory', undefined, 404, /no host called/],
  ['GET', '/hosts/nobody.example/memory', undefined, 404, /no host called/],
  [
    'PUT',
    '/hosts/mx.outlook.example/situations/no-such',
    undefined,
    400,
    /outlook has no situation called no-such/,
  ],
  ['POST', '/hosts/nobody.example/faults', { at: 'rcpt', how: 'close' }, 404, /no host called/],
  ['POST', '/hosts/mx.example.net/faults', { at: 'rcpt' }, 400, /needs either reply or how/],
  [
    'POST',
    '/hosts/mx.example.net/faults',
    { at: 'nowhere', how: 'close' },
    400,
    /^at: must be one of: greeting, /,
  ],
  ['POST', '/hosts/mx.example.net/faults', { at: 'rctp', how: 'close' }, 400, /\(did you mean rcpt\?\)$/],
  [
    'POST',
    '/hosts/mx.example.net/faults',
    { at: 'rcpt', reply: '550 4.1.1 No' },
    400,
    /contradict each other/,
  ],
  ['POST', '/hosts/mx.example.net/faults', { at: 'rcpt', reply: '550 No\r\n250 Yes' }, 400, /line break/],
  ['POST', '/hosts/mx.example.net/faults', { at: 'rcpt', how: 'close', extra: 1 }, 400, /extra/],
  ['POST', '/hosts/mx.example.net/faults', 'not JSON', 400, /^the body is not JSON$/],
  ['POST', '/hosts/mx.example.net/faults', '', 400, /^the body is not JSON$/],
  ['POST', '/hosts/mx.example.net/faults', [], 400, /./],
  ['POST', '/clock/advance', { by: 'soon' }, 400, /duration/],
  ['POST', '/clock/advance', { by: '20000d' }, 400, /ten years/],
  ['PUT', '/hosts/mx.example.net/memory', { table: 'text' }, 400, /table/],
  ['GET', '/dialogues/wait', undefined, 400, /^needs a key 'count'$/],
  ['GET', '/dialogues/wait?count=0', undefined, 400, /^count: must be a whole number from 1$/],
  ['GET', '/dialogues/wait?count=many', undefined, 400, /^count: must be a whole number from 1$/],
  ['GET', '/dialogues?hosts=x', undefined, 400, /^hosts: is not a key here.*\(did you mean host\?\)$/],
  ['GET', '/dialogues?host=nobody.example', undefined, 404, /no host called nobody\.example/],
  ['GET', '/messages?host=nobody.example', undefined, 404, /no host called nobody\.example/],
  ['GET', '/nowhere', undefined, 404, /GET \/openapi\.json lists what there is/],
  ['POST', '/hosts', undefined, 405, /^\/hosts takes GET$/],
  ['GET', '/reset', undefined, 405, /^\/reset takes POST$/],
  ['PATCH', '/hosts/mx.example.net/memory', undefined, 405, /takes GET and PUT and DELETE$/],
];

test.each(refused)('%s %s with %j is answered with %d', async (method, path, body, status, words) => {
  const answer = await ask(await steered(), method, path, body === undefined ? {} : { body });
  expect(answer.status).toBe(status);
  expect(answer.body).toEqual({ error: expect.stringMatching(words) });
});

test('a method that is not taken is answered with those that are', async () => {
  const answer = await ask(await steered(), 'PATCH', '/hosts/mx.example.net/memory');
  expect(answer.headers.allow).toBe('GET, PUT, DELETE');
});

test('a memory with very many mistakes is told from a host that is not there', async () => {
  const table = Object.fromEntries(Array.from({ length: 250_000 }, (_, i) => [`key ${i}`, 'text']));
  const answer = await ask(await steered(), 'PUT', '/hosts/mx.example.net/memory', { body: { table } });
  expect(answer).toMatchObject({ status: 400, body: { error: 'there are more mistakes than can be told' } });
});

test('a clock that goes by itself is not moved', async () => {
  const there = await steered({}, {});
  const answer = await ask(there, 'POST', '/clock/advance', { body: { by: '5m' } });
  expect(answer).toMatchObject({ status: 400, body: { error: expect.stringMatching(/goes by itself/) } });
});

test('a name with all kinds of characters in it is looked up, and not there', async () => {
  const answer = await ask(
    await steered(),
    'GET',
    `/hosts/${encodeURIComponent('../../etc/passwd\r\n<x>')}/memory`,
  );
  expect(answer.status).toBe(404);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
});

afterAll(() => {
  expect([...asked].sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
});
