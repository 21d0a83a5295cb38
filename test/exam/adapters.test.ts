import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { httpValidator } from '../../src/exam/adapters/http.ts';
import { moduleValidator } from '../../src/exam/adapters/module.ts';
import { isMapping, loadMapping, mappingNames } from '../../src/exam/mapping.ts';
import type { ExamDoors } from '../../src/exam/validator.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mxlab-adapters-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const doors = {} as ExamDoors; // these validators go through no door
const signal = new AbortController().signal;

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

test.each([
  ['a function', '() => () => {}', 'crashed'],
  ['a big number', '() => 10n', 'crashed'],
  ['itself', '() => { const a = {}; a.a = a; return a; }', 'crashed'],
  ['a trap', '() => ({ get valid() { throw new Error("boo"); } })', 'crashed'],
  ['nothing', '() => undefined', 'said'],
  ['data', '() => ({ valid: true })', 'said'],
])('a module that answers with %s has its answer', async (what, source, kind) => {
  const path = await file(`${what.replaceAll(' ', '-')}.mjs`, `export default ${source};\n`);
  const { ask } = await moduleValidator(path, (name) => name);
  expect(await ask('alice@example.net', doors, signal)).toMatchObject({ kind });
});

test('of an answer that never ends only the beginning is read', async () => {
  const server = createServer((_, response) => {
    const more = (): void => {
      while (response.write('x'.repeat(65_536)));
      response.once('drain', more);
    };
    more();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const answer = await httpValidator(`http://127.0.0.1:${port}/`).ask('alice@example.net', doors, signal);
    expect(answer).toMatchObject({ kind: 'said', text: 'x'.repeat(65_536) });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('a mapping with a broken regular expression is a mistake in the file', async () => {
  const path = await file(
    'broken.yaml',
    "mapping: x\nanswers:\n  - { when: { text: '/(/' }, verdict: unknown }\n",
  );
  const read = await loadMapping(path);
  expect(isMapping(read)).toBe(false);
  expect(JSON.stringify(read)).toContain('regular expression');
});

test('every mapping that ships can be read', async () => {
  for (const name of await mappingNames()) expect(isMapping(await loadMapping(name))).toBe(true);
});
