import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { ListError, type ReadOptions, readEntries } from '../../../src/verify/list/read-entries.ts';

async function addressesIn(
  text: string | Buffer,
  options: Partial<ReadOptions> = {},
  piece = 7,
): Promise<string[]> {
  const bytes = Buffer.from(text);
  const pieces = Array.from({ length: Math.ceil(bytes.length / piece) }, (_, i) =>
    bytes.subarray(i * piece, (i + 1) * piece),
  );
  // The first piece holds the heading, as the first read of a file does.
  const stream = Readable.from(pieces.length > 8 && options.format !== 'text' ? [bytes] : pieces);
  const found: string[] = [];
  let before = 0;
  for await (const { key, address } of readEntries(stream, { format: 'auto', ...options })) {
    expect(key).toBe(++before);
    found.push(address);
  }
  return found;
}

test('a line each, in whatever pieces they come', async () => {
  const text = '\ufeffalice@example.net\r\n\n# friends\n  bob@example.net  \ncarol@example.net';
  for (const piece of [1, 2, 7, 100])
    expect(await addressesIn(text, { format: 'text' }, piece)).toEqual([
      'alice@example.net',
      'bob@example.net',
      'carol@example.net',
    ]);
});

test('a column of CSV, found by its heading', async () => {
  const text =
    '\ufeffname,"E-Mail",city\r\n"Smith, Alice",alice@example.net,Oslo\r\nBob,"bob@example.net","St. ""X"""\r\n';
  expect(await addressesIn(text)).toEqual(['alice@example.net', 'bob@example.net']);
});

test.each([
  ['a;email\n1;alice@example.net\n', {}],
  ['a\temail\n1\talice@example.net\n', {}],
  ['who,what\nalice@example.net,x\n', { column: 'who' }],
  ['who,what\nalice@example.net,x\n', { column: '1' }],
  ['alice@example.net,x\n', { column: '1' }],
])('%j with %j', async (text, options) => {
  expect(await addressesIn(text, options)).toEqual(['alice@example.net']);
});

test('a cell with a line end in it is one entry', async () => {
  expect(await addressesIn('email,x\n"alice@example.net\r\nRCPT TO:<bob@example.net>",1\n')).toEqual([
    'alice@example.net\r\nRCPT TO:<bob@example.net>',
  ]);
});

test('a row without the column is an entry all the same, so that none is lost', async () => {
  expect(await addressesIn('x,email\n1\n2,bob@example.net,more\n')).toEqual(['', 'bob@example.net']);
});

test('a column that is not there is told of with those that are', async () => {
  await expect(addressesIn('name,city\nAlice,Oslo\n', { column: 'email' })).rejects.toThrow(
    new ListError('the list has no column called email; its columns: name, city'),
  );
  await expect(addressesIn('name,city\nAlice,Oslo\n', { format: 'csv' })).rejects.toThrow(
    /no column of addresses/,
  );
});

test('a line without end costs no memory', async () => {
  const found = await addressesIn(Buffer.alloc(5_000_000, 'x'), { format: 'text' }, 65_536);
  expect(found.map((address) => address.length)).toEqual([1_024]);
});

test('bytes that are no UTF-8 are read as Latin-1', async () => {
  expect(await addressesIn(Buffer.from('j\xfcrgen@example.net\n', 'latin1'), { format: 'text' })).toEqual([
    'jürgen@example.net',
  ]);
});
