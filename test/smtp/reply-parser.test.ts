import { expect, test } from 'vitest';
import { seededRandom } from '../../src/chance/seeded-random.ts';
import { type Parsed, type ReplyLimits, ReplyParser, replyLimits } from '../../src/smtp/reply-parser.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

function readAll(pieces: readonly string[], limits?: ReplyLimits): Parsed[] {
  const parser = new ReplyParser(limits);
  const parsed: Parsed[] = [];
  for (const piece of pieces) {
    parser.push(bytes(piece));
    for (let next = parser.next(); next; next = parser.next()) parsed.push(next);
  }
  return parsed;
}

const stream = '220-a\r\n220 b\r\n250\r\n550-5.1.1 \xe9\r\n550-\r\n550 5.1.1 250 ok\n354 go\r\n';

test('REP-02 replies are the same in any two pieces, and byte by byte', () => {
  const whole = readAll([stream]);
  expect(whole.map((parsed) => 'reply' in parsed && parsed.reply.code)).toEqual([220, 250, 550, 354]);
  for (let cut = 1; cut < stream.length; cut++)
    expect(readAll([stream.slice(0, cut), stream.slice(cut)])).toEqual(whole);
  expect(readAll([...stream])).toEqual(whole);
});

test('REP-02 made-up replies come out as they went in, however they are cut', () => {
  const random = seededRandom('replies');
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  for (let round = 0; round < 200; round++) {
    const replies = Array.from({ length: 1 + Math.floor(random() * 4) }, () => {
      const code = pick(['220', '250', '354', '421', '550']);
      const texts = Array.from({ length: 1 + Math.floor(random() * 4) }, () =>
        pick(['', 'x', '250 x', '5.1.1 no', '-', '\xff\x00', ' padded ']),
      );
      return texts.map((text, i) => `${code}${i < texts.length - 1 ? '-' : ' '}${text}`);
    });
    const wire = replies
      .flat()
      .map((line) => `${line}\r\n`)
      .join('');
    const pieces: string[] = [];
    for (let at = 0; at < wire.length; ) {
      const size = 1 + Math.floor(random() * 9);
      pieces.push(wire.slice(at, at + size));
      at += size;
    }
    const parsed = readAll(pieces);
    expect(parsed.map((one) => 'reply' in one && one.reply.raw)).toEqual(replies);
    expect(parsed.reduce((sum, one) => sum + ('reply' in one ? one.bytes : 0), 0)).toBe(wire.length);
  }
});

for (const [what, wire] of Object.entries({
  'no digits': 'hello\r\n',
  'two digits': '25 ok\r\n',
  'four digits': '2500 ok\r\n',
  'another separator': '250_ok\r\n',
  'a blank line': '\r\n',
  'a blank line within a reply': '250-a\r\n\r\n',
  'a leading blank': ' 250 ok\r\n',
  'a byte order mark': '\xef\xbb\xbf220 hi\r\n',
  'a TLS record': '\x15\x03\x01\x00\x02\x02\x46',
  HTTP: 'HTTP/1.1 400 Bad Request\r\n',
})) {
  test(`REP-01 this is no reply: ${what}`, () => {
    const [first, ...rest] = readAll([wire, '250 ok\r\n']);
    expect(first).toMatchObject({ misspoken: { why: 'not a reply' } });
    expect(rest).toEqual([]);
  });
}

for (const code of ['099', '199', '600', '999']) {
  test(`REP-01 ${code} is no code`, () => {
    expect(readAll([`${code} x\r\n`])).toEqual([
      { misspoken: { why: 'a code that does not begin with 2, 3, 4 or 5', bytes: `${code} x` } },
    ]);
  });
}

test('nonsense is told before its line ends; a beginning that may become a reply is not', () => {
  expect(readAll(['S'])).toHaveLength(1);
  for (const start of ['2', '25', '250', '250-', '250 ', '250\r']) {
    const parser = new ReplyParser();
    parser.push(bytes(start));
    expect(parser.next()).toBeUndefined();
    expect(parser.idle).toBe(false);
    expect(parser.pending).toBe(start);
  }
});

test('REP-03 departures that can be read are noted', () => {
  const oddities = (wire: string) => readAll([wire]).map((one) => 'reply' in one && one.reply.oddities);
  expect(oddities('250\r\n')).toEqual([['code without text']]);
  expect(oddities('250 a\n')).toEqual([['bare LF']]);
  expect(oddities('250-a\r\n251 b\r\n')).toEqual([['codes differ between lines']]);
  expect(oddities('250 a\r\n')).toEqual([undefined]);
  expect(oddities('250 a\n250 b\r\n')).toEqual([['bare LF'], undefined]);
});

test('SYN-11 lines longer than the standard allows are read', () => {
  const text = 'x'.repeat(2_000);
  expect(readAll([`250 ${text}\r\n`])).toMatchObject([{ reply: { lines: [text] } }]);
});

test('REP-14 a line, the lines and the bytes of a reply are bounded', () => {
  const limits = { lineBytes: 20, lines: 3, bytes: 50 };
  expect(readAll([`250 ${'x'.repeat(30)}`], limits)).toMatchObject([
    { misspoken: { why: 'a line that does not end' } },
  ]);
  expect(readAll([`250 ${'x'.repeat(30)}\r\n`], limits)).toMatchObject([
    { misspoken: { why: 'a line of 34 bytes' } },
  ]);
  expect(readAll(['250-a\r\n'.repeat(4)], limits)).toMatchObject([
    { misspoken: { why: 'more than 3 lines in one reply' } },
  ]);
  expect(readAll([`250-${'x'.repeat(16)}\r\n`.repeat(3)], limits)).toMatchObject([
    { misspoken: { why: 'more than 50 bytes in one reply' } },
  ]);
  expect(readAll(['250-a\r\n250-b\r\n250 c\r\n'.repeat(5)], limits)).toHaveLength(5);
});

test('REP-14 what is quoted is short, and nothing is kept after a failure', () => {
  const parser = new ReplyParser();
  parser.push(bytes('x'.repeat(100_000)));
  expect(parser.next()).toMatchObject({ misspoken: { bytes: 'x'.repeat(200) } });
  parser.push(bytes('250 ok\r\n'));
  expect(parser.next()).toBeUndefined();
  expect(parser.pending).toBe('');
});

test('the usual limits leave room for every reply that makes sense', () => {
  const long = Array.from({ length: replyLimits.lines - 1 }, () => '250-0123456789').concat('250 end');
  expect(readAll([long.map((line) => `${line}\r\n`).join('')])).toMatchObject([{ reply: { raw: long } }]);
});
