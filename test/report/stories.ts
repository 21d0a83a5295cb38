import { compareRuns } from '../../src/scenario/compare.ts';
import type { Difference, ScenarioResult } from '../../src/scenario/result.ts';
import { showBytes } from '../../src/text/escape.ts';
import type { Answer } from '../../src/transcript/ending.ts';
import { endingAt, type Happening, scenarioOf, Told } from './told.ts';

const outlookHello: Happening[] = [
  { say: ['EHLO probe.example.net'] },
  {
    hear: [
      '250-mx.outlook.example Hello [203.0.113.10]',
      '250-SIZE 49283072',
      '250-PIPELINING',
      '250-STARTTLS',
      '250 SMTPUTF8',
    ],
    stage: 'ehlo',
  },
];

const greeted: Happening[] = [
  { connect: '192.0.2.1' },
  {
    hear: [
      '220 mx.outlook.example Microsoft ESMTP MAIL Service ready at Mon, 5 Jan 2026 09:00:00 +0000 [08DE4C1B2A3F4D5E]',
    ],
    stage: 'greeting',
  },
];

export const blockListed = `scenario: Outlook refuses a block-listed client at MAIL and hangs up
about: >
  The greeting and EHLO look healthy. The 550 comes at MAIL FROM and the server closes at once, so pipelined
  commands and QUIT are never answered. Clients report this as "connection unexpectedly closed".
tags: [outlook, disconnect, blocklist]
hosts:
  mx.outlook.example: { provider: outlook, situation: blocklisted }
steps:
  - connect: mx.outlook.example
  - ehlo: probe.example.net
    expect: { capabilities: { has: [STARTTLS, SIZE, PIPELINING] } }
  - mail: validator@example.net
    expect: { reply: 550 5.7.1, reason: blocklisted }
  - rcpt: alice@outlook.example
    expect: closed
`;

const refusal =
  "550 5.7.1 Unfortunately, messages from [203.0.113.10] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3140). You can also refer your provider to http://mail.live.com/mail/troubleshooting.aspx#errors.";

/** Passes: a refusal, then a hang-up. */
export function passed(file = 'scenarios/outlook/block-listed-client-is-cut-off-at-mail.yaml'): Told {
  return new Told(scenarioOf(file, blockListed), 'outlook')
    .step(greeted)
    .step(outlookHello)
    .step([{ say: ['MAIL FROM:<validator@example.net>'] }, { hear: [refusal], stage: 'mail' }], {
      observed: { reason: 'blocklisted' },
    })
    .step([
      { say: ['RCPT TO:<alice@outlook.example>'] },
      {
        end: endingAt('rcpt', {
          kind: 'disconnected',
          how: 'closed',
          command: 'RCPT TO:<alice@outlook.example>',
        }),
      },
    ]);
}

/** Fails at MAIL: the host took the sender. */
export function failed(file = 'scenarios/outlook/block-listed-client-is-cut-off-at-mail.yaml'): Told {
  return new Told(scenarioOf(file, blockListed), 'outlook')
    .step(greeted)
    .step(outlookHello)
    .step(
      [{ say: ['MAIL FROM:<validator@example.net>'] }, { hear: ['250 2.1.0 Sender OK'], stage: 'mail' }],
      { observed: { reason: 'accept' } },
    );
}

const greylist = `scenario: A greylisting host lets us in on the second try
tags: [greylist]
hosts: { mx1.example.net: greylister }
steps:
  - attempt: ada@example.net
    title: The first try comes too early
    expect: { stage: rcpt, reply: 450 4.2.0, reason: greylisted }
  - wait: 4h
  - attempt: ada@example.net
    expect: 250
`;

const session = (rcpt: Happening[]): Happening[] => [
  { connect: '192.0.2.1' },
  { hear: ['220 mx1.example.net ESMTP'], stage: 'greeting' },
  { say: ['EHLO probe.example.net'] },
  { hear: ['250-mx1.example.net', '250 SIZE 10240000'], stage: 'ehlo' },
  { say: ['MAIL FROM:<probe@example.net>'] },
  { hear: ['250 2.1.0 Ok'], stage: 'mail' },
  ...rcpt,
  { say: ['QUIT'] },
  { hear: ['221 2.0.0 Bye'], stage: 'quit' },
  { left: 'closed' },
];

const greylistedReply: Happening[] = [
  { say: ['RCPT TO:<ada@example.net>'] },
  { pass: 15_000 },
  { hear: ['450 4.2.0 <ada@example.net>: Recipient address rejected: Greylisted'], stage: 'rcpt' },
];

/** Passes: refused, four hours, let in. */
export function waited(file = 'scenarios/greylist/second-try-is-let-in.yaml'): Told {
  const decided = {
    kind: 'refused',
    stage: 'rcpt',
    reply: { code: 450, enhanced: '4.2.0', lines: [''], raw: ['450 4.2.0 '] },
  } as const;
  return new Told(scenarioOf(file, greylist))
    .step(session(greylistedReply), { observed: { result: decided, reason: 'greylisted' } })
    .step([{ pass: 4 * 3_600_000 }])
    .step(session([{ say: ['RCPT TO:<ada@example.net>'] }, { hear: ['250 2.1.5 Ok'], stage: 'rcpt' }]), {
      observed: {
        result: { kind: 'completed', stage: 'rcpt', reply: { code: 250, lines: ['Ok'], raw: ['250 Ok'] } },
      },
    });
}

const silent = `scenario: A host that falls silent
hosts: { mx1.example.net: postfix }
steps:
  - connect: mx1.example.net
  - ehlo: probe.example.net
    expect: silence
  - connect: mx1.example.net
    expect: refused
`;

/** Endings: silence, a reset while TLS is up, a refused connection. */
export function ended(): Told {
  return new Told(scenarioOf('scenarios/endings.yaml', silent), 'postfix')
    .step([{ connect: '192.0.2.1' }, { hear: ['220 mx1.example.net ESMTP Postfix'], stage: 'greeting' }])
    .step([
      { say: ['EHLO probe.example.net'] },
      { pass: 300_000 },
      { end: endingAt('ehlo', { kind: 'timed-out', after: 300_000, command: 'EHLO probe.example.net' }) },
    ])
    .step([{ end: endingAt('connect', { kind: 'unreachable', why: 'refused', code: 'ECONNREFUSED' }) }]);
}

const utf8 = (text: string): string => Buffer.from(text).toString('latin1');

const hostileText = `scenario: A hostile host
hosts: { mx1.example.net: postfix }
steps:
  - connect: mx1.example.net
  - ehlo: probe.example.net
  - mail: probe@example.net
  - rcpt: ada@example.net
  - quit
`;

/** What a host can do to a terminal, an XML parser and a column of text. */
export function hostile(): Told {
  return new Told(scenarioOf('scenarios/hostile.yaml', hostileText))
    .step([
      { connect: '192.0.2.1' },
      { hear: ['220 \x1b]0;owned\x07\x1b[2J\x1b[31mred\x1b[0m \0 NUL'], stage: 'greeting' },
    ])
    .step([
      { say: ['EHLO probe.example.net'] },
      {
        hear: [
          `250-${utf8('wide 漢字 and 📪👩‍👩‍👧 and \u202eexe.gnp\u202c')}`,
          '250-\x9b2J C1',
          '250 ]]> <script>&amp;"\'',
        ],
        stage: 'ehlo',
      },
    ])
    .step([
      { say: ['MAIL FROM:<probe@example.net>'] },
      { hear: [`250 ${'long '.repeat(400)}`], stage: 'mail' },
    ])
    .step([
      { say: ['RCPT TO:<ada@example.net>'] },
      {
        hear: [
          ...Array.from({ length: 60 }, (_, i) => `250-line ${i}`),
          `250 ${utf8('\ufffe\uffff \ufeff end')}`,
        ],
        stage: 'rcpt',
      },
    ])
    .step([
      { say: ['QUIT'] },
      { scraps: ['HTTP/1.1 400 Bad\x1b[1mRequest'] },
      { end: endingAt('quit', { kind: 'misspoke', why: 'not a reply', bytes: 'HTTP\x1b[2J\xff' }) },
    ]);
}

const target = `scenario: The real host is stricter
hosts: { mx1.example.net: postfix }
steps:
  - connect: mx1.example.net
  - ehlo: probe.example.net
  - mail: probe@example.net
  - rcpt: nobody@example.net
    expect: 5xx
`;

/** Run against a real host that differs from its profile: another list, other words, another code. */
export function differing(): ScenarioResult {
  const file = 'scenarios/target.yaml';
  const text = [
    ['220 mx1.example.net ESMTP Postfix (Debian/GNU)', '220 real.example.org ESMTP'],
    [
      '250-mx1.example.net\n250-PIPELINING\n250-SIZE 10240000\n250-DSN\n250 CHUNKING',
      '250-real.example.org\n250-SIZE 10240000\n250-XFOO\n250-DSN\n250 CHUNKING',
    ],
    ['250 2.1.0 Ok', '250 2.1.0 Ok'],
    [
      '550 5.1.1 <nobody@example.net>: Recipient address rejected: User unknown in local recipient table',
      '450 4.2.0 <nobody@example.net>: Recipient address rejected: Greylisted \u6f22\u5b57',
    ],
  ] as const;
  const tell = (side: 0 | 1): Told => {
    const [greeting, hello, mail, rcpt] = text.map((pair) => utf8(pair[side]).split('\n'));
    return new Told(scenarioOf(file, target))
      .step([{ connect: '127.0.0.1', port: 2525 }, { pass: 31 }, { hear: greeting ?? [], stage: 'greeting' }])
      .step([{ say: ['EHLO probe.example.net'] }, { hear: hello ?? [], stage: 'ehlo' }])
      .step([{ say: ['MAIL FROM:<probe@example.net>'] }, { hear: mail ?? [], stage: 'mail' }])
      .step([{ say: ['RCPT TO:<nobody@example.net>'] }, { hear: rcpt ?? [], stage: 'rcpt' }]);
  };
  const [twin, result] = [tell(0).result(), tell(1).result()];
  const differences = compareRuns(twin, result).map((difference): Difference => {
    const shown = ({ answers }: { readonly answers: readonly Answer[] }): string[] =>
      answers.flatMap((answer) => (answer.kind === 'reply' ? answer.reply.raw.map(showBytes) : []));
    const simulated = twin.steps[difference.step.number - 1];
    return { ...difference, simulated: simulated ? shown(simulated) : [], real: shown(difference.step) };
  });
  return { ...result, simulatedTwin: twin, differences };
}
