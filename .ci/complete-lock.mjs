// Completes package-lock.json with the optional packages of other platforms. Run it after `npm install` wherever the
// registry does not serve them all: npm then leaves them out of the lock, and `npm ci` refuses such a lock everywhere.
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const packages = lock.packages;
const known = (name) => Object.keys(packages).some((path) => path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`));

const platform =
  /-(android|darwin|linux|win32|freebsd|openharmony)-(arm64|arm|x64|ia32|ppc64|riscv64|s390x|loong64)(?:-(gnueabihf|musleabihf|eabi|gnu|musl|msvc))?$/;

/** What npm would have written, but for the hash, which only the registry knows. */
function entryFor(name, version, parent) {
  const [, os, cpu, abi = ''] = platform.exec(name) ?? [];
  return {
    version,
    ...(cpu ? { cpu: [name.includes('wasm') ? 'wasm32' : cpu] } : {}),
    ...(parent.dev ? { dev: true } : {}),
    ...(os === 'linux' && abi ? { libc: [abi.startsWith('musl') ? 'musl' : 'glibc'] } : {}),
    license: parent.license,
    optional: true,
    ...(os ? { os: [os] } : {}),
  };
}

let added = 0;
for (const parent of Object.values({ ...packages })) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    if (known(name) || !/^\d+\.\d+\.\d+/.test(version)) continue;
    packages[`node_modules/${name}`] = entryFor(name, version, parent);
    added++;
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} packages added to package-lock.json`);
