import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const main = join(root, 'dist/cli/main.js');
const sources = ['tsconfig.json', 'tsconfig.build.json', 'package.json'];
/** Of these every file counts. */
const folders = ['src', 'build', 'fixtures/knowledge'];

/**
 * Tests of the command line run what is built: this builds it anew where a source has changed since. What the compiler
 * says of types is shown, and for `npm run types` to judge.
 */
export default function setup(): void {
  if (newest() <= changed(main)) return;
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
  spawnSync(process.execPath, ['build/compile-knowledge.mjs'], { cwd: root, stdio: 'inherit' });
  chmodSync(main, 0o755);
}

/** When a source was last changed; a folder changes when a file in it comes or goes. */
function newest(): number {
  const below = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  return Math.max(...[...sources, ...folders, ...below].map((name) => changed(join(root, name))));
}

function changed(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
