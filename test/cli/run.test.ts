import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderWith, good, mxlab, scenario, wrong } from './mxlab.ts';
import { typed } from './typed.ts';

/** Files of which some wait longer than others, so that they end in another order than they begin. */
const mixed = {
  'a.yaml': scenario(
    'Waits long',
    '  - connect: mx.example.net\n  - wait: 2m\n  - ehlo: probe.example.net\n',
    {
      provider: '{ provider: accept-all, behaviours: [{ tarpit: { delay: 50s } }] }',
    },
  ),
  'b.yaml': scenario('By {how}', '  - connect: mx.example.net\n  - disconnect: "{how}"\n', {
    more: 'tags: [leaving]\nmatrix: { how: [close, reset] }\n',
  }),
  'c.yaml': wrong,
  'd.yaml': good,
};

const verdicts = (stdout: string): string[] =>
  stdout.split('\n').flatMap((line) => {
    const { type, of, scenario: number, passed } = JSON.parse(line || '{}');
    return type === 'end' && of === 'scenario' ? [`${number} ${passed}`] : [];
  });
const titles = (stdout: string): string[] =>
  stdout.split('\n').flatMap((line) => {
    const { type, title, variant } = JSON.parse(line || '{}');
    return type === 'scenario' ? [`${title}${variant ? ` (${variant})` : ''}`] : [];
  });

test('what passes ends with 0', async () => {
  const cwd = folderWith({ 'good.yaml': good });
  const { code, stdout, stderr } = await mxlab(['run', 'good.yaml'], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^mxlab: 1 scenario in 1 file, seed 1\n/);
  expect(stdout).toContain('C: EHLO probe.example.net');
  expect(stdout).toMatch(/\n1 passed\n0 ms simulated in \d+ ms\n$/);
});

test('claim 2: a wrong expectation ends with 1 and a caret at its line and column', async () => {
  const cwd = folderWith({ 'wrong.yaml': wrong });
  const { code, stdout, stderr } = await mxlab(['run', 'wrong.yaml'], { cwd });
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout).toContain(`
✗ wrong.yaml:6:13
    |
  6 |     expect: 550 5.7.1
    |             ^^^^^^^^^
  expected  550 5.7.1
  found     250 mx.example.net `);
  expect(stdout).toMatch(/\n1 failed\n/);
});

test('an expectation inside a mapping, a group and an included file has its own place', async () => {
  const folder = folderWith({
    'group.yaml': scenario(
      'Deep inside',
      '  - connect: mx.example.net\n  - include: hello.txt\n  - pipeline:\n      - mail: a@example.net\n      - rcpt: b@example.net\n        expect: { reply: 250, text: "no such words" }\n',
    ),
    'include.yaml': scenario('Elsewhere', '  - connect: mx.example.net\n  - include: other.txt\n'),
    'hello.txt': 'steps:\n  - ehlo: probe.example.net\n',
    'other.txt':
      'steps:\n  - ehlo: probe.example.net\n    expect:\n      capabilities:\n        has: [XCLIENT]\n',
  });
  const { code, stdout } = await typed(['run', folder, '--detail', 'failures'], { directory: folder });
  expect(code).toBe(1);
  expect(stdout).toContain('group.yaml:9:37\n');
  expect(stdout).toContain('other.txt:5:14\n');
});

test('a step without an expectation that does not succeed is told at its verb', async () => {
  const folder = folderWith({
    'x.yaml': scenario('No hello', '  - connect: mx.example.net\n  - rcpt: b@example.net\n    force: true\n'),
  });
  const { code, stdout } = await typed(['run', folder], { directory: folder });
  expect(code).toBe(1);
  expect(stdout).toContain('x.yaml:5:5\n');
  expect(stdout).toContain('  expected  success (a 2xx or 3xx reply)\n');
});

test('what is neither passed nor failed but broken off ends with 3', async () => {
  const branches =
    '  - parallel:\n      - - wait: 1m\n        - connect: mx.example.net\n          as: late\n      - - noop: null\n          on: late\n';
  const folder = folderWith({ 'x.yaml': scenario('Too early', branches), 'wrong.yaml': wrong });
  const { code, stdout } = await typed(['run', folder]);
  expect(code).toBe(3);
  expect(stdout).toContain('no session is called late yet');
  expect(stdout).toMatch(/\n1 failed, 1 broken off\n/);
});

test('several paths, folders and files; what is shared between scenarios is none', async () => {
  const folder = folderWith(mixed);
  const { stdout } = await typed(['run', join(folder, 'd.yaml'), folder, '--reporter', 'json']);
  expect(titles(stdout)).toEqual([
    'A greeting',
    'Waits long',
    'By close (how: close)',
    'By reset (how: reset)',
    'A wrong expectation',
  ]);
});

test('--only takes a tag, or a part of title, variant or file name', async () => {
  const folder = folderWith(mixed);
  const run = async (...only: string[]): Promise<string[]> =>
    titles(
      (await typed(['run', folder, '--reporter', 'json', ...only.flatMap((word) => ['--only', word])]))
        .stdout,
    );
  expect(await run('leaving')).toEqual(['By close (how: close)', 'By reset (how: reset)']);
  expect(await run('leavin')).toEqual([]);
  expect(await run('WAITS')).toEqual(['Waits long']);
  expect(await run('how: reset', 'd.yaml')).toEqual(['By reset (how: reset)', 'A greeting']);
});

test('--bail stops after the first that fails', async () => {
  const folder = folderWith(mixed);
  const { code, stdout } = await typed(['run', folder, '--bail', '--detail', 'summary']);
  expect(code).toBe(1);
  expect(stdout).toMatch(/\n3 passed, 1 failed, 1 not run\n/);
  expect((await typed(['run', folder, '--detail', 'summary'])).stdout).toMatch(/\n4 passed, 1 failed\n/);
});

for (const reporter of ['terminal', 'json', 'junit']) {
  test(`--parallel 8 tells the same as --parallel 1: ${reporter}`, async () => {
    const folder = folderWith(mixed);
    const [one, eight] = await Promise.all(
      ['1', '8'].map((parallel) => typed(['run', folder, '--reporter', reporter, '--parallel', parallel])),
    );
    expect(one?.stdout).toContain('Waits long');
    expect(eight).toEqual(one);
  });
}

test('many scenarios at the same time are no reason to complain', async () => {
  const cwd = folderWith(Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`${i}.yaml`, good])));
  const { code, stdout, stderr } = await mxlab(
    ['run', '.', '--parallel', '20', '--real-time', '--detail', 'summary'],
    { cwd },
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('40 passed');
});

test('--set gives a variable another value', async () => {
  const folder = folderWith({
    'x.yaml': scenario('To {recipient}', '  - attempt: "{recipient}"\n', {
      more: 'vars: { recipient: a@example.net }\n',
    }),
  });
  const run = async (...set: string[]): Promise<string[]> =>
    titles((await typed(['run', folder, '--reporter', 'json', ...set])).stdout);
  expect(await run()).toEqual(['To a@example.net']);
  expect(await run('--set', 'recipient=b@example.net')).toEqual(['To b@example.net']);
});

test('--detail says how much of dialogues is shown', async () => {
  const folder = folderWith(mixed);
  const shown = async (detail: string): Promise<number> => {
    const { stdout } = await typed(['run', folder, '--detail', detail]);
    return stdout.split('\n').filter((line) => line.includes('connected to mx.example.net')).length;
  };
  expect(await shown('full')).toBe(5);
  expect(await shown('examples')).toBe(4);
  expect(await shown('failures')).toBe(1);
  expect(await shown('summary')).toBe(0);
});

test('--trace writes a file for each scenario, and makes the folder', async () => {
  const folder = folderWith(mixed);
  const traces = join(folder, 'deep', 'traces');
  const { code } = await typed(['run', folder, '--trace', traces, '--detail', 'summary'], {
    directory: folder,
  });
  const files = readdirSync(traces).sort();
  expect(code).toBe(1);
  expect(files.map((name) => name.replace(/-[0-9a-f]{8}\.json$/, ''))).toEqual([
    'a',
    'b-how-close',
    'b-how-reset',
    'c',
    'd',
  ]);
  for (const file of files) {
    const trace = JSON.parse(readFileSync(join(traces, file), 'utf8'));
    expect(trace).toMatchObject({ format: 1, passed: !file.startsWith('c-') });
    expect(trace.connections).toHaveLength(1);
  }
});

test('a folder for traces that cannot be made is told before anything is run', async () => {
  const folder = folderWith({ 'good.yaml': good });
  const { code, stdout, stderr } = await typed(['run', folder, '--trace', join(folder, 'good.yaml')]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^mxlab: \S+good\.yaml cannot be written to: [^\n]+\.\n$/);
});

test('check reads and does not run', async () => {
  const folder = folderWith(mixed);
  expect(await typed(['check', folder])).toMatchObject({
    code: 0,
    stdout: '4 files hold 5 scenarios, all of them well-formed.\n',
    stderr: '',
  });
  expect(verdicts((await typed(['run', folder, '--reporter', 'json'])).stdout)).toEqual([
    '1 true',
    '2 true',
    '3 true',
    '4 false',
    '5 true',
  ]);
});
