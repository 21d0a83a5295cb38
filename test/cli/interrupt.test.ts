import net from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Surroundings } from '../../src/cli/surroundings.ts';
import { folderWith, good, mxlab, scenario } from './mxlab.ts';
import { typed } from './typed.ts';

/** Steps that would keep a run for an hour of real time, each in its own way, and what shows that they have begun. */
const endless: Readonly<Record<string, readonly [string, { provider?: string; more?: string }, RegExp]>> = {
  'a wait': ['  - connect: mx.example.net\n  - wait: 1h\n', {}, /S: 220/],
  'a host that takes its time': [
    '  - connect: mx.example.net\n  - ehlo: probe.example.net\n    patience: 2h\n',
    { provider: '{ provider: accept-all, behaviours: [{ tarpit: { at: ehlo, delay: 1h } }] }' },
    /S: 220/,
  ],
  'an attempt at a silent host': [
    '  - wait: 1ms\n  - attempt: ada@example.net\n    patience: 1h\n',
    { provider: '{ provider: accept-all, behaviours: [{ tarpit: { at: greeting, delay: 1h } }] }' },
    /2\.yaml\n/,
  ],
  'the pauses between attempts': [
    '  - wait: 1ms\n  - attempt: ada@example.net\n    retry: { first: 1h, at-most: 9 }\n',
    { provider: 'greylister' },
    /2\.yaml\n/,
  ],
  'a host that never answers the dial': [
    '  - wait: 1ms\n  - connect: mx.example.net\n    patience: 1h\n',
    { provider: '{ absent: timed-out }' },
    /2\.yaml\n/,
  ],
};

for (const [what, [steps, options, begun]] of Object.entries(endless)) {
  test(`Ctrl-C breaks off ${what}, tells what there is, and ends with 130`, async () => {
    const cwd = folderWith({ '1.yaml': good, '2.yaml': scenario('Endless', steps, options), '3.yaml': good });
    let interrupted = false;
    const { code, stdout, stderr } = await mxlab(
      ['run', '.', '--real-time', '--reporter', 'terminal', '--reporter', 'junit=junit.xml'],
      {
        cwd,
        watch: (text, child) => {
          if (interrupted || !begun.test(text.slice(text.lastIndexOf('Endless')))) return;
          interrupted = true;
          child.kill('SIGINT');
        },
      },
    );
    expect({ code, stderr, interrupted }).toEqual({ code: 130, stderr: '', interrupted: true });
    expect(stdout).toContain('interrupted');
    expect(stdout).toMatch(/\n1 passed, 1 broken off, 1 not run\n/);
  });
}

test('a second Ctrl-C ends the program at once', async () => {
  let interrupt: Parameters<Surroundings['onInterrupt']>[0] = () => {};
  const folder = folderWith({ 'x.yaml': scenario('Endless', '  - connect: mx.example.net\n  - wait: 1h\n') });
  const { code, exits } = await typed(['run', folder, '--real-time'], {
    onInterrupt: (listener) => {
      interrupt = listener;
      return () => {};
    },
    write: (text) => {
      if (!text.includes('S: 220')) return;
      interrupt('SIGINT');
      interrupt('SIGINT');
    },
  });
  expect({ code, exits }).toEqual({ code: 130, exits: [130] });
});

test('a run against a real host is broken off too, and the host sees us go', async () => {
  let left: () => void = () => {};
  const gone = new Promise<void>((resolve) => {
    left = resolve;
  });
  const server = net.createServer((socket) => {
    socket
      .on('error', () => {})
      .on('close', left)
      .write('220 real.example.net\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as net.AddressInfo;
  const cwd = folderWith({
    'x.yaml': scenario('Silent', '  - connect: mx.example.net\n  - ehlo: probe.example.net\n'),
  });
  let interrupted = false;
  const { code } = await mxlab(['run', '.', '--target', `127.0.0.1:${port}`], {
    cwd,
    watch: (text, child) => {
      if (!interrupted && text.includes('S: 220')) interrupted = child.kill('SIGINT');
    },
  });
  expect(code).toBe(130);
  await gone;
});

test('what a host still meant to do does not keep the program waiting', async () => {
  const cwd = folderWith({
    'x.yaml': scenario(
      'Impatient',
      '  - connect: mx.example.net\n  - ehlo: probe.example.net\n    patience: 20ms\n    expect: silence\n',
      {
        provider: '{ provider: accept-all, behaviours: [{ tarpit: { at: ehlo, delay: 1h } }] }',
      },
    ),
  });
  expect(await mxlab(['run', '.', '--real-time'], { cwd })).toMatchObject({ code: 0 });
});
