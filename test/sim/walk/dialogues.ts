import type { Dialogue, Step } from './dialogue.ts';
import type { Subject } from './subject.ts';

const ehlo = 'EHLO probe.example.org';
const mail = 'MAIL FROM:<ada@example.org>';
const rcpt = (local: string): string => `RCPT TO:<${local}@example.net>`;

const header = [
  'From: Ada <ada@example.org>',
  'To: <alice@example.net>',
  'Date: Mon, 05 Jan 2026 09:00:00 +0000',
  'Message-ID: <one@example.org>',
  'Subject: test',
];
const message = (fields: readonly string[] = header, body = 'test'): Step => ({
  message: [...fields, '', body].join('\r\n'),
});
const without = (name: string): readonly string[] => header.filter((field) => !field.startsWith(`${name}:`));

const deliver = (local: string): Step[] => [mail, rcpt(local), 'DATA', message()];

/** A dialogue that says EHLO first. */
const says = (name: string, ...steps: Step[]): Dialogue => ({ name, steps: [ehlo, ...steps] });

/** Everyday deliveries, first of all: what most situations change shows in one of these. */
const deliveries: readonly Dialogue[] = [
  says('sends a message', ...deliver('alice')),
  says('asks for an unknown mailbox', mail, rcpt('nobody'), 'DATA'),
  says('sends a message to an unknown mailbox', ...deliver('nobody')),
  says('sends one message to two', mail, rcpt('alice'), rcpt('bob'), 'DATA', message()),
  says('asks for an unknown mailbox and a known one', mail, rcpt('nobody'), rcpt('alice')),
  says('sends a bounce', 'MAIL FROM:<>', rcpt('alice'), 'DATA', message()),
  { ...says('sends from an IPv6 address', ...deliver('alice')), from: '2001:db8::7' },
];

/** The names that mean the same with every provider, and may be a mailbox in a profile. */
const magic = ['full', 'disabled', 'greylist', 'ratelimit', 'blocked', 'tls', 'later'].map((local) =>
  says(`writes to ${local}@`, ...deliver(local)),
);

const disorder: readonly Dialogue[] = [
  says('says a word that is no command', 'FOO'),
  says(
    'asks for help and other services',
    'HELP',
    'EXPN staff',
    'VRFY nobody',
    'VRFY',
    'TURN',
    'ETRN example.net',
  ),
  says('says commands with arguments they do not take', 'RSET now', 'DATA now', 'STARTTLS now', 'NOOP now'),
  says('leaves out FROM: and TO:', 'MAIL ada@example.org', mail, 'RCPT alice@example.net'),
  says('says MAIL without brackets', 'MAIL FROM:ada@example.org', mail, 'RCPT TO:alice@example.net'),
  says('names a sender that is no address', 'MAIL FROM:<ada@>', 'MAIL FROM:<a da@example.org>'),
  says(
    'names a recipient that is no address',
    mail,
    'RCPT TO:<ali ce@example.net>',
    'RCPT TO:<alice@exa mple>',
  ),
  says('names a sender in UTF-8', 'MAIL FROM:<j\xc3\xb6rg@example.org>'),
  says('uses a parameter that nobody knows', `${mail} FOO=bar`, mail, `${rcpt('alice')} FOO=bar`),
  says('announces a message of 9 GB', `${mail} SIZE=9000000000`),
  says('says MAIL twice', mail, mail),
  says('says RCPT before MAIL', rcpt('alice'), 'DATA'),
  says('says DATA before RCPT', mail, 'DATA', 'BDAT 0 LAST'),
  says('says DATA without a recipient that was taken', mail, rcpt('nobody'), 'DATA'),
  { name: 'says MAIL before EHLO', steps: [mail, rcpt('alice')] },
  { name: 'says nothing but QUIT', steps: [] },
  { name: 'says NOOP before EHLO', steps: ['NOOP', 'RSET'] },
  { name: 'logs in before EHLO', steps: ['AUTH PLAIN AGFkYQB3cm9uZw=='] },
  { name: 'says EHLO without a name', steps: ['EHLO'] },
  { name: 'says HELO without a name', steps: ['HELO'] },
  { name: 'calls itself localhost', steps: ['EHLO localhost', ...deliver('alice')] },
  { name: 'has an underscore in its name', steps: ['EHLO my_pc.example.org', ...deliver('alice')] },
  { name: 'has a blank in its name', steps: ['EHLO my pc', ...deliver('alice')] },
  { name: 'has no dot in its name', steps: ['EHLO probe', ...deliver('alice')] },
  { name: 'has a name that cannot be', steps: ['EHLO -probe-..example', ...deliver('alice')] },
  { name: 'calls itself by its address', steps: ['EHLO 203.0.113.10', ...deliver('alice')] },
  { name: 'calls itself by its address in brackets', steps: ['EHLO [203.0.113.10]', ...deliver('alice')] },
  { name: "calls itself by the host's name", steps: ['EHLO {host}', ...deliver('alice')] },
  { name: 'says HELO', steps: ['HELO probe.example.org', ...deliver('alice')] },
  { name: 'is a web browser', steps: ['GET / HTTP/1.1'] },
  { name: 'is a web proxy', steps: [ehlo, 'CONNECT mx.example.net:25 HTTP/1.1', 'POST / HTTP/1.1'] },
  { name: 'talks before the greeting', early: ehlo, steps: [...deliver('alice')] },
  says('pipelines what it may', { pipelined: [mail, rcpt('alice'), 'DATA'] }, message()),
  says('pipelines to an unknown mailbox', { pipelined: [mail, rcpt('nobody'), 'DATA'] }),
  says('talks on behind DATA', mail, rcpt('alice'), { pipelined: ['DATA', 'NOOP', '.'] }),
  says('talks on behind STARTTLS', { pipelined: ['STARTTLS', 'NOOP'] }),
  says('pipelines without asking', { pipelined: [ehlo, 'NOOP', mail] }, rcpt('alice')),
  says('says a line that never ends', `NOOP ${'x'.repeat(20_000)}`),
  says('gives up with an argument', 'QUIT now'),
];

const addresses: readonly Dialogue[] = [
  says('writes to another domain', mail, 'RCPT TO:<alice@elsewhere.example>'),
  says('writes to two domains at once', mail, rcpt('alice'), 'RCPT TO:<bob@elsewhere.example>'),
  says('writes to a domain without a dot', mail, 'RCPT TO:<alice@contoso>'),
  says('writes to a name without a domain', mail, 'RCPT TO:<alice>'),
  says(
    'writes to a domain that cannot be',
    mail,
    'RCPT TO:<alice@example..net>',
    'RCPT TO:<alice@-.example>',
  ),
  says('writes from a name without a domain', 'MAIL FROM:<ada>', rcpt('alice')),
  says('writes from a domain without a dot', 'MAIL FROM:<ada@contoso>', rcpt('alice')),
  says("writes in the name of the recipient's domain", 'MAIL FROM:<alice@example.net>', rcpt('bob')),
  says('writes to somebody in UTF-8', mail, 'RCPT TO:<j\xc3\xb6rg@example.net>'),
];

const contents: readonly Dialogue[] = [
  says('sends a message without From', mail, rcpt('alice'), 'DATA', message(without('From'))),
  says('sends a message without Message-ID', mail, rcpt('alice'), 'DATA', message(without('Message-ID'))),
  says('sends a message without Date', mail, rcpt('alice'), 'DATA', message(without('Date'))),
  says(
    'sends a message with two Subjects',
    mail,
    rcpt('alice'),
    'DATA',
    message([...header, 'Subject: again']),
  ),
  says(
    'sends a message with two addresses in From',
    ...[mail, rcpt('alice'), 'DATA'],
    message(['From: <ada@example.org>, <bob@example.org>', ...without('From')]),
  ),
  says(
    'sends a message that has been through many hosts',
    ...[mail, rcpt('alice'), 'DATA'],
    message([...Array<string>(110).fill('Received: from a.example by b.example'), ...header]),
  ),
  says(
    'sends a message with a huge header',
    ...[mail, rcpt('alice'), 'DATA'],
    message([...header, ...Array<string>(12_000).fill(`X-Filler: ${'x'.repeat(60)}`)]),
  ),
  says('sends a message with bare line feeds', mail, rcpt('alice'), 'DATA', message(header, 'one\ntwo')),
  says(
    'hides a command behind a dot between bare line feeds',
    ...[mail, rcpt('alice'), 'DATA'],
    message(header, 'one\n.\nNOOP'),
  ),
  says('sends a message with 8-bit bytes', mail, rcpt('alice'), 'DATA', message(header, 'caf\xe9')),
  says('sends a long line', mail, rcpt('alice'), 'DATA', message(header, 'x'.repeat(5_000))),
];

const times = (count: number, ...repeat: Step[]): Step => ({ repeat, times: count });

function persistence({ tooMany }: Subject): readonly Dialogue[] {
  const { errors, recipients, messages, connections } = tooMany;
  const many = Array.from({ length: recipients }, () => rcpt('alice'));
  const guesses = Array.from({ length: Math.max(errors, 8) }, (_, i) => rcpt(`guess${i}`));
  return [
    says('waits for too long', { idle: true }),
    says('stays for too long', times(150, { pause: 60_000 }, 'NOOP')),
    says('says many words that are no commands', times(errors, 'FOO')),
    says('makes many syntax errors', times(errors, 'MAIL FROM')),
    says('says many things out of order', times(errors, 'DATA')),
    says('guesses many mailboxes', mail, ...guesses, 'RSET', mail, rcpt('alice')),
    says('pushes on against refusals', times(errors, mail, rcpt('alice'), 'RSET')),
    says('says many empty things', times(errors + 60, 'NOOP'), times(errors + 60, 'RSET')),
    says('names many recipients', { pipelined: [mail, ...many] }),
    says('names many recipients in many transactions', times(recipients, 'RSET', mail, rcpt('alice'))),
    says('sends many messages', times(messages, ...deliver('alice'))),
    says('begins many messages', times(messages, 'RSET', mail)),
    { name: 'opens many connections at once', steps: [{ crowd: connections }] },
    { name: 'opens many connections one after the other', steps: [], rounds: connections },
  ];
}

const base64 = (value: string): string => Buffer.from(value).toString('base64');

/** AUTH by the first mechanism of ours that the host offers. */
function login({ mechanisms }: Subject, name: string, password: string): readonly Step[] {
  const plain = mechanisms.length === 0 || mechanisms.includes('PLAIN');
  return plain
    ? [`AUTH PLAIN ${base64(`\0${name}\0${password}`)}`]
    : ['AUTH LOGIN', { answer: base64(name) }, { answer: base64(password) }];
}

function logins(subject: Subject): readonly Dialogue[] {
  const { auth, startTls, tooMany } = subject;
  const wrong = login(subject, 'ada', 'wrong');
  const attempts: readonly Dialogue[] = [
    says('logs in with a wrong password', ...wrong),
    says(
      'logs in with a wrong password, step by step',
      ...['AUTH LOGIN', { answer: base64('ada') }, { answer: base64('wrong') }],
    ),
    says(
      'logs in with a wrong token',
      ...[`AUTH XOAUTH2 ${base64('user=ada\x01auth=Bearer wrong\x01\x01')}`, { answer: '' }],
    ),
    says('logs in with something that is not base64', 'AUTH PLAIN ***', 'AUTH PLAIN', { answer: '!' }),
    says('logs in with a malformed token', 'AUTH XOAUTH2 ***', `AUTH XOAUTH2 ${base64('nonsense')}`),
    says('breaks off its login', 'AUTH LOGIN', { answer: '*' }),
    says('logs in by a mechanism that is not offered', 'AUTH FOO', 'AUTH CRAM-MD5', 'AUTH'),
    says('logs in wrongly again and again', times(tooMany.errors, ...wrong)),
    says('logs in in the middle of a transaction', mail, ...wrong),
  ];
  const clear = auth.clear || !auth.tls ? attempts : attempts.slice(0, 1);
  return [...clear, ...(auth.tls && startTls ? attempts.map(secured) : [])];
}

/** What somebody does who may log in: everything that strangers do, and a few things more. */
function loggedIn(subject: Subject): readonly Dialogue[] {
  const { account, auth, startTls } = subject;
  if (!account) return [];
  const [name, password] = account;
  const right = login(subject, name, password);
  const own = name.includes('@') ? name : `${name}@example.org`;
  const more: readonly Dialogue[] = [
    says('logs in again', ...right),
    says('logs in again with a wrong password', ...login(subject, name, 'wrong')),
    says(
      'writes in the name of another',
      'MAIL FROM:<eve@elsewhere.example>',
      rcpt('alice'),
      'DATA',
      message(),
    ),
    says('writes in its own name', `MAIL FROM:<${own}>`, rcpt('alice'), 'DATA', message()),
  ];
  const usual = [...deliveries, ...more, ...magic, ...addresses, ...contents];
  const all = [...usual, ...persistence(subject), ...large(subject)];
  const inside = all
    .filter(({ steps }) => steps[0] === ehlo)
    .map((dialogue) => ({
      ...dialogue,
      name: `${dialogue.name}, logged in`,
      steps: [ehlo, ...right, ...dialogue.steps.slice(1)],
    }));
  return auth.tls && startTls ? inside.map(secured) : inside;
}

/** The same behind STARTTLS. */
const secured = ({ name, steps, ...rest }: Dialogue): Dialogue => ({
  ...rest,
  name: `${name}, under TLS`,
  steps: [ehlo, { tls: true }, ...steps.slice(1)],
});

const underTls: readonly Dialogue[] = [
  says('sends a message under TLS', { tls: true }, ...deliver('alice')),
  says('asks for TLS twice', { tls: true }, 'STARTTLS'),
  { ...says('asks for TLS in every connection', { tls: true }), rounds: 3 },
];

const writesToListed = ({ mailboxes }: Subject): readonly Dialogue[] =>
  mailboxes.map((local) => says(`writes to ${local}@, a mailbox it lists`, ...deliver(local)));

/** Costs a second for each 100 MB, and is held only where there is something to learn. */
const large = ({ size }: Subject): readonly Dialogue[] =>
  size === 0 || size > 200_000_000
    ? []
    : [says('sends a message that is too large', mail, rcpt('alice'), 'DATA', { messageOf: size + 1 })];

/** What a client may do to a host: the usual first, the expensive last. */
export function standardDialogues(subject: Subject): readonly Dialogue[] {
  return [
    ...deliveries,
    ...writesToListed(subject),
    ...magic,
    ...disorder,
    ...addresses,
    ...contents,
    ...underTls,
    ...persistence(subject),
    ...logins(subject),
    ...loggedIn(subject),
    ...large(subject),
  ];
}
