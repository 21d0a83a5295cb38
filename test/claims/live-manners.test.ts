import net, { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { loadKnowledge } from '../../src/knowledge/knowledge.ts';
import { liveDial } from '../../src/probe/live-dial.ts';
import { loadScenarios } from '../../src/scenario/load.ts';
import type { StepResult } from '../../src/scenario/result.ts';
import { runScenarios } from '../../src/scenario/run.ts';
import { ProviderShelf } from '../../src/sim/load-profiles.ts';
import { RealClock } from '../../src/time/real-clock.ts';
import { folderWith, mxlab, scenario } from '../cli/mxlab.ts';

/** A real host on this machine that takes everything, and what it was told. */
async function realHost(): Promise<{ readonly port: number; readonly lines: readonly string[] }> {
  const lines: string[] = [];
  const server = net.createServer((socket) => {
    socket.on('error', () => {}).write('220 real.example.net ESMTP\r\n');
    let inMessage = false;
    createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY })
      .on('error', () => {})
      .on('line', (line) => {
        lines.push(line);
        if (inMessage && line !== '.') return;
        inMessage = line === 'DATA';
        const verb = line.split(' ')[0] ?? '';
        socket.write(`${replies[verb] ?? '250 ok'}\r\n`);
        if (verb === 'QUIT') socket.end();
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, lines };
}

const replies: Readonly<Record<string, string>> = {
  EHLO: '250-real.example.net\r\n250-CHUNKING\r\n250 PIPELINING',
  DATA: '354 go ahead',
  QUIT: '221 bye',
};

/** Runs steps behind RCPT against a real host, as a live run does. */
async function live(
  steps: string,
  sendData = false,
): Promise<{ lines: readonly string[]; told: readonly StepResult[]; passed: boolean[] }> {
  const { port, lines } = await realHost();
  const upToRcpt =
    '  - connect: mx.example.net\n  - ehlo: probe.example.net\n  - mail: probe@example.net\n  - rcpt: ada@example.net\n';
  const shelf = new ProviderShelf();
  const file = join(folderWith({ 'x.yaml': scenario('Live', `${upToRcpt}${steps}`) }), 'x.yaml');
  const loaded = await loadScenarios(file, { shelf });
  if ('issues' in loaded) throw new Error(JSON.stringify(loaded.issues));
  const told: StepResult[] = [];
  const passed: boolean[] = [];
  const options = {
    seed: '1',
    shelf,
    knowledge: await loadKnowledge(),
    dialWorld: liveDial({ clock: new RealClock() }),
    target: { host: '127.0.0.1', port },
    parallel: 1,
    bail: false,
    realTime: false,
    sendData,
    signal: new AbortController().signal,
    stopwatch: () => 0,
  };
  await runScenarios(loaded.scenarios, options, {
    onStepEnd: (step) => void told.push(step),
    onScenarioEnd: (result) => void passed.push(result.passed),
  });
  return { lines, told, passed };
}

const dialogue = ['EHLO probe.example.net', 'MAIL FROM:<probe@example.net>', 'RCPT TO:<ada@example.net>'];

const sending: Readonly<Record<string, string>> = {
  DATA: '  - data: hello\n',
  BDAT: '  - bdat: hello\n',
  'DATA in a group': '  - pipeline:\n      - rcpt: bob@example.net\n      - data\n',
  'DATA as raw bytes': '  - send: "DATA\\r\\n"\n',
  'DATA behind another command in raw bytes': '  - send: "NOOP\\r\\ndata\\r\\n"\n    replies: 2\n',
  'BDAT in raw bytes that are written otherwise':
    "  - send: 'NOOP\\x0d\\x0a\\x42DAT 2 LAST\\r\\nhi'\n    replies: 2\n",
  'DATA in a repeated step': '  - repeat: 2\n    steps:\n      - data: hello\n',
  'DATA in one of several branches': '  - parallel:\n      - - wait: 1ms\n      - - data: hello\n',
};

for (const [what, steps] of Object.entries(sending)) {
  test(`a live run stops before ${what}, and says so`, async () => {
    const { lines, told, passed } = await live(`${steps}  - quit\n`);
    expect(lines).toEqual([...dialogue, 'QUIT']);
    expect(told.filter(({ skipped }) => skipped !== undefined).map(({ skipped }) => skipped)).toEqual([
      'live runs stop before DATA; --send-data lets them go on',
    ]);
    expect(told.some(({ verb }) => verb === 'quit')).toBe(false);
    expect(passed).toEqual([true]);
  });
}

test('a live run stops before an attempt that would send a message', async () => {
  const { lines, told } = await live('  - attempt: bob@example.net\n    message: hello\n');
  expect(lines).toEqual([...dialogue, 'QUIT']);
  expect(told.at(-1)).toMatchObject({ verb: 'attempt', skipped: expect.any(String) });
});

test('an attempt without a message goes to RCPT and takes its leave', async () => {
  const { lines, told } = await live('  - attempt: bob@example.net\n');
  expect(told.every(({ skipped }) => skipped === undefined)).toBe(true);
  expect(lines.slice(3)).toEqual([
    ...dialogue.slice(0, 2),
    'RCPT TO:<bob@example.net>',
    expect.stringMatching(/^(?:RSET|QUIT)$/),
    ...lines.slice(7),
  ]);
  expect(lines.some((line) => /^(?:DATA|BDAT)/i.test(line))).toBe(false);
});

test('words that only look like DATA do not stop it', async () => {
  const { told, passed } = await live('  - send: "NOOP data\\r\\n"\n  - noop: BDAT\n  - vrfy: data\n');
  expect(told.every(({ skipped }) => skipped === undefined)).toBe(true);
  expect(passed).toEqual([true]);
});

test('with leave to send, messages are sent', async () => {
  const { lines, passed } = await live('  - data: hello\n  - quit\n', true);
  expect(lines.slice(3)).toEqual(['DATA', 'hello', '.', 'QUIT']);
  expect(passed).toEqual([true]);
});

test('on the command line --live alone sends no message, and the report says why', async () => {
  const { port, lines } = await realHost();
  const steps =
    '  - connect: mx.example.net\n  - ehlo: probe.example.net\n  - mail: a@example.net\n  - rcpt: b@example.net\n  - data: hello\n';
  const cwd = folderWith({ 'x.yaml': scenario('Live', steps) });
  const quiet = await mxlab(['run', 'x.yaml', '--target', `127.0.0.1:${port}`, '--live'], { cwd });
  expect(quiet.code).toBe(0);
  expect(quiet.stdout.replace(/\s+/g, ' ')).toContain(
    'live runs stop before DATA; --send-data lets them go on',
  );
  expect(lines).not.toContain('DATA');
  expect(
    await mxlab(['run', 'x.yaml', '--target', `127.0.0.1:${port}`, '--live', '--send-data'], { cwd }),
  ).toMatchObject({ code: 0 });
  expect(lines).toContain('DATA');
});
