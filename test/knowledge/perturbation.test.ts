import { expect, test } from 'vitest';
import { type Random, seededRandom } from '../../src/chance/seeded-random.ts';
import { loadKnowledge } from '../../src/knowledge/knowledge.ts';
import { replyFromLines } from '../../src/smtp/reply.ts';
import { filled, type ReferenceReply, referenceReplies } from './reference.ts';

// A rule that hangs on an identifier, a host name, a link or the width of a line would be a quotation, not a rule.

const knowledge = await loadKnowledge();
const replies = await referenceReplies();

/** Replies that say nothing but their link. Without it there is nothing left to know. */
const onlyLink = /^\d{3} See https?:\/\/\S+$/;

const names = ['mail', 'gateway7', 'mta-in3', 'smtp-relay', 'edge-17', 'fra1-mx', 'post', 'inbound'];
const domains = ['foo.example', 'bar.test', 'mail.quux.example', 'xn--bcher-kva.example', 'corp.example.org'];
const words = ['anna', 'b.smith', 'office+tag', 'noreply', 'k-9', 'postmaster', 'zz_top'];

function pick(from: readonly string[], random: Random): string {
  return from[Math.floor(random() * from.length)] ?? '';
}

function token(length: number, random: Random): string {
  const alphabet = 'abcdefghkmnpqrstuvwxyzABCDEFGHKLMNPQRSTUVWXYZ0123456789';
  return Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
}

function values(random: Random): Record<string, string> {
  const number = (below: number): number => Math.floor(random() * below);
  const host = `${pick(names, random)}.${pick(domains, random)}`;
  return {
    ip: random() < 0.7 ? `198.51.100.${number(256)}` : `2001:db8:${number(9999)}::${number(9999)}`,
    host,
    helo: `${pick(names, random)}.${pick(domains, random)}`,
    sender: `${pick(words, random)}@${pick(domains, random)}`,
    'sender-domain': pick(domains, random),
    recipient: `${pick(words, random)}@${pick(domains, random)}`,
    'recipient-domain': pick(domains, random),
    id: token(12, random),
    'message-id': `${token(9, random)}@${pick(domains, random)}`,
    'queue-id': token(11, random),
    uuid: `${token(8, random)}-1234-4321-8888-${token(12, random)}`,
    token: token(14, random),
    date: `Tue, ${1 + number(27)} Nov 2027 0${number(9)}:12:33 +0000`,
    time: `2${number(4)}:0${number(9)}:59`,
    unixtime: `${1_700_000_000 + number(9e7)}`,
    n: `${number(900)}`,
    bytes: `${number(9e7)}`,
    version: `9.${number(9)}.1`,
    region: 'ap-south-2',
    rbl: 'bl.lists.example',
    'help-url': `https://help.${pick(domains, random)}/${token(6, random)}`,
  };
}

function otherLinks(lines: readonly string[], random: Random): string[] {
  return lines.map((line) =>
    line.replace(/https?:\/\/[^\s<>)\]]+/g, () => `https://${pick(domains, random)}/${token(8, random)}`),
  );
}

/** The same words in lines of another width; each line opens with code and status again. RFC 5321 4.2.1, RFC 2034 4 */
function rewrapped(lines: readonly string[], width: number): string[] {
  const { code, enhanced, lines: texts } = replyFromLines(lines);
  if (lines.some((line) => Number(line.slice(0, 3)) !== code)) return [...lines];
  const rows: string[] = [''];
  for (const word of texts.join(' ').split(/\s+/)) {
    const row = rows.at(-1) ?? '';
    if (row !== '' && row.length + word.length >= width) rows.push(word);
    else rows[rows.length - 1] = row === '' ? word : `${row} ${word}`;
  }
  const status = enhanced === undefined ? '' : `${enhanced} `;
  return rows.map((row, n) => `${code}${n === rows.length - 1 ? ' ' : '-'}${status}${row}`);
}

function reasonOf(lines: readonly string[], { provider, stage }: ReferenceReply): string {
  return knowledge.reasonOf(replyFromLines(lines), { provider, ...(stage === undefined ? {} : { stage }) });
}

function changed(change: (lines: string[], random: Random) => string[], seed: string): string[] {
  const random = seededRandom(seed);
  return replies
    .filter(({ lines }) => !onlyLink.test(lines.join(' ')))
    .map((reply) => ({ reply, lines: change([...reply.lines], random) }))
    .filter(({ reply, lines }) => reasonOf(lines, reply) !== reply.reason)
    .map(({ reply, lines }) => `wants ${reply.reason}, got ${reasonOf(lines, reply)}: ${lines.join(' / ')}`);
}

test.each(['a', 'b', 'c', 'd', 'e'])('other identifiers, hosts, addresses and dates (seed %s)', (seed) => {
  expect(changed((lines, random) => filled(lines, values(random)), seed)).toEqual([]);
});

test.each(['a', 'b'])('other links (seed %s)', (seed) => {
  expect(changed((lines, random) => otherLinks(filled(lines, values(random)), random), seed)).toEqual([]);
});

test.each([24, 40, 60, 78, 1_000])('lines of %i characters', (width) => {
  expect(changed((lines) => rewrapped(filled(lines), width), 'wrap')).toEqual([]);
});

test('capital letters', () => {
  expect(changed((lines) => filled(lines).map((line) => line.toUpperCase()), 'upper')).toEqual([]);
});

test('small letters', () => {
  expect(changed((lines) => filled(lines).map((line) => line.toLowerCase()), 'lower')).toEqual([]);
});

test('all of it together', () => {
  const all = (lines: string[], random: Random): string[] => {
    const cased = otherLinks(filled(lines, values(random)), random).map((line) =>
      random() < 0.5 ? line.toUpperCase() : line,
    );
    return rewrapped(cased, 20 + Math.floor(random() * 80));
  };
  for (const seed of ['p', 'q', 'r']) expect(changed(all, seed)).toEqual([]);
});
