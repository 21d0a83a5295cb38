// The program in few files instead of hundreds: reading and linking each costs a part of a millisecond before a command
// can begin. What tsc made of src/cli is replaced; the library stays as it is. Run behind tsc.
import { chmodSync, renameSync, rmSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const made = `${dist}cli.bundled`;

/** Small, and wanted by nearly every command. */
const inlined = [/^commander$/, /^chalk$/];

/** A module finds its files where it stood before. */
const places = {
  name: 'places',
  transform(code, id) {
    if (!id.startsWith(dist) || !code.includes('import.meta.url')) return undefined;
    const from = relative(`${dist}cli`, id);
    return code.replaceAll('import.meta.url', `new URL(${JSON.stringify(from)}, import.meta.url).href`);
  },
};

/** Commander can run a command as a program of its own. Ours has none, and node:child_process brings the whole network with it. */
const noPrograms = {
  name: 'no-programs',
  enforce: 'pre',
  resolveId(source, importer) {
    return /^(?:node:)?child_process$/.test(source) && importer?.includes('/commander/') ? '\0no-programs' : undefined;
  },
  load(id) {
    return id === '\0no-programs' ? 'export default {};' : undefined;
  },
};

await build({
  configFile: false,
  logLevel: 'warn',
  root: dirname(dist),
  plugins: [noPrograms, places],
  ssr: { noExternal: inlined },
  build: {
    ssr: `${dist}cli/main.js`,
    outDir: made,
    target: 'node20',
    minify: false,
    rollupOptions: { output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' } },
  },
});
rmSync(`${dist}cli`, { recursive: true });
renameSync(made, `${dist}cli`);
chmodSync(`${dist}cli/main.js`, 0o755);
