import { describe, expect, test } from 'vitest';
import { parseDocument } from '../../src/datafile/document.ts';
import { jsonSchemaOf } from '../../src/datafile/json-schema.ts';
import { zoneSchema } from '../../src/dns/zone.ts';

function read(text: string) {
  const parsed = parseDocument({ file: 'zone.yaml', text }, zoneSchema);
  return 'issues' in parsed
    ? parsed.issues.map(({ line, column, message }) => `${line}:${column} ${message}`)
    : parsed.value;
}

describe('a zone as a person writes it', () => {
  test('may write MX records in any of the handy ways', () => {
    const zone = read(`
example.net:
  mx: [ [10, mx1.example.net], '20 mx2.example.net.' ]
one.example: { mx: 10 mx1.example.net }
none.example: { mx: null }
root.example: { mx: [ [0, .] ] }
text.example: { mx: 0 . }
empty.example: { mx: [] }
`);
    const nullMx = [{ preference: 0, exchange: '' }];
    expect(zone).toEqual({
      'example.net': {
        mx: [
          { preference: 10, exchange: 'mx1.example.net' },
          { preference: 20, exchange: 'mx2.example.net' },
        ],
      },
      'one.example': { mx: [{ preference: 10, exchange: 'mx1.example.net' }] },
      'none.example': { mx: nullMx },
      'root.example': { mx: nullMx },
      'text.example': { mx: nullMx },
      'empty.example': { mx: [] },
    });
  });

  test('may write one value or a list', () => {
    expect(
      read(`
mx1.example.net: { a: 192.0.2.1, aaaa: [ '2001:db8::1', '2001:db8::2' ], txt: hello }
"*.example.net": { cname: mx1.example.net }
192.0.2.1: { ptr: mx1.example.net }
"2001:db8::1": { ptr: [mx1.example.net] }
slow.example: { slow: 4s, fails: servfail }
`),
    ).toEqual({
      'mx1.example.net': { a: ['192.0.2.1'], aaaa: ['2001:db8::1', '2001:db8::2'], txt: ['hello'] },
      '*.example.net': { cname: 'mx1.example.net' },
      '192.0.2.1': { ptr: ['mx1.example.net'] },
      '2001:db8::1': { ptr: ['mx1.example.net'] },
      'slow.example': { slow: 4000, fails: 'servfail' },
    });
  });

  test('is told what is wrong with it', () => {
    expect(
      read(`
a.example: { mx: mx1.example.net }
b.example: { mx: [ [70000, mx1.example.net], [10, two words], 10 ] }
c.example: { a: 192.0.2.256, aaaa: 192.0.2.1 }
d.example: { cname: e.example, a: 192.0.2.1 }
two words: { a: 192.0.2.1 }
f.example: { fails: sometimes, slow: 5 }
g.example: { nx: 10 mx1.example.net }
`),
    ).toEqual([
      "2:18 is not an MX record like [10, mx1.example.net] or '10 mx1.example.net'",
      "3:21 is not an MX record like [10, mx1.example.net] or '10 mx1.example.net'",
      '3:51 is not a domain name',
      "3:63 is not an MX record like [10, mx1.example.net] or '10 mx1.example.net'",
      '4:17 is not an IPv4 address',
      '4:36 is not an IPv6 address',
      '5:12 has a cname, and an alias can have no other records',
      '6:1 is not a domain name',
      '7:21 must be one of: nxdomain, servfail, refused, timeout',
      '7:38 is not a duration like 30s, 15m or 4h',
      '8:14 is not a key here; known keys: mx, a, aaaa, txt, ptr, cname, fails, slow',
    ]);
  });

  test('can be said in JSON Schema', () => {
    expect(jsonSchemaOf(zoneSchema, 'Zone')).toMatchObject({ type: 'object', title: 'Zone' });
  });
});
