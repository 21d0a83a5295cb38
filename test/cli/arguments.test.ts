import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mxlab, root } from './mxlab.ts';
import { typed } from './typed.ts';

const packaged = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };

test('--version prints the version of the package', async () => {
  expect(await mxlab(['--version'])).toEqual({ code: 0, stdout: `${packaged.version}\n`, stderr: '' });
});

test('--help names every command, and each command every option', async () => {
  const { code, stdout, stderr } = await mxlab(['--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const command of ['run', 'check', 'schema']) expect(stdout).toContain(`\n  ${command} `);
  const run = await typed(['run', '--help']);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  const options = [
    '--target <host[:port]>',
    '--only <tag|text>',
    '--seed <seed>',
    '--parallel <n>',
    '--bail',
    '--reporter <name[=file]>',
    '--detail <how>',
    '--real-time',
    '--live',
    '--send-data',
    '--trace <dir>',
    '--set <name=value>',
  ];
  for (const option of options) expect(run.stdout).toContain(`  ${option} `);
  expect(await typed(['check', '--help'])).toMatchObject({ code: 0 });
  expect(await typed(['help', 'run'])).toMatchObject({ code: 0, stdout: run.stdout });
});

test('help fits a narrow terminal', async () => {
  const { stdout } = await typed(['run', '--help'], { columns: 60 });
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
});

test('without a command there is help, on standard error', async () => {
  const { code, stdout, stderr } = await typed([]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('Usage: mxlab');
});

const wrong: Readonly<Record<string, readonly [readonly string[], string]>> = {
  'an unknown command': [['rum'], "unknown command 'rum'\n(Did you mean run?)"],
  'an unknown option': [
    ['run', '--parralel', '2'],
    "unknown option '--parralel'\n(Did you mean --parallel?)",
  ],
  'an unknown reporter': [
    ['run', '--reporter', 'jsn'],
    'there is no reporter called jsn; did you mean json? (known: terminal, json, junit, html, tap, github, markdown).',
  ],
  'a reporter without a name': [
    ['run', '--reporter', '=x'],
    'there is no reporter called ; known: terminal, json, junit, html, tap, github, markdown.',
  ],
  'a reporter whose file has no name': [['run', '--reporter', 'junit='], '--reporter junit= names no file.'],
  'two reporters to standard output': [
    ['run', '--reporter', 'json', '--reporter', 'junit'],
    'only one reporter can write to standard output; give the others a file: --reporter junit=report.xml.',
  ],
  'an unknown detail': [
    ['run', '--detail', 'all'],
    "option '--detail <how>' argument 'all' is invalid. Allowed choices are full, examples, failures, summary.",
  ],
  'nothing at the same time': [
    ['run', '--parallel', '0'],
    "option '--parallel <n>' argument '0' is invalid. It must be a whole number from 1 to 999.",
  ],
  'half of one at the same time': [
    ['run', '--parallel', '1.5'],
    "option '--parallel <n>' argument '1.5' is invalid. It must be a whole number from 1 to 999.",
  ],
  'an option without its value': [['run', '--seed'], "option '--seed <seed>' argument missing"],
  'a variable without a value': [['run', '--set', 'recipient'], '--set takes name=value, not recipient.'],
  'a variable with a strange name': [
    ['check', '--set', 'Recipient=x'],
    '--set takes name=value, not Recipient=x.',
  ],
  'an unknown kind of file': [
    ['schema', 'scenaro'],
    'there is no kind of file called scenaro; did you mean scenario?',
  ],
  'a kind of file like no other': [
    ['schema', 'xyzzy'],
    'there is no kind of file called xyzzy; known: scenario, include, world, provider.',
  ],
  'a target without a port that is one': [
    ['run', '--target', '127.0.0.1:66000'],
    '--target takes host or host:port, not 127.0.0.1:66000.',
  ],
  'a target that is no host': [
    ['run', '--target', 'smtp://127.0.0.1'],
    '--target takes host or host:port, not smtp://127.0.0.1.',
  ],
  'escape codes in what was typed': [
    ['run', '--target', '\x1b[2J'],
    '--target takes host or host:port, not \\x1b[2J.',
  ],
};

for (const [what, [args, sentence]] of Object.entries(wrong)) {
  test(`${what} is told in one sentence, with exit code 2`, async () => {
    const { code, stdout, stderr } = await typed(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.replace(/\(mxlab --help shows what there is\)\n$/, '')).toBe(`mxlab: ${sentence}\n`);
  });
}

test('wrong arguments are told before files are read', async () => {
  const { stderr } = await typed(['run', 'there-is-no-such-file.yaml', '--reporter', 'jsn']);
  expect(stderr).toContain('there is no reporter called jsn');
  expect(stderr).not.toContain('there-is-no-such-file');
});

test('nothing to run is a mistake of the one who asked', async () => {
  expect(await typed(['run', '--only', 'no such tag', '--only', 'nor this'])).toMatchObject({
    code: 2,
    stderr: 'mxlab: no scenario has the tag or text no such tag, nor this.\n',
  });
});

test('schema prints JSON Schemas, of one kind or of all', async () => {
  const { code, stdout } = await typed(['schema']);
  const all = JSON.parse(stdout);
  expect(code).toBe(0);
  expect(Object.keys(all)).toEqual(['scenario', 'include', 'world', 'provider']);
  for (const kind of Object.keys(all)) {
    const one = JSON.parse((await typed(['schema', kind])).stdout);
    expect(one).toEqual(all[kind]);
    expect(one.$schema).toMatch(/json-schema\.org\/draft/);
  }
  expect(all.scenario.required).toEqual(expect.arrayContaining(['scenario', 'steps']));
});
