import { expect, test } from 'vitest';
import { linesOf } from '../../src/evidence/lines.ts';

async function cut(chunks: readonly Buffer[], longest?: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const batch of linesOf(chunks, longest)) lines.push(...batch);
  return lines;
}

/** The bytes, `size` at a time. */
function inPieces(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
}

test.each([1, 2, 3, 7, 100])('lines do not depend on where chunks of %i bytes are cut', async (size) => {
  const bytes = Buffer.from('550 5.1.1 Né\r\n\r\n\n450 later\r\nlast without end');
  expect(await cut(inPieces(bytes, size))).toEqual([
    Buffer.from('550 5.1.1 Né').toString('latin1'),
    '',
    '',
    '450 later',
    'last without end',
  ]);
});

test.each([1, 5, 100])('UTF-16, as PowerShell writes it, in chunks of %i bytes', async (size) => {
  const bytes = Buffer.from('\ufeff550 né\r\n450 later\r\n', 'utf16le');
  const [first = Buffer.alloc(0), ...rest] = [bytes.subarray(0, 2), ...inPieces(bytes.subarray(2), size)];
  expect(await cut([first, ...rest])).toEqual([Buffer.from('550 né').toString('latin1'), '450 later']);
});

test('the mark of UTF-8 is no part of the first line', async () => {
  expect(await cut([Buffer.from('\ufeff550 x\n')])).toEqual(['550 x']);
});

test('a line is no longer than it may be', async () => {
  expect(await cut(inPieces(Buffer.from(`${'x'.repeat(100)}\nnext\n`), 7), 10)).toEqual([
    'xxxxxxxxxx',
    'next',
  ]);
});
