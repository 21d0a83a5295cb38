import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const main = join(root, 'dist/cli/main.js');
const sources = ['src', 'tsconfig.json', 'tsconfig.build.json', 'package.json'];

/**
 * Tests of the command line run what is built: this builds it anew where a source has changed since. What the compiler
 * says of types is shown, and for `npm run types` to judge.
 */
export default function setup(): void {
  if (newest() <= changed(main)) return;
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
  chmodSync(main, 0o755);
}

/** When a source was last changed; a folder changes when a file in it comes or goes. */
function newest(): number {
  const below = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  return Math.max(
    ...[...sources, ...below.map((name) => join('src', name))].map((name) => changed(join(root, name))),
  );
}

function changed(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
