import { describe, expect, test } from 'vitest';
import { loadKnowledge } from '../../src/knowledge/knowledge.ts';
import { type Stage, stages } from '../../src/smtp/stage.ts';
import { minutes, seconds } from '../../src/time/duration.ts';
import type { Ending } from '../../src/transcript/ending.ts';
import type { Transcript, TranscriptEvent } from '../../src/transcript/transcript.ts';

const { explainEnding } = await loadKnowledge();

type Bare<T> = T extends unknown ? Omit<T, 'stage' | 'lastSent' | 'lastReceived' | 'elapsed' | 'tls'> : never;

function ending(stage: Stage, how: Bare<Ending>, more: Partial<Ending> = {}): Ending {
  return { stage, lastSent: '', lastReceived: '', elapsed: 40, tls: false, ...how, ...more } as Ending;
}

const closed = { kind: 'disconnected', how: 'closed' } as const;

/** `C: ` and `S: ` lines with the time in front where it moves on. */
function session(port: number, ...lines: string[]): Transcript {
  let at = 0;
  const events: TranscriptEvent[] = [
    { at, tls: false, kind: 'connected', host: 'mx.example.net', address: '192.0.2.25', port },
  ];
  for (const line of lines) {
    const [, wait, who, text = ''] = /^(?:(\d+)s )?([CS]): (.*)$/.exec(line) ?? [];
    at += seconds(Number(wait ?? 0));
    const said = text.split(' | ');
    const bytes = said.join('\r\n').length + 2;
    events.push({ at, tls: false, kind: who === 'C' ? 'sent' : 'received', lines: said, bytes });
  }
  return { host: 'mx.example.net', events };
}

const kinds: readonly Bare<Ending>[] = [
  closed,
  { kind: 'disconnected', how: 'reset' },
  { kind: 'disconnected', how: 'closed', unsolicited: true },
  { kind: 'timed-out', after: minutes(5) },
  { kind: 'misspoke', why: 'no reply', bytes: 'hello?' },
  { kind: 'unreachable', why: 'refused', code: 'ECONNREFUSED' },
  { kind: 'unreachable', why: 'timed-out', code: 'ETIMEDOUT' },
  { kind: 'unreachable', why: 'no-route', code: 'ENETUNREACH' },
  { kind: 'tls-failed', code: 'CERT_HAS_EXPIRED', why: 'certificate has expired' },
  { kind: 'tls-failed', code: 'ERR_TLS_CERT_ALTNAME_INVALID', why: 'wrong name' },
  { kind: 'tls-failed', code: 'DEPTH_ZERO_SELF_SIGNED_CERT', why: 'self-signed' },
  { kind: 'tls-failed', code: 'ECONNRESET', why: 'reset' },
  { kind: 'tls-failed', code: 'ERR_SSL_UNSUPPORTED_PROTOCOL', why: 'unsupported protocol' },
];

describe.each(stages)('at %s', (stage) => {
  test.each(kinds)('an ending is explained: $kind $how $why $code', (how) => {
    const told = explainEnding(ending(stage, how));
    expect(told.causes.length).toBeGreaterThan(0);
    expect(told.says).toMatch(/\.(?: RFC \d{4} [\d.]+)?$/);
    expect(told.advice).toBe(told.causes[0]?.advice);
    for (const { experiment } of told.causes) expect(experiment.command).toContain(experiment.scenario);
    for (const { cause, advice, evidence } of told.causes)
      expect(`${cause}${advice}${evidence}`).not.toContain('{');
  });
});

test('EHLO localhost is our own doing, and comes first', () => {
  const told = explainEnding(
    ending('ehlo', closed),
    session(25, 'S: 220 mx.example.net', 'C: EHLO localhost'),
  );
  expect(told.id).toBe('hung-up-at-ehlo');
  expect(told.causes[0]).toMatchObject({ side: 'yours', evidence: ['We said localhost.'] });
});

test.each(['[127.0.0.1]', 'myhost', '192.168.0.7', 'laptop.local'])('so is EHLO %s', (name) => {
  const told = explainEnding(ending('ehlo', closed, { command: `EHLO ${name}` }));
  expect(told.causes[0]).toMatchObject({ side: 'yours', evidence: [`We said ${name}.`] });
});

test('a proper EHLO name is not suspected', () => {
  const told = explainEnding(
    ending('ehlo', closed),
    session(25, 'S: 220 mx.example.net', 'C: EHLO probe.example.org'),
  );
  expect(told.causes.map(({ cause }) => cause).join()).not.toContain('not one a mail server would have');
});

test('talking before the greeting', () => {
  const told = explainEnding(ending('greeting', closed), session(25, 'C: EHLO probe.example.org'));
  expect(told.causes[0]).toMatchObject({
    side: 'yours',
    evidence: ['We had sent something before the greeting came.'],
  });
});

test('TLS spoken to a plaintext port', () => {
  const failed = {
    kind: 'tls-failed',
    code: 'ERR_SSL_WRONG_VERSION_NUMBER',
    why: 'wrong version number',
  } as const;
  const told = explainEnding(ending('starttls', failed), session(587));
  expect(told.id).toBe('tls-spoken-to-a-plain-port');
  expect(told.causes[0]).toMatchObject({ side: 'yours', evidence: ['The port was 587.'] });
  const behindStarttls = ending('starttls', failed, { command: 'STARTTLS', lastSent: 'STARTTLS\r\n' });
  expect(explainEnding(behindStarttls, session(587)).id).toBe('tls-not-agreed');
});

test('clear text spoken to the port that begins with TLS', () => {
  const told = explainEnding(ending('greeting', { kind: 'timed-out', after: seconds(30) }), session(465));
  expect(told.causes[0]).toMatchObject({ side: 'yours', evidence: ['The port is 465.'] });
});

test('giving up early is our own doing', () => {
  const told = explainEnding(ending('rcpt', { kind: 'timed-out', after: seconds(20) }));
  expect(told.causes[0]).toMatchObject({ side: 'yours', evidence: ['We waited 20 s.'] });
  expect(explainEnding(ending('rcpt', { kind: 'timed-out', after: minutes(5) })).causes[0]?.evidence).toEqual(
    [],
  );
});

test('a refusal at MAIL and a close right after it', () => {
  const dialogue = session(
    25,
    'S: 220 mx.example.net',
    'C: EHLO probe.example.org',
    'S: 250-mx.example.net | 250 PIPELINING',
    'C: MAIL FROM:<a@example.org> | RCPT TO:<b@example.net>',
    'S: 550 5.7.1 blocked',
  );
  const told = explainEnding(ending('rcpt', closed), dialogue);
  expect(told.causes[0]).toMatchObject({ side: 'theirs', evidence: ['Its last reply was 550.'] });
});

test('the silent close after many messages', () => {
  const message = [
    'C: MAIL FROM:<a@example.org>',
    'S: 250 ok',
    'C: RCPT TO:<b@example.net>',
    'S: 250 ok',
    'C: DATA',
    'S: 354 go',
    'C: Subject: x | . ',
    'S: 250 ok dirdel',
  ];
  const dialogue = session(
    25,
    'S: 220 mx',
    'C: EHLO p.example.org',
    'S: 250 mx',
    ...Array.from({ length: 20 }, () => message).flat(),
    'C: MAIL FROM:<a@example.org>',
  );
  const told = explainEnding(ending('mail', closed), dialogue);
  expect(told.causes[0]).toMatchObject({
    side: 'theirs',
    evidence: ['20 messages had gone over this connection.'],
  });
});

test('harvest protection after unknown recipients', () => {
  const refused = ['C: RCPT TO:<x@example.net>', 'S: 550 5.1.1 no'];
  const dialogue = session(
    25,
    'S: 220 mx',
    'C: EHLO p.example.org',
    'S: 250 mx',
    'C: MAIL FROM:<>',
    'S: 250 ok',
    ...refused,
    ...refused,
    ...refused,
    'C: RCPT TO:<y@example.net>',
  );
  const told = explainEnding(ending('rcpt', closed), dialogue);
  expect(told.causes[0]).toMatchObject({
    side: 'yours',
    evidence: ['3 of 4 recipients had been refused before.'],
  });
});

test('an idle connection that was closed', () => {
  const dialogue = session(25, 'S: 220 mx', 'C: EHLO p.example.org', 'S: 250 mx', '600s C: MAIL FROM:<>');
  const told = explainEnding(ending('mail', { ...closed, unsolicited: true }), dialogue);
  expect(told).toMatchObject({ id: 'left-unasked' });
  expect(told.causes[0]).toMatchObject({ side: 'yours', evidence: ['Nothing had been said for 10 min.'] });
});

test('a hang-up at QUIT loses nothing', () => {
  const told = explainEnding(ending('quit', closed));
  expect(told).toMatchObject({ id: 'hung-up-at-quit', verifier: 'none' });
});

test.each([
  ['HTTP/1.1 400 Bad Request', 'not-a-mail-server'],
  ['SSH-2.0-OpenSSH_9.6', 'not-a-mail-server'],
  ['25', 'cut-reply'],
  ['what is this', 'not-a-reply'],
])('bytes that are no reply: %s', (bytes, id) => {
  expect(explainEnding(ending('greeting', { kind: 'misspoke', why: 'no reply', bytes })).id).toBe(id);
});

/** Sessions with hosts of the documentation or, where a name is given, of the world. */
function past(host: string, end?: Bare<Ending>, stage: Stage = 'greeting', ...lines: string[]): Transcript {
  const { events } = session(25, ...lines);
  const last = end === undefined ? [] : [{ at: 0, tls: false, kind: 'ended', ending: ending(stage, end) }];
  return { host, events: [...events, ...(last as TranscriptEvent[])] };
}

describe('earlier sessions', () => {
  const reset = { kind: 'disconnected', how: 'reset' } as const;
  const mute = { kind: 'unreachable', why: 'timed-out', code: 'ETIMEDOUT' } as const;
  const first = (how: Bare<Ending>, stage: Stage, earlier: readonly Transcript[], ...lines: string[]) =>
    explainEnding(ending(stage, how), session(25, ...lines), earlier).causes[0];

  test('connections that are still open are our own doing', () => {
    const open = past('mx.example.net', undefined, 'greeting', 'S: 220 mx');
    expect(first(reset, 'greeting', [open])?.evidence).toEqual([]);
    expect(first(reset, 'greeting', [open, open])).toMatchObject({
      side: 'yours',
      evidence: ['2 connections to this host were open already.'],
      experiment: { scenario: 'scenarios/experiments/one-connection-at-a-time.yaml' },
    });
  });

  test('other hosts do not count as the same one', () => {
    const open = past('mx.example.org', undefined, 'greeting', 'S: 220 mx');
    expect(first(reset, 'greeting', [open, open])?.evidence).toEqual([]);
  });

  test('a refusal that an earlier session was told', () => {
    const refused = past('mx.example.net', closed, 'ehlo', 'S: 220 mx', 'C: EHLO a.example', 'S: 554 listed');
    expect(first(closed, 'ehlo', [refused], 'S: 220 mx', 'C: EHLO a.example')).toMatchObject({
      side: 'theirs',
      evidence: [
        'An earlier session with this host was told 554.',
        '1 of 1 earlier sessions with this host ended in the same way.',
      ],
    });
  });

  test('where no other host answers either it is our network', () => {
    expect(first(mute, 'connect', [past('mx.example.org', mute, 'connect')])).toMatchObject({
      side: 'yours',
      evidence: [
        'We dialled port 25, which is swallowed far more often than any other.',
        '1 other hosts did not answer either.',
      ],
    });
  });

  test('where other hosts greet us it is theirs', () => {
    const told = explainEnding(ending('connect', mute), session(587), [
      past('mx.example.org', undefined, 'greeting', 'S: 220 mx'),
    ]);
    expect(told.causes[0]).toMatchObject({ side: 'theirs', evidence: ['Other hosts answered us.'] });
  });

  test('a message that is lost at the same size again', () => {
    const large = (bytes: number): TranscriptEvent => ({
      at: 0,
      tls: false,
      kind: 'sent',
      lines: ['Subject: x'],
      bytes,
    });
    const lost = past('mx.example.net', closed, 'message');
    const before = { ...lost, events: [large(65_000), ...lost.events] };
    const now = session(25);
    const told = explainEnding(
      ending('message', closed),
      { ...now, events: [...now.events, large(66_000)] },
      [before],
    );
    expect(told.causes[0]).toMatchObject({
      side: 'path',
      evidence: ['We had sent 66000 bytes.', 'An earlier message was lost at about the same size.'],
      experiment: { scenario: 'scenarios/experiments/small-mail-and-large-mail.yaml' },
    });
  });

  test('recipients that were guessed before', () => {
    const guess = ['C: RCPT TO:<x@example.net>', 'S: 550 5.1.1 no'];
    const guessed = past(
      'mx.example.net',
      closed,
      'rcpt',
      'S: 220 mx',
      'C: EHLO p.example.org',
      'S: 250 mx',
      'C: MAIL FROM:<>',
      'S: 250 ok',
      ...guess,
      ...guess,
      ...guess,
    );
    expect(first(closed, 'rcpt', [guessed], 'C: RCPT TO:<y@example.net>')).toMatchObject({
      side: 'yours',
      evidence: ['3 had been refused in earlier sessions.'],
    });
  });
});

test.each(['mail', 'rcpt', 'command'] as const)('a stale 421 that is read as the answer at %s', (stage) => {
  const { events, host } = session(25, 'S: 220 mx', 'C: EHLO p.example.org', 'S: 250 mx');
  const farewell: TranscriptEvent = {
    at: seconds(300),
    tls: false,
    kind: 'received',
    lines: ['421 4.4.2 timeout'],
    bytes: 19,
    unsolicited: true,
  };
  const told = explainEnding(ending(stage, closed), { host, events: [...events, farewell] });
  expect(told.causes[0]).toMatchObject({ side: 'yours', evidence: ['A 421 came while nothing was asked.'] });
});

test('going on after a 421 to EHLO is our own doing', () => {
  const told = explainEnding(
    ending('ehlo', closed),
    session(25, 'S: 220 mx', 'C: EHLO p.example.org', 'S: 421 4.7.0 later', 'C: HELO p.example.org'),
  );
  expect(told.causes[0]).toMatchObject({ side: 'yours', evidence: ['A 421 stands in the dialogue.'] });
});

describe('the experiment for a session', () => {
  function experimentFor(connected: { host: string; address: string; port: number }, ...lines: string[]) {
    const [, ...events] = session(25, ...lines).events;
    const opening: TranscriptEvent = { at: 0, tls: false, kind: 'connected', ...connected };
    const transcript = { host: connected.host, events: [opening, ...events] };
    return explainEnding(ending('mail', closed), transcript).causes[0]?.experiment;
  }
  const dialogue = ['S: 220 mx', 'C: EHLO a.example.org', 'S: 250 mx', 'C: MAIL FROM:<a@example.org>'];

  test('goes to the host of the session, with its values', () => {
    expect(experimentFor({ host: 'mx.web.de', address: '212.227.15.17', port: 25 }, ...dialogue)).toEqual({
      scenario: 'scenarios/experiments/the-same-from-elsewhere.yaml',
      command:
        'mxlab run scenarios/experiments/the-same-from-elsewhere.yaml --target mx.web.de:25 --live --set sender=a@example.org',
      tells: expect.any(String),
    });
  });

  test('needs no leave for this machine', () => {
    expect(experimentFor({ host: 'mx', address: '::1', port: 2525 })?.command).toMatch(
      / --target '\[::1\]:2525'$/,
    );
  });

  test('stays in the lab where the host was simulated', () => {
    const { command } =
      experimentFor({ host: 'mx.example.net', address: '192.0.2.1', port: 25 }, ...dialogue) ?? {};
    expect(command).toBe('mxlab run scenarios/experiments/the-same-from-elsewhere.yaml');
  });

  test.each(['$(reboot)@a.b', '`x`', 'a b', "a'b", '-x', 'x;y', '\x1b[2J'])(
    'takes no value that would hurt in a shell: %s',
    (sender) => {
      const lines = [...dialogue.slice(0, 3), `C: MAIL FROM:<${sender}>`];
      const told = experimentFor({ host: sender, address: '212.227.15.17', port: 25 }, ...lines);
      expect(told?.command).toMatch(/ --target 212\.227\.15\.17:25 --live$/);
    },
  );
});
