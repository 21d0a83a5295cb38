import { expect, test, vi } from 'vitest';
import { minutes } from '../../src/time/duration.ts';
import { printDialogue } from '../../src/transcript/notation.ts';
import { hold, holdWith, partnerOf } from './script.ts';

const hello = 'EHLO me.example.net';
const mail = 'MAIL FROM:<me@example.net>';
const alice = 'RCPT TO:<alice@example.net>';
const nobody = 'RCPT TO:<nobody@example.net>';

/** What went over the wire, by both sides. */
const wire = ({ talk }: Awaited<ReturnType<typeof hold>>): string =>
  talk.transcripts.map(({ events }) => printDialogue(events)).join('\n');

test('every reply is explained below what was typed', async () => {
  const { text } = await hold('postfix', [hello, mail, nobody, 'QUIT']);
  const lines = text.split('\n').map((line) => line.trim());
  const typed = lines.indexOf(`C: ${nobody}`);
  expect(lines[typed + 1]).toContain('S: 550 5.1.1 <nobody@example.net>');
  expect(lines.slice(typed).some((line) => line.includes('user-unknown · about the recipient'))).toBe(true);
});

test('on a wide terminal explanations stand beside the dialogue', async () => {
  const { text } = await hold('postfix', [hello, mail, nobody, 'QUIT'], { columns: 120 });
  const line = text.split('\n').find((one) => one.includes('S: 550 5.1.1')) ?? '';
  expect(line).toMatch(/S: 550 5\.1\.1 .* {2}│ user-unknown · about the recipient$/);
  for (const one of text.split('\n')) expect(one.length).toBeLessThanOrEqual(120);
});

test('a line goes out as it was typed, and its verb is known in any case', async () => {
  const held = await hold('postfix', [
    'ehlo me.example.net',
    'mail FROM:<me@example.net>',
    '  NOOP  x',
    'QUIT',
  ]);
  expect(wire(held)).toContain('C: mail FROM:<me@example.net>\nS: 250 2.1.0');
  expect(wire(held)).toContain('C:   NOOP  x');
  expect(held.talk.transcripts).toHaveLength(1);
});

test('a message ends with a lone dot; dots at the start of lines are told of and survive', async () => {
  const held = await hold('postfix', [
    hello,
    mail,
    alice,
    'DATA',
    'Subject: x',
    '',
    '/quit',
    '..two',
    '.',
    'QUIT',
  ]);
  expect(held.typist.asked.map(({ awaits }) => awaits)).toEqual([
    ...Array(4).fill('command'),
    ...Array(5).fill('message'),
    'command',
    'command',
  ]);
  expect(held.words).toContain('A dot at the start of a line is doubled on its way');
  expect(wire(held)).toContain('C: /quit\nC: ...two');
  expect(wire(held)).toContain('S: 250 2.0.0 Ok: queued as');
});

test('a chunk is as long as BDAT says', async () => {
  const held = await hold('postfix', [hello, mail, alice, 'BDAT 6 LAST', 'ab', 'cdef', 'NOOP', 'QUIT']);
  expect(held.words).toContain('Cut to 6 octets, as BDAT says');
  expect(wire(held)).toContain('C: BDAT 6 LAST\nC: ab\nC: cd\nS: 250 2.0.0 Ok: 6 bytes');
  expect(wire(held)).toContain('C: NOOP\nS: 250 2.0.0');
});

test('STARTTLS does the handshake', async () => {
  const held = await hold('postfix', [hello, 'starttls', hello, 'QUIT']);
  expect(held.text).toContain('-- TLS 1.3, certificate trusted');
  expect(wire(held).match(/C: EHLO/g)).toHaveLength(2);
});

const secrets = ['secret', 'c2VjcmV0', Buffer.from('\0alice@example.net\0secret').toString('base64')];

test.each([
  ['AUTH PLAIN', ['alice@example.net', 'secret'], ['user', 'password']],
  ['AUTH LOGIN alice@example.net', ['secret'], ['password']],
  ['AUTH', ['alice@example.net', 'secret'], ['user', 'password']],
  [`AUTH PLAIN ${secrets[2]}`, [], []],
])('%s: a password is asked for out of sight and written down nowhere', async (line, more, asked) => {
  const held = await hold('submission', [hello, 'STARTTLS', hello, line, ...more, 'QUIT']);
  expect(held.typist.asked.map(({ awaits }) => awaits).filter((awaits) => awaits !== 'command')).toEqual(
    asked,
  );
  for (const { awaits, hidden } of held.typist.asked) expect(hidden).toBe(awaits === 'password');
  expect(held.text).toContain('235 2.7.0');
  for (const secret of secrets) {
    expect(wire(held)).not.toContain(secret);
    if (more.length > 0) expect(held.text).not.toContain(secret);
  }
});

test('the initial response of a mechanism that is not known is blanked, and the answers to its challenges are hidden', async () => {
  const held = await hold('submission', [
    hello,
    'STARTTLS',
    hello,
    'AUTH XOAUTH2 dG9rZW4tb2YtYWRh',
    '',
    'QUIT',
  ]);
  expect(wire(held)).toContain('C: AUTH XOAUTH2 ****');
  expect(wire(held)).not.toContain('dG9rZW4tb2YtYWRh');
});

test('lines that were pasted travel together where the host offers PIPELINING', async () => {
  const held = await hold('postfix', [
    hello,
    [mail, nobody, alice, 'DATA', 'Subject: x', '', 'y', '.'],
    'QUIT',
  ]);
  expect(wire(held)).toContain(
    `C: ${mail}\nC: ${nobody}\nC: ${alice}\nC: DATA\nS: 250 2.1.0 Ok\nS: 550 5.1.1`,
  );
  expect(wire(held)).toContain('S: 250 2.0.0 Ok: queued as');
  expect(held.text).toMatch(/\.\. Subject: x\n/);
});

test('before PIPELINING is offered, each pasted line waits for the answer to the one before', async () => {
  const held = await hold('postfix', [[hello, mail, alice, 'QUIT']]);
  expect(wire(held)).toContain('S: 250 CHUNKING\nC: MAIL');
  expect(wire(held)).toContain(`C: ${mail}\nC: ${alice}\nS: 250 2.1.0 Ok\nS: 250 2.1.5 Ok\nC: QUIT`);
});

test('/pipeline gathers lines, and DATA or /send sends them in one write', async () => {
  const held = await hold('postfix', [
    hello,
    '/pipeline',
    mail,
    alice,
    '/send',
    '/pipeline',
    'RSET',
    mail,
    'STARTTLS',
    'QUIT',
  ]);
  expect(wire(held)).toContain(`C: ${mail}\nC: ${alice}\nS: 250`);
  expect(wire(held)).toContain(`C: RSET\nC: ${mail}\nS: 250 2.0.0 Ok\nS: 250 2.1.0 Ok\nC: STARTTLS`);
});

test('time passes when it is told to, and what the host does then is shown', async () => {
  const held = await hold('postfix', [hello, '/wait 10m', 'NOOP', '/connect', hello, 'QUIT']);
  expect(held.text).toContain('10 min later');
  expect(held.text).toMatch(/10:00\.\d+ {2}S: 421 4\.4\.2/);
  expect(held.words).toContain('Not sent');
  expect(held.talk.transcripts).toHaveLength(2);
});

test('a host that hangs up is explained; the person may call again, and earlier sessions count', async () => {
  const host = { provider: 'outlook', situation: ['blocklisted'] };
  const held = await hold(host, [
    hello,
    mail,
    '/switch blocklisted off',
    '/situations',
    '/connect',
    hello,
    mail,
    'QUIT',
  ]);
  expect(held.text).toContain('blocklisted · about the client');
  expect(held.text).toContain('the host closed the connection (FIN)');
  expect(held.text).toContain('On: none.');
  expect(wire(held)).toContain('S: 250 2.1.0 Sender OK');
});

test('what happens while nothing is typed is shown at once, with what can be done', async () => {
  const simulated = await partnerOf({ 'mx.example.net': 'postfix' });
  const before = async (line: number, shown: () => string): Promise<void> => {
    if (line !== 1) return;
    expect(shown()).toContain('/help tells what can be typed here.');
    simulated.pass(minutes(10));
    await vi.waitFor(() => expect(shown()).toContain('There is no connection any more.'), 20_000);
  };
  const { text } = await holdWith(simulated, [hello, 'QUIT'], { keyboard: true, before }, simulated);
  expect(text).toContain('S: 421 4.4.2');
  expect(text).not.toContain('Not sent');
});

test('messages do not go where they must not', async () => {
  const why = 'Not sent: messages go to real hosts only with --send-data.';
  const script = [
    hello,
    [mail, alice, 'DATA'],
    'data',
    ' DATA ',
    'BDAT 5 LAST',
    '/pipeline',
    mail,
    'DATA',
    'QUIT',
  ];
  const held = await hold('postfix', script, { withholdMessages: why });
  expect(held.words.split(why).length - 1).toBe(5);
  expect(wire(held)).not.toMatch(/C:\s*(?:DATA|BDAT)/i);
});

test('/explain says it again in full, and explains what is typed', async () => {
  const { words } = await hold('postfix', [
    hello,
    mail,
    nobody,
    nobody,
    '/explain',
    '?550 5.7.1 Blocked',
    '?450',
    '/explain spam',
    'QUIT',
  ]);
  expect(words.split('There is no mailbox with this name.').length - 1).toBe(2);
  expect(words).toContain('(explained above)');
  expect(words).toContain('mxlab codes spam searches the reference');
});

test('/help names every command; one that is not there is not taken for SMTP', async () => {
  const held = await hold('postfix', ['?', '/swich x', '/wait soon', '/switch nonsense', 'QUIT']);
  for (const name of [
    'explain',
    'pipeline',
    'send',
    'connect',
    'wait',
    'situations',
    'switch',
    'save',
    'quit',
  ])
    expect(held.text).toContain(`/${name}`);
  expect(held.words).toContain('Did you mean /switch?');
  expect(held.words).toContain('soon is no time such as 30s, 5m or 2h.');
  expect(wire(held)).not.toContain('C: /');
  expect(held.typist.words).toEqual(expect.arrayContaining(['RCPT TO:<', '/wait ']));
});

test('whatever a host says, the terminal is safe', async () => {
  const evil = '\x1b]0;owned\x07\x1b[2J \u202e';
  const { text } = await hold('postfix', [
    `VRFY ${evil}`,
    `EHLO ${evil}`,
    `/explain 550 ${evil}`,
    `/${evil}`,
    'QUIT',
  ]);
  const shown = text.split('\n').filter((line) => !/C: (?:VRFY|EHLO|\/)/.test(line));
  expect(shown.join('')).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202a-\u202e]/);
});
