import { once } from 'node:events';
import { chmod, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { largestFile, readSource } from '../../src/datafile/read-source.ts';
import { renderIssue } from '../../src/datafile/render-issue.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mxlab-source-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** What a person reads, without the folder's name. */
async function refusal(path: string): Promise<string> {
  const source = await readSource(path);
  if (!Array.isArray(source)) throw new Error('was read');
  return source.map((issue) => renderIssue(issue).replace(`${folder}/`, '')).join('\n');
}

describe('reading a file that a person wrote', () => {
  test('gives its name and text', async () => {
    const path = await file('plain.yaml', 'a: é\r\n');
    expect(await readSource(path)).toEqual({ file: path, text: 'a: é\r\n' });
  });

  test('takes the byte order mark away', async () => {
    const path = await file('bom.yaml', '\ufeffa: 1\n');
    expect(await readSource(path)).toEqual({ file: path, text: 'a: 1\n' });
  });

  test('reads an empty file', async () => {
    const path = await file('empty.yaml', '');
    expect(await readSource(path)).toEqual({ file: path, text: '' });
  });

  test('reads exactly 1 MiB and refuses one byte more', async () => {
    const most = await file('most.yaml', 'x'.repeat(largestFile));
    expect(await readSource(most)).toMatchObject({ text: 'x'.repeat(largestFile) });
    const more = await file('more.yaml', 'x'.repeat(largestFile + 1));
    expect(await refusal(more)).toBe('more.yaml: is too large: 1048577 bytes, of at most 1048576 (1 MiB)');
  });

  test('refuses 100 MB in one sentence, without reading them', async () => {
    const path = await file('huge.yaml', 'a: 1\n');
    await truncate(path, 100 * 1024 * 1024); // sparse: takes no room
    const before = process.memoryUsage().arrayBuffers;
    expect(await refusal(path)).toBe('huge.yaml: is too large: 104857600 bytes, of at most 1048576 (1 MiB)');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 * largestFile);
  });

  test('refuses a file whose size is not told and never ends', async () => {
    expect(await refusal('/dev/zero')).toBe('/dev/zero: is not a regular file');
  });

  test('refuses a socket', async () => {
    const server = createServer().listen(join(folder, 'socket.yaml'));
    await once(server, 'listening');
    expect(await refusal(join(folder, 'socket.yaml'))).toBe('socket.yaml: is not a regular file');
    await new Promise((resolve) => server.close(resolve));
  });

  test.each([
    ['NUL bytes', Uint8Array.of(0x61, 0, 0x62), 'is not a text file: it holds NUL bytes'],
    [
      'Latin-1',
      Buffer.from('a: 1\nb: caf\xe9\nc: 2\n', 'latin1'),
      'is not a UTF-8 text file: line 2 cannot be read',
    ],
    [
      'a UTF-8 character cut off at the end',
      Uint8Array.of(0x61, 0xe2, 0x82),
      'is not a UTF-8 text file: line 1 cannot be read',
    ],
    [
      'surrogates in UTF-8',
      Uint8Array.of(0xed, 0xa0, 0x80),
      'is not a UTF-8 text file: line 1 cannot be read',
    ],
  ])('refuses %s', async (_what, bytes, message) => {
    const path = await file('bytes.yaml', bytes);
    expect(await refusal(path)).toBe(`bytes.yaml: ${message}`);
  });

  test('refuses a directory', async () => {
    expect((await readSource(folder)) as unknown).toMatchObject([
      { file: folder, message: 'is a directory, not a file' },
    ]);
  });

  test('refuses what is not there', async () => {
    expect(await refusal(join(folder, 'none.yaml'))).toBe('none.yaml: does not exist');
    const inside = join(await file('leaf.yaml', 'a'), 'none.yaml');
    expect(await refusal(inside)).toMatch(/does not exist: a part of its path is not a directory$/);
  });

  test('refuses links in a circle and names that no file can have', async () => {
    await symlink('circle.yaml', join(folder, 'circle.yaml'));
    expect(await refusal(join(folder, 'circle.yaml'))).toBe(
      'circle.yaml: is a symbolic link that leads in a circle',
    );
    expect(await refusal(join(folder, 'x'.repeat(300)))).toMatch(/has a name that is too long$/);
    expect(await refusal(join(folder, 'a\0b'))).toMatch(/has a name that no file can have$/);
  });

  test.skipIf(process.getuid?.() === 0)('refuses what it may not read', async () => {
    const path = await file('secret.yaml', 'a: 1');
    await chmod(path, 0o000);
    expect(await refusal(path)).toBe('secret.yaml: may not be read: permission denied');
  });
});
