import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

/** Lower floors first. A folder imports from floors below its own, never sideways and never up. */
const floors = [
  ['text', 'time', 'chance'],
  ['datafile'],
  ['smtp'],
  ['dns', 'transcript'],
  ['knowledge', 'probe', 'sim'],
  ['world', 'evidence', 'verify'],
  ['scenario', 'control', 'matchers', 'netns'],
  ['exam'],
  ['report'],
  ['talk'],
  ['cli'],
];

/** Things with one home. Everybody else asks whoever lives there. */
const homes: Record<string, RegExp> = {
  "from 'chalk'": /^report\/palette\.ts$/,
  "from 'yaml'": /^datafile\//,
  "from 'smtp-server": /^sim\/(simulated-host|simulated-connection|command-stream)\.ts$/,
  "from 'node:dns": /^dns\/system-resolver\.ts$/,
  "from 'commander'": /^cli\//,
  "from '@peculiar/x509'": /^sim\/certificates\.ts$/,
  "from 'prom-client'": /^report\/metrics\/list-metrics\.ts$/,
  "from 'log-update'": /^report\//,
  "from 'fast-xml-builder'": /^report\/xml\.ts$/,
  ' setTimeout(': /^time\//,
  'setImmediate(': /^time\//,
  'Date.now(': /^time\//,
  'Math.random(': /^nowhere$/,
  'process.': /^cli\//,
  'performance.now(': /^cli\//,
};

const root = new URL('../src/', import.meta.url).pathname;
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

const floorOf = (folder: string): number => floors.findIndex((names) => names.includes(folder));

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, path]) =>
    relative(root, join(root, dirname(file), path ?? '')),
  );
}

test('every folder has a floor', () => {
  const folders = new Set(files.filter((file) => file.includes('/')).map((file) => file.split('/')[0] ?? ''));
  expect([...folders].filter((folder) => floorOf(folder) < 0)).toEqual([]);
});

test('imports go down', () => {
  const wrong = files
    .filter((file) => file.includes('/'))
    .flatMap((file) => {
      const [folder = ''] = file.split('/');
      return importsOf(file)
        .filter((path) => {
          const [other = ''] = path.split('/');
          return other !== folder && !(floorOf(other) >= 0 && floorOf(other) < floorOf(folder));
        })
        .map((path) => `${file} imports ${path}`);
    });
  expect(wrong).toEqual([]);
});

test('things with one home are only there', () => {
  const wrong = files.flatMap((file) => {
    const code = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    return Object.entries(homes)
      .filter(([thing, home]) => code.includes(thing) && !home.test(file))
      .map(([thing]) => `${file}: ${thing}`);
  });
  expect(wrong).toEqual([]);
});

test('files are short', () => {
  const long = files
    .map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length }))
    .filter(({ lines }) => lines > 400);
  expect(long).toEqual([]);
});

test('only what the package exports stands outside the folders', () => {
  expect(files.filter((file) => !file.includes('/'))).toEqual(['index.ts', 'vitest.ts']);
});
