import { expect, test } from 'vitest';
import { foreignAddress } from '../world/foreign-address.ts';
import { folderWith, mxlab } from './mxlab.ts';
import { Serving } from './serving.ts';
import { typed } from './typed.ts';

test('a world without hosts is served as DNS or not at all', async () => {
  const cwd = folderWith({ 'world.yaml': 'world: x\nhosts: { mx.example.net: { absent: refused } }\n' });
  expect(await mxlab(['serve', '--world', 'world.yaml'], { cwd })).toEqual({
    code: 2,
    stdout: '',
    stderr: 'mxlab: nobody listens in this world; --dns-port serves its zone.\n',
  });
  const serving = new Serving(['--world', 'world.yaml', '--dns-port', '0', '--json'], { cwd });
  expect(await serving.ready()).toMatchObject({ hosts: [], dns: { port: expect.any(Number) } });
});

test('nothing: it says what to type and lists the profiles', async () => {
  const { code, stdout, stderr } = await typed(['serve']);
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
  'an empty situation': [
    ['outlook:'],
    /^mxlab: outlook has no situation called ""; mxlab providers outlook tells all \d+\.\n$/,
  ],
  'one wrong situation of two': [
    ['outlook:blocklisted,nope'],
    /has no situation called nope; mxlab providers outlook tells all \d+\.\n$/,
  ],
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
    ['outlook', '--host', foreignAddress],
    /^mxlab: \d+\.\d+\.\d+\.251 is not an address of this machine\.\n$/,
  ],
  'a control API for everybody': [
    ['outlook', '--control-port', '0', '--control-host', '0.0.0.0'],
    /needs a --control-token/,
  ],
  'more hosts than ports': [
    ['outlook', 'gmail', '--port', '65535'],
    /^mxlab: host 2 would need port 65536, and 65535 is the last\.\n$/,
  ],
  'a network that is too small': [
    ['outlook', 'gmail', 'yahoo', 'postfix', '--host', '127.0.77.0/30'],
    /has no more than 3 addresses for hosts\.\n$/,
  ],
  'a folder of profiles that is not there': [
    ['outlook', '--providers', '/nowhere'],
    /provider profiles cannot be read/,
  ],
  'a folder that cannot be written': [['outlook', '--save', 'README.md'], /cannot be written to/],
  'an option that is none': [['outlook', '--prot', '25'], /unknown option '--prot'/],
};

for (const [what, [args, told]] of Object.entries(wrong)) {
  test(`${what}: one sentence, exit 2, and nothing listens`, async () => {
    const { code, stdout, stderr } = await typed(['serve', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(told);
    expect(stderr).not.toMatch(/\x1b| at .*\.js:/);
  });
}

/** Files that cannot be served, and all that is told of them. */
const mistakes: Readonly<Record<string, readonly [string, string]>> = {
  'a reply with CR and LF inside': [
    'hosts:\n  mx.example.net:\n    provider: postfix\n    behaviours: [{ canned-reply: { at: mail, reply: "550 No\\r\\n250 Yes" } }]\n',
    `world.yaml:5:53
  |
5 | …rs: [{ canned-reply: { at: mail, reply: "550 No\\r\\n250 Yes" } }]
  |                                          ^^^^^^^^^^^^^^^^^^^ has a line break or NUL inside a line; write several lines as a list
`,
  ],
  'a reply that contradicts its enhanced code': [
    'hosts:\n  mx.example.net:\n    provider: postfix\n    behaviours: [{ canned-reply: { at: rcpt, reply: 550 4.1.1 No } }]\n',
    `world.yaml:5:53
  |
5 | …rs: [{ canned-reply: { at: rcpt, reply: 550 4.1.1 No } }]
  |                                          ^^^^^^^^^^^^ says 550 and 4.1.1, which contradict each other
`,
  ],
  'an unknown situation': [
    'hosts: { mx.example.net: { provider: outlook, situation: blocklistd } }\n',
    `world.yaml:2:58
  |
2 | …le.net: { provider: outlook, situation: blocklistd } }
  |                                          ^^^^^^^^^^ is not a situation of outlook
  = did you mean blocklisted?
`,
  ],
  'an exchanger that is no host': [
    'hosts: { mx.example.net: outlook }\ndomains: { example.net: [mx1.example.net] }\n',
    `world.yaml:3:26
  |
3 | domains: { example.net: [mx1.example.net] }
  |                          ^^^^^^^^^^^^^^^ is not a host of this world
  = did you mean mx.example.net?
`,
  ],
  'a zone that is none': [
    'hosts: { mx.example.net: outlook }\nzone: { example.net: { a: 192.0.2.256 } }\n',
    `world.yaml:3:27
  |
3 | zone: { example.net: { a: 192.0.2.256 } }
  |                           ^^^^^^^^^^^ is not an IPv4 address
`,
  ],
  'broken YAML': [
    'hosts: { mx.example.net: outlook\n',
    `world.yaml:2:8
  |
2 | hosts: { mx.example.net: outlook
  |        ^ is never closed
`,
  ],
};

test.each(Object.entries(mistakes))('%s in a world: where it stands, exit 2', async (_what, [text, told]) => {
  const cwd = folderWith({ 'world.yaml': `world: A world\n${text}` });
  const { code, stdout, stderr } = await mxlab(['serve', '--world', 'world.yaml'], { cwd });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toBe(`${told}\n1 mistake. Nothing was started.\n`);
});

test.each([
  [
    'contradicts its enhanced code',
    '250 5.1.0 Ok',
    `acme.yaml:4:17
  |
4 | accent: { mail: 250 5.1.0 Ok }
  |                 ^^^^^^^^^^^^ says 250 and 5.1.0, which contradict each other
`,
  ],
  [
    'has CR and LF inside',
    '"250 Ok\\r\\n250 Ok"',
    `acme.yaml:4:17
  |
4 | accent: { mail: "250 Ok\\r\\n250 Ok" }
  |                 ^^^^^^^^^^^^^^^^^^ has a line break or NUL inside a line; write several lines as a list
`,
  ],
])('a profile of one’s own with a reply that %s', async (_what, reply, told) => {
  const profile = `provider: acme\ntitle: Acme\ninvented: true\naccent: { mail: ${reply} }\n`;
  const cwd = folderWith({ 'acme.yaml': profile });
  const { code, stdout, stderr } = await mxlab(['serve', 'acme', '--providers', '.'], { cwd });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toBe(`${told}\n1 mistake. Nothing was started.\n`);
});

test('a port that is taken, as by a second serve: which, and what to do', async () => {
  const first = new Serving(['accept-all', '--json', '--dns-port', '0', '--control-port', '0']);
  const { hosts, dns, control } = await first.ready();
  for (const [option, taken] of [
    ['--port', hosts[0]?.port],
    ['--dns-port', dns?.port],
    ['--control-port', control?.port],
  ] as const) {
    const { code, stdout, stderr } = await mxlab(['serve', 'accept-all', option, `${taken}`]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(
      `mxlab: port ${taken} on 127.0.0.1 is taken, perhaps by another mxlab serve; choose another with ${option}.\n`,
    );
  }
  expect(await first.interrupt()).toMatchObject({ code: 0 });
});

test('a second host that finds its port taken takes the first one down with it', async () => {
  const first = new Serving(['accept-all', '--json']);
  const [host] = (await first.ready()).hosts;
  const before = Number(host?.port) - 1;
  const { code, stdout, stderr } = await mxlab(['serve', 'gmail', 'outlook', '--port', `${before}`]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^mxlab: port \d+ on 127\.0\.0\.1 is taken, perhaps by another mxlab serve; /);
});
