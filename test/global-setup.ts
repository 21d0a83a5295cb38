import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const main = join(root, 'dist/cli/main.js');
const sources = ['src', 'tsconfig.json', 'tsconfig.build.json', 'package.json'];

/** Tests of the command line run what is built: this builds it anew where a source has changed since. */
export default function setup(): void {
  const built = changed(main);
  if (newest() <= built) return;
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--noEmitOnError'], {
    cwd: root,
    stdio: 'inherit',
  });
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
