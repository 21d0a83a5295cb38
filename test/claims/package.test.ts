import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../cli/mxlab.ts';

/** What npm would publish. Scripts stay out of it: `prepare` would take away the build that other tests run. */
function packed(): readonly string[] {
  const told = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ files }] = JSON.parse(told) as [{ files: readonly { path: string }[] }];
  return files.map(({ path }) => path);
}

const below = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(root.length));

test('the package holds the program, every scenario and every fixture, and nothing of the workshop', () => {
  const files = packed();
  expect(files).toEqual(expect.arrayContaining([...below('scenarios'), ...below('fixtures')]));
  expect(files).toEqual(expect.arrayContaining(['dist/cli/main.js', 'dist/index.js', 'dist/index.d.ts']));
  const others = files.filter((path) => !/^(?:dist|scenarios|fixtures)\//.test(path));
  expect(others.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
});

test('every source has its module in the package', () => {
  const files = packed();
  const modules = below('src')
    .filter((path) => path.endsWith('.ts'))
    .map((path) => path.replace(/^src/, 'dist').replace(/\.ts$/, '.js'));
  expect(modules.filter((path) => !files.includes(path) || !existsSync(join(root, path)))).toEqual([]);
});
