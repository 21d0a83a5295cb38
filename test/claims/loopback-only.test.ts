import { existsSync, readFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadKnowledge } from '../../src/knowledge/knowledge.ts';
import type { Destination } from '../../src/probe/environment.ts';
import { loadScenarios } from '../../src/scenario/load.ts';
import { type RunOptions, runScenarios } from '../../src/scenario/run.ts';
import { ProviderShelf } from '../../src/sim/load-profiles.ts';
import { type Ended, folderWith, good, mxlab, scenario } from '../cli/mxlab.ts';

/** Writes down every address that the process connects to, every name it asks for and every datagram it sends. */
const witness = `
const note = (text) => require('node:fs').appendFileSync('witnessed.txt', text + '\\n');
const spy = (home, name, says) => {
  const original = home[name];
  home[name] = function (...given) {
    note(says(given));
    return original.apply(this, given);
  };
};
const dns = require('node:dns');
spy(require('node:net').Socket.prototype, 'connect', ([first]) => {
  const { host, port } = Array.isArray(first) ? first[0] : first;
  return 'connect ' + host + ' ' + port;
});
spy(require('node:dgram').Socket.prototype, 'send', () => 'datagram');
for (const home of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]) {
  for (const name of Object.getOwnPropertyNames(home)) {
    if (/^(?:lookup|resolve|reverse)/.test(name)) spy(home, name, ([asked]) => name + ' ' + asked);
  }
}
`;

/** Runs the program and tells what its network saw of it. */
async function witnessed(
  args: readonly string[],
  file = good,
): Promise<{ ended: Ended; seen: readonly string[] }> {
  const cwd = folderWith({ 'x.yaml': file, 'witness.cjs': witness });
  const ended = await mxlab(['run', 'x.yaml', ...args], { cwd, node: ['--require', './witness.cjs'] });
  const noted = join(cwd, 'witnessed.txt');
  return { ended, seen: existsSync(noted) ? readFileSync(noted, 'utf8').trimEnd().split('\n') : [] };
}

const elsewhere = (host: string): string =>
  `mxlab: ${host} is not on this machine: nothing was dialled. Add --live to connect to real hosts.\n`;
const to = (host: string): string =>
  scenario('To a real host', '  - connect: mx.example.net\n', { provider: `{ address: "${host}" }` });
const attempt = 'scenario: To whom it may concern\nsteps:\n  - attempt: ada@example.org\n';

const refused: Readonly<Record<string, readonly [readonly string[], string, string]>> = {
  'a target by address': [['--target', '192.0.2.1:25'], good, elsewhere('192.0.2.1')],
  'a target by IPv6 address': [['--target', '[2001:db8::1]:25'], good, elsewhere('2001:db8::1')],
  'a target by name': [['--target', 'mx.example.org'], good, elsewhere('mx.example.org')],
  'a target that only looks like this machine': [
    ['--target', '127.0.0.1.example.org'],
    good,
    elsewhere('127.0.0.1.example.org'),
  ],
  'a target that stands for all addresses': [['--target', '0.0.0.0:2525'], good, elsewhere('0.0.0.0')],
  'a host by address': [[], to('192.0.2.1:25'), elsewhere('192.0.2.1')],
  'a host by name': [[], to('mx.example.org'), elsewhere('mx.example.org')],
  'an attempt that DNS would lead out': [
    [],
    attempt,
    'mxlab: x.yaml has no hosts, so DNS would say whom to dial: nothing was dialled. Add hosts, or --live.\n',
  ],
};

for (const [what, [args, file, sentence]] of Object.entries(refused)) {
  test(`claim 7: ${what} is refused in one sentence, and nothing is dialled or looked up`, async () => {
    const { ended, seen } = await witnessed(args, file);
    expect(ended).toEqual({ code: 2, stdout: '', stderr: sentence });
    expect(seen).toEqual([]);
  });
}

test('claim 7: the witness sees what is dialled on this machine', async () => {
  const server = net.createServer((socket) => socket.on('error', () => {}).end('554 no\r\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const { ended, seen } = await witnessed(['--target', `127.0.0.1:${port}`]);
  expect(ended).toMatchObject({ code: 1, stderr: '' });
  expect(seen).toContain(`connect 127.0.0.1 ${port}`);
  expect(seen.filter((line) => !/^(?:connect|lookup) 127\.0\.0\.1\b/.test(line))).toEqual([]);
});

test('claim 7: in the lab only loopback is dialled, whatever the scenario calls its hosts', async () => {
  const { ended, seen } = await witnessed(
    [],
    scenario('By DNS', '  - attempt: ada@example.net\n    from: 198.51.100.7\n'),
  );
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(seen.length).toBeGreaterThan(0);
  expect(seen.filter((line) => !/^(?:connect|lookup) 127\.0\.0\.1\b/.test(line))).toEqual([]);
});

/** What would be dialled with --live: everything goes through this door, which leads nowhere here. */
async function dialled(
  file: string,
  target?: RunOptions['target'],
): Promise<{ to: readonly Destination[]; defects: readonly (string | undefined)[] }> {
  const shelf = new ProviderShelf();
  const loaded = await loadScenarios(join(folderWith({ 'x.yaml': file }), 'x.yaml'), { shelf });
  if ('issues' in loaded) throw new Error(JSON.stringify(loaded.issues));
  const destinations: Destination[] = [];
  const defects: (string | undefined)[] = [];
  const options = {
    seed: '1',
    shelf,
    knowledge: await loadKnowledge(),
    dialWorld: (destination: Destination) => {
      destinations.push(destination);
      return Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
    },
    parallel: 1,
    bail: false,
    realTime: false,
    sendData: false,
    signal: new AbortController().signal,
    stopwatch: () => 0,
    ...(target ? { target } : {}),
  };
  await runScenarios(loaded.scenarios, options, { onScenarioEnd: ({ defect }) => void defects.push(defect) });
  return { to: destinations, defects };
}

test('with a target everything is dialled there, and only there', async () => {
  const steps =
    '  - connect: mx.example.net\n    expect: refused\n  - attempt: ada@example.net\n    expect: refused\n';
  const target = { host: 'mx.example.org', port: 25 };
  expect(await dialled(scenario('X', steps), target)).toEqual({
    to: [target, target].map(({ host, port }) => ({ address: host, port })),
    defects: [undefined],
  });
});

test('with a target, a host by address is not dialled but the target', async () => {
  const target = { host: 'mx.example.org', port: 2525 };
  const file = to('192.0.2.1:25').replace(/$/, '    expect: refused\n');
  expect((await dialled(file, target)).to).toEqual([{ address: 'mx.example.org', port: 2525 }]);
});

test('with a target, an attempt without hosts asks nobody where to go', async () => {
  const target = { host: '192.0.2.7', port: 25 };
  expect(await dialled(`${attempt}    expect: refused\n`, target)).toEqual({
    to: [{ address: '192.0.2.7', port: 25 }],
    defects: [undefined],
  });
});

test('a host by address is dialled at its address', async () => {
  expect((await dialled(`${to('192.0.2.1:2525')}    expect: refused\n`)).to).toEqual([
    { address: '192.0.2.1', port: 2525 },
  ]);
});
