import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { MatcherOutcome } from '../src/matchers/outcome.ts';
import type { DialogueEnd, HostDialogue } from '../src/sim/host-dialogue.ts';
import { parseDialogue } from '../src/transcript/notation.ts';
import { labTest, mxlabMatchers } from '../src/vitest.ts';
import { hello, mail, OutsideClient, rcpt } from './world/outside-client.ts';

function dialogueOf(
  lines: readonly string[],
  end?: DialogueEnd,
  messages: HostDialogue['messages'] = [],
): Pick<HostDialogue, 'events' | 'messages'> {
  const read = parseDialogue({ file: 'test', text: lines.join('\n') });
  if ('issues' in read) throw new Error(read.issues.map(({ message }) => message).join());
  return { events: read.events, messages, ...(end ? { end } : {}) };
}

const said = [
  'S: 220 mx.example.net',
  'C: EHLO a.example',
  'S: 250 mx.example.net',
  'C: MAIL FROM:<ada@example.org>',
  'S: 250 2.1.0 Ok',
  'C: RCPT TO:<bob@example.net>',
  'S: 550 5.1.1 <bob@example.net>: No such user',
];
const reset: DialogueEnd = { at: 'rcpt', by: 'host', how: 'reset', unanswered: true };
const message = {
  sender: 'ada@example.org',
  recipients: ['bob@example.net', 'carol@example.net'],
  content: Buffer.from('From: ada\r\nSubject: A long\r\n subject\r\n\r\nHello Bob\r\n'),
  bytes: 50,
  accepted: true,
};

const refusing = dialogueOf(said, reset, [message]);
const lasting = dialogueOf(said);

describe('what holds, holds; what does not, does not', () => {
  const claims: readonly (readonly [string, boolean, MatcherOutcome])[] = [
    ['ended', true, mxlabMatchers.toHaveEnded(refusing)],
    ['ended with RST', true, mxlabMatchers.toHaveEnded(refusing, 'reset')],
    [
      'ended with RST at RCPT by the host',
      true,
      mxlabMatchers.toHaveEnded(refusing, 'reset', { at: 'rcpt', by: 'host', unanswered: true }),
    ],
    ['ended with FIN', false, mxlabMatchers.toHaveEnded(refusing, 'closed')],
    ['ended at MAIL', false, mxlabMatchers.toHaveEnded(refusing, 'reset', { at: 'mail' })],
    ['ended by the client', false, mxlabMatchers.toHaveEnded(refusing, undefined, { by: 'client' })],
    ['ended with nothing due', false, mxlabMatchers.toHaveEnded(refusing, 'reset', { unanswered: false })],
    ['one that lasts ended', false, mxlabMatchers.toHaveEnded(lasting)],
    ['550 5.1.1 to RCPT', true, mxlabMatchers.toHaveReplied(refusing, '550 5.1.1', { to: 'RCPT' })],
    ['550 to rcpt', true, mxlabMatchers.toHaveReplied(refusing, 550, { to: 'rcpt' })],
    ['5xx 5.1.x anywhere', true, mxlabMatchers.toHaveReplied(refusing, '5xx 5.1.x')],
    ['220 as the greeting', true, mxlabMatchers.toHaveReplied(refusing, 220, { to: 'greeting' })],
    ['words', true, mxlabMatchers.toHaveReplied(refusing, 'No such user')],
    ['a pattern', true, mxlabMatchers.toHaveReplied(refusing, /no such USER$/im, { to: 'RCPT' })],
    ['550 to MAIL', false, mxlabMatchers.toHaveReplied(refusing, 550, { to: 'MAIL' })],
    ['551', false, mxlabMatchers.toHaveReplied(refusing, 551)],
    ['550 5.1.2', false, mxlabMatchers.toHaveReplied(refusing, '550 5.1.2')],
    ['other words', false, mxlabMatchers.toHaveReplied(refusing, 'Greylisted')],
    ['said', true, mxlabMatchers.toHaveSaid(refusing, /^MAIL FROM:<ada@/)],
    ['said a part', true, mxlabMatchers.toHaveSaid(refusing, 'bob@example.net')],
    ['said what the host said', false, mxlabMatchers.toHaveSaid(refusing, 'No such user')],
    [
      'a global pattern, twice',
      true,
      (() => {
        const pattern = /EHLO/g;
        mxlabMatchers.toHaveSaid(refusing, pattern);
        return mxlabMatchers.toHaveSaid(refusing, pattern);
      })(),
    ],
    ['a message', true, mxlabMatchers.toHaveSentMessage(refusing)],
    [
      'this message',
      true,
      mxlabMatchers.toHaveSentMessage(refusing, {
        from: 'ADA@example.org',
        to: ['carol@example.net', /^bob/],
        subject: 'A long subject',
        content: 'Hello Bob',
        accepted: true,
      }),
    ],
    ['from somebody else', false, mxlabMatchers.toHaveSentMessage(refusing, { from: 'ada@example' })],
    [
      'to one more',
      false,
      mxlabMatchers.toHaveSentMessage(refusing, { to: ['bob@example.net', 'dave@example.net'] }),
    ],
    ['another subject', false, mxlabMatchers.toHaveSentMessage(refusing, { subject: 'Hello' })],
    ['other content', false, mxlabMatchers.toHaveSentMessage(refusing, { content: /Hello Carol/ })],
    ['one that was refused', false, mxlabMatchers.toHaveSentMessage(refusing, { accepted: false })],
    ['a message where there is none', false, mxlabMatchers.toHaveSentMessage(lasting)],
    [
      'content that is a text, as the control API gives it',
      true,
      mxlabMatchers.toHaveSentMessage(
        { ...refusing, messages: [{ ...message, content: 'Hello Bob' }] },
        { content: 'Bob' },
      ),
    ],
  ];
  test.each(claims)('%s: %s', (_claim, holds, outcome) => {
    expect(outcome.pass, outcome.message()).toBe(holds);
  });

  test.each([undefined, null, 'text', [refusing], {}])(
    '%j is no dialogue, and said to be none',
    (received) => {
      for (const matcher of Object.values(mxlabMatchers)) {
        const outcome = matcher(received, '250' as never);
        expect(outcome.pass).toBe(false);
        expect(outcome.message()).toMatch(/^a dialogue was expected, such as lab\.dialogues\[0\]; this is /);
      }
    },
  );

  test.each(['55', '5.1.1', '600', ''])('%j is neither a reply nor words of one', (expected) => {
    expect(() => mxlabMatchers.toHaveReplied(refusing, expected)).toThrow(/is not a reply such as/);
  });
});

describe('what they say when they do not hold', () => {
  test('what was expected, what came, and the dialogue', () => {
    expect(mxlabMatchers.toHaveEnded(refusing, 'closed', { at: 'rcpt' }).message()).toBe(
      [
        'the dialogue was expected to have been closed at RCPT TO',
        'it was reset by the host at RCPT TO, with a reply due',
        '',
        ...said,
      ].join('\n'),
    );
    expect(mxlabMatchers.toHaveEnded(lasting).message()).toContain('it still lasts');
    expect(mxlabMatchers.toHaveReplied(refusing, 250, { to: 'RCPT' }).message()).toContain(
      'expected to have got 250 to RCPT\nit got 550 5.1.1 to RCPT',
    );
    expect(mxlabMatchers.toHaveReplied(refusing, 250, { to: 'DATA' }).message()).toContain(
      'it got no reply to DATA',
    );
    expect(mxlabMatchers.toHaveSentMessage(refusing, { to: 'dave@example.net' }).message()).toContain(
      'expected to have sent a message to "dave@example.net"\nit sent one from <ada@example.org> to <bob@example.net>, <carol@example.net>, "A long subject", which was taken',
    );
  });

  test('behind not, the other way round', () => {
    expect(mxlabMatchers.toHaveSaid(refusing, 'EHLO').message()).toMatch(
      /^the dialogue was expected not to have a client that said "EHLO"/,
    );
    expect(() => expect(refusing).not.toHaveSaid('EHLO')).toThrow(/expected not to have a client/);
    expect(() => expect(refusing).toHaveEnded('closed')).toThrow(/was reset by the host/);
  });

  test('of a long dialogue only the end', () => {
    const long = dialogueOf(
      ['S: 220 a', ...Array.from({ length: 200 }, (_, i) => [`C: NOOP ${i}`, 'S: 250 Ok']).flat()],
      reset,
    );
    const text = mxlabMatchers.toHaveEnded(long, 'closed').message();
    expect(text).toContain('(341 lines before)');
    expect(text).not.toContain('NOOP 100');
    expect(text).toContain('NOOP 199');
  });

  test('nothing that could harm a terminal', () => {
    expect(
      mxlabMatchers.toHaveEnded(dialogueOf(['S: 220 a', 'C: NOOP \\x1b[31m']), 'closed').message(),
    ).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
  });
});

describe('labTest', () => {
  labTest('has a lab with one host where nothing else is said', async ({ lab }) => {
    const client = await OutsideClient.to(lab.host('mx.example.net'));
    await client.talk([hello, mail, rcpt, 'DATA', 'Subject: hi\r\n\r\ntext\r\n.', 'QUIT']);
    const [dialogue] = await lab.waitForDialogues(1);
    expect(dialogue).toHaveReplied('250 2.1.5', { to: 'RCPT' });
    expect(dialogue).toHaveSaid(/^MAIL FROM/);
    expect(dialogue).toHaveSentMessage({ from: 'ada@example.org', subject: 'hi' });
    expect(dialogue).toHaveEnded('closed', { at: 'quit' });
    expect(dialogue).not.toHaveEnded('reset');
  });

  const resetting = { provider: 'accept-all', behaviours: [{ disconnect: { at: 'rcpt', how: 'reset' } }] };
  const own = labTest.extend({
    world: { hosts: { 'mx.example.org': resetting } },
    labStart: { clock: 'manual' as const },
  });
  let before: { readonly port: number } | undefined;

  own('starts a world of its own, with a clock of its own', async ({ lab }) => {
    const now = lab.clock.now();
    lab.advance(5);
    expect(lab.clock.now()).toBe(now + 5);
    before = lab.host('mx.example.org');
    const client = await OutsideClient.to(before as never);
    await client.talk([hello, mail, rcpt]);
    const [dialogue] = await lab.waitForDialogues(1);
    expect(dialogue).toHaveEnded('reset', { at: 'rcpt' });
  });

  own('and closes it when the test is over', async ({ lab }) => {
    expect(lab.dialogues).toEqual([]);
    await expect(OutsideClient.to({ address: '127.0.0.1', port: before?.port ?? 0 })).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
  });
});

test('the matchers work without vitest: Jest takes them as they are', () => {
  const extended: Record<
    string,
    (received: unknown, ...expected: never[]) => { pass: boolean; message: () => string }
  > = {};
  Object.assign(extended, mxlabMatchers); // what expect.extend of Jest does with them
  const outcome = extended.toHaveEnded?.call({ isNot: false }, refusing, ...(['reset'] as never[]));
  expect(outcome).toEqual({ pass: true, message: expect.any(Function) });
});

test('only one file needs vitest', () => {
  const root = fileURLToPath(new URL('../src/', import.meta.url));
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const users = files.filter((file) => /from 'vitest'/.test(readFileSync(join(root, file), 'utf8')));
  expect(users).toEqual(['vitest.ts']);
});
