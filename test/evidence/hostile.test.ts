import { expect, test } from 'vitest';
import { formats } from '../../src/evidence/catalogue.ts';
import { linesOf } from '../../src/evidence/lines.ts';
import { quoteReply } from '../../src/evidence/quoted-reply.ts';
import { loadKnowledge } from '../../src/knowledge/knowledge.ts';
import { recordOf } from '../../src/report/explain/answer-json.ts';
import { Asker } from '../../src/report/explain/asker.ts';
import { jsonLine } from '../../src/report/json-text.ts';
import { findingsIn, findingsOf } from './told.ts';

const megabyte = 1024 * 1024;
/** What regular expressions stumble over when it comes again and again. */
const pieces = [
  ' ',
  '550-',
  '550 5.1.1 ',
  '<a@b',
  ': ',
  'T=a: ',
  '{LED=',
  "(550, b'",
  '\\',
  'error: 5',
  '#550 5.1.1',
  'a.b ',
  ', status=',
];
const openings = [
  '',
  'Nov 20 10:00:01 mail postfix/smtp[1]: 4X1: to=<b>, status=bounced (',
  '2026-11-20 10:00:00 1tDabc-00000001abC-1xyz ** ',
  'x sendmail[1]: stat=',
  'Remote Server returned ',
  'Diagnostic-Code: smtp; 550 ',
];

/** A regular expression that backtracks would not come back from these within the time of a test. */
test.each(formats.map(({ name }) => name))('%s reads lines without end', (name) => {
  const format = formats.find((each) => each.name === name);
  for (const opening of openings) {
    for (const piece of pieces) {
      const reader = format?.reader();
      reader?.take(`${opening}${piece.repeat((64 * 1024) / piece.length)}`, 1);
      reader?.end(1);
    }
  }
});

test('of a reply of a megabyte the beginning is read', async () => {
  const asker = new Asker(await loadKnowledge());
  for (const piece of pieces) {
    const quoted = quoteReply(`550 5.1.1 No such user ${piece.repeat(megabyte / piece.length)}`);
    expect(quoted?.text.length).toBeLessThanOrEqual(64 * 1024);
    if (quoted === undefined) continue;
    const record = recordOf(asker.ask({ kind: 'reply', quoted, format: 'reply', line: 1 }));
    expect(record).toMatchObject({ code: 550, reason: 'user-unknown' });
    expect(jsonLine(record).length).toBeLessThan(140_000);
  }
});

test('a line without end is cut, and what follows is read', async () => {
  const { findings } = await findingsOf(
    linesOf(chunks(['550 ', ...Array(300).fill('x'.repeat(megabyte / 16)), '\n450 4.2.0 Greylisted\n'])),
  );
  expect(findings.map((finding) => finding.kind === 'reply' && finding.quoted.reply.code)).toEqual([
    550, 450,
  ]);
});

test('a dialogue without end is kept in few events', async () => {
  const lines = [
    'S: 220 mx ESMTP',
    ...Array(20_000).fill('C: NOOP\nS: 250 OK').join('\n').split('\n'),
    'C: MAIL FROM:<a@b.example>',
  ];
  const { findings } = await findingsIn(lines.join('\n'));
  const last = findings.at(-1);
  expect(last).toMatchObject({ kind: 'ending', ending: { kind: 'disconnected', stage: 'mail' } });
  expect(last?.kind === 'ending' && last.transcript?.events.length).toBeLessThanOrEqual(501);
});

test('a message in a dialogue is no dialogue', async () => {
  const { findings } = await findingsIn(
    '220 mx\nEHLO a\n250 mx\nDATA\n354 go on\n550 is a number\n.\n250 2.0.0 queued',
  );
  expect(findings).toHaveLength(5);
});

function chunks(texts: readonly string[]): Iterable<Buffer> {
  return texts.map((text) => Buffer.from(text));
}
