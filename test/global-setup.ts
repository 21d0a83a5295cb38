import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const main = join(root, 'dist/cli/main.js');
const page = join(root, 'dist/page.html');
const settings = ['tsconfig.json', 'tsconfig.build.json', 'package.json'];

/**
 * Tests of the command line run what is built, and those of the html reporter fill the page that is built: this builds
 * both anew where a source has changed since. What the compiler says of types is shown, and for `npm run types` to judge.
 */
export default function setup(): void {
  if (newest('src', 'build', 'fixtures/knowledge') > changed(main)) {
    run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json');
    run('build/compile-knowledge.mjs');
    chmodSync(main, 0o755);
  }
  if (newest('src', 'page') > changed(page))
    run('node_modules/vite/bin/vite.js', 'build', '--config', 'page/vite.config.ts', '--logLevel', 'warn');
}

function run(script: string, ...args: string[]): void {
  spawnSync(process.execPath, [join(root, script), ...args], { cwd: root, stdio: 'inherit' });
}

/** When a source was last changed; a folder changes when a file in it comes or goes. */
function newest(...folders: string[]): number {
  const below = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  return Math.max(...[...settings, ...folders, ...below].map((name) => changed(join(root, name))));
}

function changed(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
