import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderWith, mxlab } from './mxlab.ts';

test('our own verifier is right everywhere', async () => {
  const { code, stdout, stderr } = await mxlab(['exam', '--self']);
  const [, questions = ''] = /(\d+) questions in \d+ cases/.exec(stdout) ?? [];
  expect(stdout).toMatch(new RegExp(`^mxlab verify\\n +${questions} right +100 %\\n`));
  expect(stdout).toContain('good manners');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('reporters write files beside what the terminal shows', async () => {
  const folder = folderWith({});
  const reporters = ['json', 'html', 'junit'].flatMap((name) => ['--reporter', `${name}=card.${name}`]);
  const { code, stdout } = await mxlab(['exam', '--self', '--only', 'plain/strict', ...reporters], {
    cwd: folder,
  });
  expect(stdout).toContain('2 questions in 1 cases');
  expect(JSON.parse(readFileSync(join(folder, 'card.json'), 'utf8')).counts.right).toBe(2);
  expect(readFileSync(join(folder, 'card.html'), 'utf8')).toContain('<h1>Exam of ');
  expect(readFileSync(join(folder, 'card.junit'), 'utf8')).toContain('tests="2"');
  expect(code).toBe(0);
});

test("cases of a folder of one's own", async () => {
  const folder = folderWith({
    'mine.yaml': `exam: A host of mine
source: me
hosts: { mx.mine.example: postfix }
ask: [{ address: alice@mine.example, mailbox: live, verdict: undeliverable }]
`,
  });
  const { code, stdout } = await mxlab(['exam', '--self', '--cases', folder]);
  expect(stdout).toContain('wrong     mine  alice@mine.example');
  expect(code).toBe(1);
});

test.each([
  [['exam'], /name one validator: --self/],
  [['exam', '--self', '--command', 'true'], /name one validator/],
  [['exam', '--self', '--start', 'true'], /--start starts the service of --http/],
  [['exam', '--self', '--only', 'no such case'], /no case has no such case/],
  [['exam', '--self', '--reporter', 'tap'], /there is no reporter called tap/],
  [['exam', '--self', '--time-limit', 'soon'], /--time-limit soon is no time/],
  [['exam', '--self', '--cases', 'nowhere'], /nowhere/],
  [
    ['exam', '--self', '--baseline', 'nothing.json'],
    /nothing\.json is no baseline: .* Make one with --update/,
  ],
])('%j: one clear sentence', async (args, message) => {
  const { code, stderr, stdout } = await mxlab(args);
  expect(stderr).toMatch(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
});

test('a case that is not well-formed is shown with its place', async () => {
  const folder = folderWith({
    'mine.yaml': 'exam: A host\nsource: me\nhosts: { mx.a.example: postfx }\nask: []\n',
  });
  const { code, stderr } = await mxlab(['exam', '--self', '--cases', folder]);
  expect(stderr).toContain('^');
  expect(stderr).toContain('Nothing was asked.');
  expect(code).toBe(2);
});
