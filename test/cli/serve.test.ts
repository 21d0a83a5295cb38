import dgram from 'node:dgram';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import packet from 'dns-packet';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseDialogue } from '../../src/transcript/notation.ts';
import { hello, mail, OutsideClient, rcpt } from '../world/outside-client.ts';
import { folderWith, mxlab } from './mxlab.ts';
import { Serving } from './serving.ts';

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function fetched(
  url: string,
  method = 'GET',
  body?: object,
): Promise<{ status: number; body: unknown }> {
  const request = http.request(url, {
    method,
    agent: false,
    headers: body ? { 'content-type': 'application/json' } : {},
  });
  request.end(body && JSON.stringify(body));
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  let text = '';
  for await (const part of response.setEncoding('utf8')) text += part;
  return { status: response.statusCode ?? 0, body: text === '' ? undefined : JSON.parse(text) };
}

describe('what it is told', () => {
  test('nothing: it says what to type and lists the profiles', async () => {
    const { code, stdout, stderr } = await mxlab(['serve']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^mxlab serve starts simulated hosts\./);
    expect(stderr).toContain('mxlab serve outlook:blocklisted --port 2525');
    expect(stderr).toMatch(/Providers: accept-all, .*\boutlook\b.*\byahoo\b/s);
  });

  const wrong: Readonly<Record<string, readonly [readonly string[], RegExp]>> = {
    'an unknown provider': [
      ['outlok'],
      /^mxlab: there is no provider called outlok; did you mean outlook\?\n$/,
    ],
    'a provider like no other': [
      ['zzzzzzzz'],
      /^mxlab: there is no provider called zzzzzzzz; known: accept-all, /,
    ],
    'an unknown situation': [
      ['outlook:blocklistd'],
      /^mxlab: outlook has no situation called blocklistd; did you mean blocklisted\?\n$/,
    ],
    'an empty situation': [['outlook:'], /^mxlab: outlook has no situation called ""; known: /],
    'one wrong situation of two': [['outlook:blocklisted,nope'], /has no situation called nope; known: /],
    'a file': [
      ['world.yaml'],
      /^mxlab: world\.yaml is a file; a world is served with --world world\.yaml\.\n$/,
    ],
    'control characters': [['\x1b[31mred'], /^mxlab: there is no provider called \\x1b\[31mred; /],
    'a world and providers': [['outlook', '--world', 'x.yaml'], /name providers or a --world, not both/],
    'a world that is not there': [
      ['--world', 'nowhere.yaml'],
      /nowhere\.yaml: .*\n\n1 mistake\. Nothing was started\.\n$/,
    ],
    'a port that is none': [['outlook', '--port', '99999'], /must be a port from 0 to 65535/],
    'a clock that is none': [
      ['outlook', '--clock', 'fast'],
      /must be real, manual, or so many times as fast, such as 60x/,
    ],
    'a clock that stands': [['outlook', '--clock', '0x'], /must be real, manual/],
    'a manual clock that nobody can move': [
      ['outlook', '--clock', 'manual'],
      /a manual clock needs --control-port/,
    ],
    'an address that is none': [
      ['outlook', '--host', 'mx.example.net'],
      /must be an address such as 127\.0\.0\.1/,
    ],
    'an address of somebody else': [
      ['outlook', '--host', '192.0.2.1'],
      /^mxlab: 192\.0\.2\.1 is not an address of this machine\.\n$/,
    ],
    'a control API for everybody': [
      ['outlook', '--control-port', '0', '--control-host', '0.0.0.0'],
      /needs a --control-token/,
    ],
    'a network that is too small': [
      ['outlook', 'gmail', 'yahoo', 'postfix', '--host', '127.0.77.0/30'],
      /has no more than 3 addresses/,
    ],
    'a folder of profiles that is not there': [
      ['outlook', '--providers', '/nowhere'],
      /provider profiles cannot be read/,
    ],
    'a folder that cannot be written': [['outlook', '--save', '/proc/nowhere'], /cannot be written to/],
    'an option that is none': [['outlook', '--prot', '25'], /unknown option '--prot'/],
  };

  for (const [what, [args, told]] of Object.entries(wrong)) {
    test(`${what}: one sentence, exit 2, and nothing listens`, async () => {
      const { code, stdout, stderr } = await mxlab(['serve', ...args]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(told);
      expect(stderr).not.toMatch(/\x1b| at .*\.js:/);
    });
  }

  const mistakes: Readonly<Record<string, readonly [string, RegExp]>> = {
    'a reply with CR and LF inside': [
      'hosts:\n  mx.example.net:\n    provider: postfix\n    behaviours: [{ canned-reply: { at: mail, reply: "550 No\\r\\n250 Yes" } }]\n',
      /^world\.yaml:5:\d+\n[\s\S]*\^+ has a line break or NUL inside a line; write several lines as a list\n\n1 mistake\. Nothing was started\.\n$/,
    ],
    'a situation that is not there': [
      'hosts: { mx.example.net: { provider: outlook, situation: blocklistd } }\n',
      /^world\.yaml:2:\d+\n[\s\S]*is not a situation of outlook\n.*did you mean blocklisted\?\n\n1 mistake/,
    ],
  };

  for (const [what, [text, told]] of Object.entries(mistakes)) {
    test(`${what} in a world: where it stands, exit 2`, async () => {
      const cwd = folderWith({ 'world.yaml': `world: A world\n${text}` });
      const { code, stdout, stderr } = await mxlab(['serve', '--world', 'world.yaml'], { cwd });
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(told);
    });
  }

  test('a profile of one’s own whose reply contradicts its enhanced code', async () => {
    const profile = 'provider: acme\ntitle: Acme\ninvented: true\naccent: { mail: 250 5.1.0 Ok }\n';
    const cwd = folderWith({ 'acme.yaml': profile });
    const { code, stderr } = await mxlab(['serve', 'acme', '--providers', '.'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^acme\.yaml:4:\d+\n[\s\S]*says 250 and 5\.1\.0, which contradict each other\n\n1 mistake/,
    );
  });

  test.each([
    ['--port', ['--port']],
    ['--dns-port', ['--dns-port']],
    ['--control-port', ['--control-port']],
  ])('a port that is taken (%s), as by a second serve: which, and what to do', async (option) => {
    const first = new Serving(['accept-all', '--json', '--dns-port', '0', '--control-port', '0']);
    const { hosts, dns, control } = await first.ready();
    const taken = {
      '--port': hosts[0]?.port,
      '--dns-port': dns?.port,
      '--control-port': new URL(control?.url ?? '').port,
    }[option];
    const { code, stdout, stderr } = await mxlab(['serve', 'accept-all', option, `${taken}`]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(
      `mxlab: port ${taken} on 127.0.0.1 is taken, perhaps by another mxlab serve; choose another with ${option}.\n`,
    );
    expect(await first.interrupt()).toMatchObject({ code: 0 });
  });
});

describe('--json', () => {
  test('the first line comes once all listen, the last when it ends', async () => {
    const serving = new Serving(['outlook:blocklisted', 'gmail', 'outlook', '--json']);
    const ready = await serving.ready();
    expect(ready).toEqual({
      ready: true,
      hosts: [
        {
          name: 'mx.outlook.example',
          provider: 'outlook',
          address: '127.0.0.1',
          port: expect.any(Number),
          situations: ['blocklisted'],
        },
        {
          name: 'mx.gmail.example',
          provider: 'gmail',
          address: '127.0.0.1',
          port: expect.any(Number),
          situations: [],
        },
        {
          name: 'mx2.outlook.example',
          provider: 'outlook',
          address: '127.0.0.1',
          port: expect.any(Number),
          situations: [],
        },
      ],
      dns: null,
      control: null,
      format: 1,
    });
    const client = await OutsideClient.to(ready.hosts[0] as never);
    await client.talk([hello, mail]);
    await serving.until(/"type":"closed"/);
    const { code, stderr } = await serving.interrupt();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { records } = serving;
    expect(records.map(({ type }) => type)).toEqual([
      'opened',
      'connected',
      'reply',
      'sent',
      'reply',
      'sent',
      'reply',
      'left',
      'closed',
      'end',
    ]);
    expect(
      records.slice(0, -1).every(({ dialogue, host }) => dialogue === 1 && host === 'mx.outlook.example'),
    ).toBe(true);
    expect(records[0]).toMatchObject({
      provider: 'outlook',
      client: '127.0.0.1',
      at: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect(records[5]).toMatchObject({ type: 'sent', lines: [mail], atMs: expect.any(Number) });
    expect(records[6]).toMatchObject({
      type: 'reply',
      stage: 'mail',
      code: 550,
      enhanced: '5.7.1',
      explanation: { reason: 'blocklisted', about: 'client' },
    });
    expect(records[8]).toMatchObject({
      at: 'mail',
      by: 'host',
      how: 'closed',
      unanswered: false,
      tookMs: expect.any(Number),
    });
    expect(records.at(-1)).toEqual({ type: 'end', dialogues: 1, unusedFaults: [] });
  });

  test('messages, and endings where a reply was due', async () => {
    const serving = new Serving(['accept-all', '--json', '--control-port', '0']);
    const { hosts, control } = await serving.ready();
    const client = await OutsideClient.to(hosts[0] as never);
    await client.talk([hello, mail, rcpt, 'DATA', 'Subject: hi\r\n\r\ntext\r\n.']);
    await fetched(`${control?.url}/hosts/mx.accept-all.example/faults`, 'POST', { at: 'mail', how: 'reset' });
    await fetched(`${control?.url}/hosts/mx.accept-all.example/faults`, 'POST', {
      at: 'rcpt',
      reply: '451 4.7.1 Later',
      times: 3,
    });
    await client.say(mail);
    await serving.until(/"type":"closed"/);
    await serving.interrupt();
    const { records } = serving;
    expect(records.find(({ type }) => type === 'message')).toEqual({
      type: 'message',
      dialogue: 1,
      host: 'mx.accept-all.example',
      sender: 'ada@example.org',
      recipients: ['bob@example.net'],
      bytes: 21,
      accepted: true,
    });
    expect(records.find(({ type }) => type === 'ending')).toMatchObject({
      ending: 'disconnected',
      how: 'reset',
      stage: 'mail',
      command: mail,
    });
    expect(records.at(-1)).toEqual({
      type: 'end',
      dialogues: 1,
      unusedFaults: [{ id: 'fault-2', host: 'mx.accept-all.example', at: 'rcpt', times: 3, left: 3 }],
    });
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it cleanly, whoever is connected', async (signal) => {
    const serving = new Serving(['accept-all', '--json']);
    const { hosts } = await serving.ready();
    const client = await OutsideClient.to(hosts[0] as never);
    await client.talk([hello]);
    const { code, stderr } = await serving.interrupt(signal);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(serving.records.at(-2)).toMatchObject({ type: 'closed', by: 'host' });
    expect(await client.end()).toMatch(/fin|rst/);
  });

  test('a pipe that nobody reads neither stops the hosts nor keeps the program from ending', async () => {
    const serving = new Serving(['accept-all', '--json'], { read: false });
    const { hosts } = await serving.ready();
    const client = await OutsideClient.to(hosts[0] as never);
    await client.talk([hello]);
    for (let i = 0; i < 2_000; i++)
      expect(await client.say(`NOOP ${'x'.repeat(400)}`)).toEqual(['250 2.0.0 Ok']);
    expect((await serving.interrupt('SIGTERM')).code).toBe(0);
  });

  test('a reader who leaves ends it', async () => {
    const serving = new Serving(['accept-all', '--json'], { read: false });
    const { hosts } = await serving.ready();
    serving.hangUp();
    const client = await OutsideClient.to(hosts[0] as never);
    await client.end();
    expect((await serving.ended).code).toBe(0);
  });
});

describe('for a person', () => {
  test('a table, the dialogue with explanations, how it ended, and how many there were', async () => {
    const serving = new Serving([
      'outlook:blocklisted',
      'gmail',
      '--control-port',
      '0',
      '--dns-port',
      '0',
      '--clock',
      '60x',
    ]);
    const [, port] = await serving.until(
      /^mx\.outlook\.example +outlook +127\.0\.0\.1 +(\d+) +blocklisted$/m,
    );
    await serving.until(/Ctrl-C ends it\./);
    expect(serving.stdout).toMatch(
      /^name +provider +address +port +situations\nmx\.outlook\.example .*\nmx\.gmail\.example +gmail +127\.0\.0\.1 +\d+\n\nDNS answers on 127\.0\.0\.1 port \d+/,
    );
    expect(serving.stdout).toMatch(/The control API is at http:\/\/127\.0\.0\.1:\d+/);
    expect(serving.stdout).toMatch(/runs 60 times as fast/);
    expect(serving.stdout.replace(/\s+/g, ' ')).toContain(
      'give each host an address of its own with --host 127.0.1.0/24',
    );
    const client = await OutsideClient.to({ address: '127.0.0.1', port: Number(port) });
    await client.talk([hello, mail]);
    await serving.until(/✗ #1 .*\n\n/s);
    const { code, stdout, stderr } = await serving.interrupt();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('#1 mx.outlook.example (outlook), client 127.0.0.1\n');
    expect(stdout).toMatch(/C: MAIL FROM:<ada@example\.org>\n.*S: 550 5\.7\.1 Unfortunately/);
    expect(stdout).toContain('│  blocklisted · about the client');
    expect(stdout).toMatch(
      /-- the host closed the connection \(FIN\)\n✗ #1 mx\.outlook\.example: 550 5\.7\.1 in reply to MAIL FROM/,
    );
    expect(stdout).toMatch(/\nEnded after 1 dialogue\.\n$/);
  });

  test('faults that were never used are told', async () => {
    const serving = new Serving(['accept-all', '--control-port', '0']);
    const [, url] = await serving.until(/control API is at (http:\/\/127\.0\.0\.1:\d+)/);
    await serving.until(/Ctrl-C/);
    const fault = { at: 'rcpt', reply: '451 4.7.1 Later', times: 2 };
    expect(await fetched(`${url}/hosts/mx.accept-all.example/faults`, 'POST', fault)).toMatchObject({
      status: 200,
    });
    const { stdout } = await serving.interrupt();
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'Ended after 0 dialogues. The planned fault-1 of mx.accept-all.example at RCPT TO was never used.',
    );
  });
});

describe('everything else it can', () => {
  test('a world, DNS over UDP, and each host at an address of its own', async () => {
    const cwd = folderWith({
      'world.yaml': [
        'world: Two hosts of one domain',
        'hosts: { mx1.example.net: { absent: refused }, mx2.example.net: postfix }',
        'domains: { example.net: [mx1.example.net, mx2.example.net] }',
        'zone: { broken.example: { fails: servfail } }',
        '',
      ].join('\n'),
    });
    const serving = new Serving(
      ['--world', 'world.yaml', '--json', '--dns-port', '0', '--host', '127.0.66.0/24'],
      { cwd },
    );
    const { hosts, dns } = await serving.ready();
    const socket = dgram.createSocket('udp4');
    onTestFinished(() => void socket.close());
    const ask = async (type: 'MX' | 'A', name: string): Promise<packet.DecodedPacket> => {
      socket.send(
        packet.encode({ type: 'query', id: 1, questions: [{ type, name }] }),
        dns?.port ?? 0,
        dns?.address,
      );
      const [answer] = (await once(socket, 'message')) as [Buffer];
      return packet.decode(answer);
    };
    const exchangers = (await ask('MX', 'example.net')).answers?.map((record) =>
      'data' in record ? record.data : undefined,
    );
    expect(exchangers).toEqual([
      { preference: 10, exchange: 'mx1.example.net' },
      { preference: 20, exchange: 'mx2.example.net' },
    ]);
    const addressOf = async (name: string): Promise<string> =>
      `${((await ask('A', name)).answers?.[0] as { data?: string })?.data}`;
    const port = hosts[0]?.port ?? 0;
    await expect(
      OutsideClient.to({ address: await addressOf('mx1.example.net'), port }),
    ).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const client = await OutsideClient.to({ address: await addressOf('mx2.example.net'), port });
    expect((await client.talk(['QUIT']))[0]).toMatch(/^220 mx2\.example\.net ESMTP Postfix/);
    expect((await ask('A', 'broken.example')).flags ?? 0).toSatisfy((flags: number) => (flags & 15) === 2);
  });

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
    expect(await fetched(`${control?.url}/hosts`)).toMatchObject({ status: 401 });
  });

  test('a manual clock: greylisted, moved on, let in', async () => {
    const serving = new Serving(['greylister', '--json', '--clock', 'manual', '--control-port', '0']);
    const { hosts, control } = await serving.ready();
    const attempt = async (): Promise<string | undefined> => {
      const client = await OutsideClient.to(hosts[0] as never);
      return (await client.talk([hello, mail, 'RCPT TO:<alice@greylister.example>', 'QUIT']))[3];
    };
    expect(await attempt()).toMatch(/^450 /);
    expect(await fetched(`${control?.url}/clock/advance`, 'POST', { by: '5m' })).toMatchObject({
      status: 200,
    });
    expect(await attempt()).toMatch(/^250 /);
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
});
