import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderWith, mxlab, root } from './mxlab.ts';
import { Serving } from './serving.ts';

const world = join(root, 'fixtures/worlds/preflight.yaml');
const asker = ['--helo', 'probe.verifier.example', '--sender', 'me@verifier.example'];
const usual = ['--world', world, ...asker];

test('a preflight that finds nothing wrong', async () => {
  const { code, stdout } = await mxlab(['verify', '--preflight', 'alice@strict.example', ...usual]);
  expect(stdout).toContain('203.0.113.10 is called probe.verifier.example');
  expect(stdout).toMatch(/✓ SPF +SPF of verifier\.example says pass/);
  expect(stdout).toMatch(/✓ Block lists +On none of 6: zen\.spamhaus\.org/);
  expect(stdout).toMatch(/✓ Port +mx\.strict\.example answers at port 25/);
  expect(code).toBe(0);
});

test('what is bad comes with what was asked, what to do and where that is written', async () => {
  const { code, stdout } = await mxlab(
    ['verify', '--preflight', ...usual, '--from', '203.0.113.66', '--dnsbl', 'zen.spamhaus.org'],
    {
      env: { COLUMNS: '200' },
    },
  );
  expect(stdout).toContain('XBL, a machine that is infected');
  expect(stdout).toContain('A 66.113.0.203.zen.spamhaus.org: 127.0.0.4');
  expect(stdout).toContain('Do: ');
  expect(stdout).toContain('RFC 5782 2.1');
  expect(code).toBe(1);
});

test('for programs, a line each', async () => {
  const { stdout } = await mxlab(['verify', '--preflight', 'blocked.example', ...usual, '--format', 'jsonl']);
  const found = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(found.map(({ check }) => check)).toContain('spf');
  expect(found.find(({ check }) => check === 'port')).toMatchObject({
    verdict: 'bad',
    evidence: [
      { asked: expect.stringContaining('mx.blocked.example'), answered: expect.stringContaining('554') },
    ],
  });
});

test('block lists by zone, from a file, and none', async () => {
  const lists =
    'lists:\n  - { zone: old.lists.example, weight: doubtful, answers: { 127.0.0.2: everybody } }\n';
  const cwd = folderWith({ 'lists.yaml': lists, 'wrong.yaml': 'lists:\n  - { zone: nothing }\n' });
  const look = (...dnsbl: string[]) =>
    mxlab(['verify', '--preflight', ...usual, ...dnsbl.flatMap((one) => ['--dnsbl', one])], { cwd });
  expect((await look('lists.yaml')).stdout).toContain('lists every address');
  expect((await look('bl.spamcop.net,psbl.surriel.com')).stdout).toContain('On none of 2');
  expect((await look('none')).stdout).not.toContain('Block lists');
  const wrong = await look('wrong.yaml');
  expect(wrong.stderr).toMatch(/wrong\.yaml:2:13[\s\S]*is no name of a zone/);
  expect(wrong.code).toBe(2);
});

const people = (count: number, domain: string): string =>
  Array.from({ length: count }, (_, i) => `user${i}@${domain}\n`).join('');

test('a plan tells what a list costs, and asks nobody about an address', async () => {
  const cwd = folderWith({
    'list.txt': `${people(90, 'strict.example')}${people(10, 'big.example')}no address\n`,
  });
  const { stdout, code } = await mxlab(['verify', '--plan', 'list.txt', ...usual, '--rate', '1'], { cwd });
  expect(stdout).toContain('101 entries, 1 is no address, 2 domains.');
  expect(stdout).toMatch(/^ {2}strict\.example +90 +1 +3 +23 +1 min 27 s$/m);
  expect(stdout).toContain('1 recipient a second');
  expect(stdout).toMatch(/at least\s+1\s+min\s+27\s+s,\s+which\s+strict\.example decides/);
  expect(code).toBe(0);
  const json = await mxlab(['verify', '--plan', 'list.txt', ...usual, '--format', 'jsonl'], { cwd });
  expect(JSON.parse(json.stdout)).toMatchObject({
    type: 'plan',
    entries: 101,
    bad_syntax: 1,
    totals: { addresses: 100, controls: 2 },
  });
});

test('a plan of what is piped in, and one for which nobody is asked anything', async () => {
  const piped = await mxlab(['verify', '--plan', '-', ...usual], { input: people(5, 'strict.example') });
  expect(piped.stdout).toContain('Plan for standard input\n  5 entries, 1 domain.');
  const offline = await mxlab(['verify', '--plan', '-'], { input: people(5, 'strict.example') });
  expect(offline.stdout).toContain('nobody was asked for their mail hosts');
  expect(offline.code).toBe(0);
});

/** How to meet the simulated hosts at addresses of this machine, as a live run meets real ones. */
async function live(file = world): Promise<readonly string[]> {
  const { hosts, dns } = await new Serving([
    '--world',
    file,
    '--host',
    '127.0.67.0/24',
    '--dns-port',
    '0',
    '--json',
  ]).ready();
  return [
    ...asker,
    '--live',
    '--dns',
    `${dns?.address}:${dns?.port}`,
    '--port',
    `${hosts[0]?.port}`,
    '--rate',
    '500',
    '--wait',
    '0',
  ];
}

test('a live list begins with its plan and the preflight, and does not begin where that is bad', async () => {
  const cwd = folderWith({ 'list.txt': people(3, 'strict.example') });
  const asking = await live();
  const run = (...more: string[]) => mxlab(['verify', 'list.txt', ...asking, ...more], { cwd });

  const good = await run('--public-ip', '203.0.113.10');
  expect(good.stderr).toMatch(/Plan for list\.txt[\s\S]*Preflight[\s\S]*✓ Port[\s\S]*3 verified/);
  expect(good.stdout.trimEnd().split('\n')).toHaveLength(3);

  const bad = await run('--public-ip', '203.0.113.66');
  expect(bad.stderr).toMatch(
    /✗ Block lists[\s\S]*nobody was asked about an address\. Mend it, or go on with --anyway/,
  );
  expect(bad).toMatchObject({ code: 2, stdout: '' });

  const anyway = await run('--public-ip', '203.0.113.66', '--anyway');
  expect(anyway.stderr).toMatch(/✗ Block lists[\s\S]*3 verified/);
  const without = await run('--public-ip', '203.0.113.66', '--no-preflight');
  expect(without.stderr).not.toContain('Preflight');
  expect(without.stderr).toMatch(/Plan for[\s\S]*3 verified/);
  expect([anyway.code, without.code]).toEqual([0, 0]);
});

test('a live list that is piped in has no plan, and our address behind loopback is nobody knows which', async () => {
  const asking = await live();
  const { stderr, stdout } = await mxlab(['verify', '-', ...asking], { input: people(2, 'strict.example') });
  expect(stderr).toContain('can be read only once, so there is no plan');
  expect(stderr).toMatch(/\? Own address/);
  expect(stdout.trimEnd().split('\n')).toHaveLength(2);
});

test('a single live address gets a line for what is wrong, and is asked about all the same', async () => {
  const asking = await live();
  const { stderr, stdout, code } = await mxlab([
    'verify',
    'nobody@strict.example',
    ...asking,
    '--helo',
    'myhost',
  ]);
  expect(stderr).toContain('mxlab: myhost is no full name: it has no domain. Choose a name with --helo');
  expect(stdout).toContain('undeliverable');
  expect(code).toBe(0);
});

test('what the name system says cannot paint the terminal', async () => {
  const hostile =
    'world: x\nhosts: { mx.a.example: postfix }\nzone: { a.example: { a: 192.0.2.1, txt: "v=spf1 a:\\e[31mred -all" } }\n';
  const asking = await live(join(folderWith({ 'world.yaml': hostile }), 'world.yaml'));
  const { stderr } = await mxlab([
    'verify',
    'nobody@nowhere.example',
    ...asking,
    '--sender',
    'me@a.example',
    '--public-ip',
    '203.0.113.10',
  ]);
  expect(stderr).toContain('a:\\x1b[31mred is no mechanism');
  expect(stderr).not.toContain('\x1b');
});

test.each([
  [['--preflight', '--dnsbl', 'foo'], /--dnsbl foo is neither a zone/],
  [['--preflight', '--public-ip', 'me'], /--public-ip me is no IP address/],
  [['--preflight', '--format', 'csv'], /text or JSON/],
  [['--plan', 'nothing-there'], /neither an address nor a file/],
  [['--plan', '-', '--format', 'csv'], /text or JSON/],
])('%j: one clear sentence, and exit code 2', async (args, message) => {
  const { code, stdout, stderr } = await mxlab(['verify', ...args, ...usual], { input: '' });
  expect(stderr).toMatch(message);
  expect(stdout).toBe('');
  expect(code).toBe(2);
});
