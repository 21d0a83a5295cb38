import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { singleFile } from './single-file.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Builds `dist/page.html`, the page that the html reporter puts its data into. */
export default defineConfig({
  root: here('.'),
  cacheDir: here('../node_modules/.vite'),
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: here('../dist'),
    emptyOutDir: false,
    target: 'es2022',
    modulePreload: false,
    cssCodeSplit: false,
    assetsInlineLimit: Number.MAX_SAFE_INTEGER,
    reportCompressedSize: false,
  },
  plugins: [singleFile('page.html')],
});
