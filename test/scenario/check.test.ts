import { describe, expect, test } from 'vitest';
import { capabilitiesOf } from '../../src/smtp/capabilities.ts';
import type { Outcome } from '../../src/transcript/ending.ts';
import { check, ending, observed, reply } from './observations.ts';

describe('without an expectation a step must succeed', () => {
  test('a 2xx or 3xx reply is success', () => {
    expect(check(undefined, observed(reply('354 Go ahead')))).toEqual([]);
  });
  test('a refusal is not', () => {
    expect(check(undefined, observed(reply('450 4.2.0 Greylisted')))).toEqual([
      { key: '', expected: 'success (a 2xx or 3xx reply)', found: '450 4.2.0 Greylisted' },
    ]);
  });
  test('a closed connection is not', () => {
    expect(check(undefined, observed(ending({ kind: 'disconnected', how: 'closed' })))).toEqual([
      {
        key: '',
        expected: 'success (a 2xx or 3xx reply)',
        found: 'the host closed the connection in reply to RCPT TO',
      },
    ]);
  });
  test('silence is not', () => {
    const [failed] = check(undefined, observed(ending({ kind: 'timed-out', after: 5_000 })));
    expect(failed?.found).toBe('the host said nothing while we were naming a recipient');
  });
});

describe('a reply', () => {
  const refusal = observed(reply('550 5.1.1 No such user'));
  for (const fitting of [550, '550', '55x', '5xx', '550 5.1.1', '5xx 5.x.x', '550 5.1.x', '550 5.x.1']) {
    test(`550 5.1.1 is ${fitting}`, () => expect(check(fitting, refusal)).toEqual([]));
  }
  for (const other of [250, '551', '54x', '4xx', '550 5.1.10', '550 5.1.2', '550 5.2.x', '5xx 4.x.x']) {
    test(`550 5.1.1 is not ${other}`, () => {
      expect(check(other, refusal)).toEqual([
        { key: '', expected: `${other}`, found: '550 5.1.1 No such user' },
      ]);
    });
  }
  test('a code of more digits does not pass for a shorter one', () => {
    expect(check('550 5.1.1', observed(reply('550 5.1.10 RESOLVER')))).toHaveLength(1);
  });
  test('where an enhanced code is expected, none is not enough', () => {
    expect(check({ reply: '550 5.1.1' }, observed(reply('550 No such user')))).toEqual([
      { key: 'reply', expected: '550 5.1.1', found: '550 No such user' },
    ]);
  });
  test('the enhanced code is that of the last line', () => {
    expect(check('550 5.1.1', observed(reply('550-No such user', '550 5.1.1 here')))).toEqual([]);
  });
  test('any one of a list', () => {
    expect(check({ reply: [450, '451 4.7.1'] }, observed(reply('451 4.7.1 Later')))).toEqual([]);
    expect(check({ reply: [450, '451 4.7.1'] }, refusal)).toEqual([
      { key: 'reply', expected: '450 or 451 4.7.1', found: '550 5.1.1 No such user' },
    ]);
  });
  test('an ending is no reply', () => {
    expect(check(250, observed(ending({ kind: 'disconnected', how: 'reset' })))).toEqual([
      { key: '', expected: '250', found: 'the host reset the connection in reply to RCPT TO' },
    ]);
  });
  test('control characters of the host do not reach the report', () => {
    const [failed] = check(250, observed(reply('550 \x1b[31mred')));
    expect(failed?.found).not.toContain('\x1b');
  });
});

describe('an ending', () => {
  const endings = {
    closed: ending({ kind: 'disconnected', how: 'closed' }),
    reset: ending({ kind: 'disconnected', how: 'reset' }),
    silence: ending({ kind: 'timed-out', after: 1 }),
    misspoke: ending({ kind: 'misspoke', why: 'not a reply', bytes: 'hello' }),
    refused: ending({ kind: 'unreachable', why: 'refused', code: 'ECONNREFUSED' }),
    unreachable: ending({ kind: 'unreachable', why: 'no-route', code: 'EHOSTUNREACH' }),
    'connect-timeout': ending({ kind: 'unreachable', why: 'timed-out', code: 'ETIMEDOUT' }),
    'tls-failed': ending({ kind: 'tls-failed', why: 'handshake failure', code: 'EPROTO' }),
    'no-host': { kind: 'no-host', why: 'the domain does not exist' } as const,
  };
  for (const [name, result] of Object.entries(endings)) {
    test(`${name} as a word and as a key`, () => {
      expect(check(name, observed(result))).toEqual([]);
      expect(check({ ending: name }, observed(result))).toEqual([]);
    });
    for (const other of Object.keys(endings).filter((key) => key !== name)) {
      test(`${name} is not ${other}`, () => {
        expect(check(other, observed(result))).toMatchObject([
          { key: '', expected: expect.stringMatching(`^${other} \\(`) },
        ]);
      });
    }
  }
  test('a reply is no ending', () => {
    expect(check({ ending: 'closed' }, observed(reply('421 Bye')))).toEqual([
      { key: 'ending', expected: 'closed (the host closes the connection (FIN))', found: '421 Bye' },
    ]);
  });
});

describe('alternatives', () => {
  test('one that holds is enough', () => {
    expect(
      check(['closed', '4xx', { reply: 550, text: 'No such' }], observed(reply('550 5.1.1 No such user'))),
    ).toEqual([]);
  });
  test('of a mapping everything must hold', () => {
    expect(
      check(['closed', { reply: 550, text: 'blocked' }], observed(reply('550 5.1.1 No such user'))),
    ).toEqual([{ key: '', expected: 'closed, or 550', found: '550 5.1.1 No such user' }]);
  });
});

describe('the words of a reply', () => {
  const greylisted = observed(reply('450-4.2.0 Recipient address', '450 4.2.0 rejected:  Greylisted'));
  for (const text of [
    'Greylisted',
    'rejected: Greylisted',
    'Recipient address',
    '/grey(list)?ed/',
    '/^4.2.0 Recipient/',
    ['Recipient', '/rejected/'],
  ]) {
    test(`${text} is in it`, () => expect(check({ text }, greylisted)).toEqual([]));
  }
  test('it may run over the end of a line', () => {
    expect(check({ text: 'address rejected' }, greylisted)).toEqual([]);
    expect(check({ text: '/address rejected: +grey/' }, greylisted)).toEqual([]);
    expect(check({ text: 'address 4.2.0 rejected' }, greylisted)).toEqual([]);
    expect(check({ text: 'addressrejected' }, greylisted)).toHaveLength(1);
  });
  test('where there is no host to go to, the words are those of DNS', () => {
    const nowhere = observed({ kind: 'no-host', why: 'example.net does not exist' });
    expect(check({ ending: 'no-host', text: 'does not exist' }, nowhere)).toEqual([]);
    expect(check({ text: 'null MX' }, nowhere)).toEqual([
      { key: 'text', expected: 'the text null MX', found: 'example.net does not exist' },
    ]);
  });
  test('plain text is compared as it is written', () => {
    expect(check({ text: 'greylisted' }, greylisted)).toEqual([
      { key: 'text', expected: 'the text greylisted', found: expect.stringContaining('Greylisted') },
    ]);
  });
  test('a dot is a dot outside of slashes', () => {
    expect(check({ text: '4.2.0' }, greylisted)).toEqual([]);
    expect(check({ text: '4x2.0' }, greylisted)).toHaveLength(1);
    expect(check({ text: 'Gr.ylisted' }, greylisted)).toHaveLength(1);
  });
  test('every text of a list must be there, and each missing one is told', () => {
    expect(check({ text: ['Greylisted', 'tomorrow', '/never/'] }, greylisted)).toMatchObject([
      { key: 'text.1', expected: 'the text tomorrow' },
      { key: 'text.2', expected: 'the text /never/' },
    ]);
  });
  test('without a reply there are no words', () => {
    expect(check({ text: 'x' }, observed(ending({ kind: 'timed-out', after: 1 })))).toHaveLength(1);
  });
  test('lines are counted as on the wire', () => {
    expect(check({ lines: 2 }, greylisted)).toEqual([]);
    expect(check({ lines: 3 }, greylisted)).toEqual([
      { key: 'lines', expected: '3 lines', found: '2 lines' },
    ]);
  });
  test('the reason is that of the explanation', () => {
    expect(check({ reason: 'greylisted' }, { ...greylisted, reason: 'greylisted' })).toEqual([]);
    expect(check({ reason: 'blocklisted' }, { ...greylisted, reason: 'greylisted' })).toEqual([
      { key: 'reason', expected: 'the reason blocklisted', found: 'greylisted' },
    ]);
    expect(check({ reason: 'greylisted' }, greylisted)).toHaveLength(1);
  });
  test('oddities are named', () => {
    const odd = observed({
      ...reply('250 Ok'),
      reply: { ...reply('250 Ok').reply, oddities: ['bare LF', 'code without text'] },
    });
    expect(check({ oddity: 'code without text' }, odd)).toEqual([]);
    expect(check({ oddity: 'codes differ between lines' }, odd)).toEqual([
      {
        key: 'oddity',
        expected: 'the oddity codes differ between lines',
        found: 'bare LF, code without text',
      },
    ]);
    expect(check({ oddity: 'bare LF' }, greylisted)).toMatchObject([{ found: 'a reply without oddities' }]);
  });
});

describe('the session', () => {
  const offering = {
    ...observed(reply('250 Hi')),
    capabilities: capabilitiesOf(
      reply('250-mx.example.net Hi', '250-PIPELINING', '250-SIZE 1000', '250 starttls').reply,
    ),
  };
  test('what it offers, in any case of letters', () => {
    expect(check({ capabilities: { has: ['starttls', 'SIZE'] } }, offering)).toEqual([]);
    expect(check({ capabilities: { has: ['AUTH', 'SIZE'] } }, offering)).toEqual([
      { key: 'capabilities.has', expected: 'to offer AUTH, SIZE', found: 'PIPELINING, SIZE, STARTTLS' },
    ]);
  });
  test('what it does not offer', () => {
    expect(check({ capabilities: { lacks: ['AUTH', 'CHUNKING'] } }, offering)).toEqual([]);
    expect(check({ capabilities: { lacks: ['AUTH', 'SIZE'] } }, offering)).toHaveLength(1);
  });
  test('exactly, and in this order', () => {
    expect(check({ capabilities: { exactly: ['PIPELINING', 'SIZE', 'STARTTLS'] } }, offering)).toEqual([]);
    expect(check({ capabilities: { exactly: ['SIZE', 'PIPELINING', 'STARTTLS'] } }, offering)).toHaveLength(
      1,
    );
  });
  test('has and lacks are judged apart', () => {
    expect(check({ capabilities: { has: ['AUTH'], lacks: ['SIZE'] } }, offering)).toHaveLength(2);
  });
  test('a session that offers nothing', () => {
    expect(check({ capabilities: { has: ['SIZE'] } }, observed(reply('250 Hi')))).toMatchObject([
      { found: 'nothing offered' },
    ]);
  });

  const expired = {
    ...observed(reply('220 Go')),
    tls: { protocol: 'TLSv1.3', cipher: 'x', trusted: false, why: 'CERT_HAS_EXPIRED' },
  };
  test('TLS or none', () => {
    expect(check({ tls: true }, expired)).toEqual([]);
    expect(check({ tls: false }, observed(reply('250 Hi')))).toEqual([]);
    expect(check({ tls: true }, observed(reply('250 Hi')))).toEqual([
      { key: 'tls', expected: 'TLS', found: 'no TLS' },
    ]);
    expect(check({ tls: false }, expired)).toHaveLength(1);
  });
  test('what the certificate proves', () => {
    expect(check({ tls: { trusted: false, why: 'CERT_HAS_EXPIRED' } }, expired)).toEqual([]);
    expect(check({ tls: { trusted: true } }, expired)).toEqual([
      {
        key: 'tls.trusted',
        expected: 'a certificate that is trusted',
        found: 'TLSv1.3, not trusted: CERT_HAS_EXPIRED',
      },
    ]);
    expect(check({ tls: { why: 'DEPTH_ZERO_SELF_SIGNED_CERT' } }, expired)).toHaveLength(1);
    expect(check({ tls: { trusted: false } }, observed(reply('250 Hi')))).toHaveLength(1);
  });
  test('who hangs up', () => {
    expect(check({ 'closed-by': 'host' }, { ...observed(reply('421 Bye')), closedBy: 'host' })).toEqual([]);
    expect(check({ 'closed-by': 'nobody' }, { ...observed(reply('421 Bye')), closedBy: 'host' })).toEqual([
      { key: 'closed-by', expected: 'the connection stays', found: 'the host hung up' },
    ]);
    expect(check({ 'closed-by': 'host' }, { ...observed(reply('550 No')), closedBy: 'nobody' })).toHaveLength(
      1,
    );
  });
});

describe('times and tries', () => {
  const slow = observed(reply('250 Ok'), 290_000);
  test('no later than', () => {
    expect(check({ within: '290s' }, slow)).toEqual([]);
    expect(check({ within: '289s' }, slow)).toEqual([
      { key: 'within', expected: 'within 4 min 49 s', found: 'after 4 min 50 s' },
    ]);
  });
  test('no sooner than', () => {
    expect(check({ 'at-least': '4m50s' }, slow)).toEqual([]);
    expect(check({ 'at-least': '5m' }, slow)).toEqual([
      { key: 'at-least', expected: 'at least 5 min', found: 'after 4 min 50 s' },
    ]);
  });
  test('how many tries', () => {
    expect(check({ attempts: 3 }, { ...slow, attempts: 3 })).toEqual([]);
    expect(check({ attempts: 2 }, { ...slow, attempts: 3 })).toEqual([
      { key: 'attempts', expected: '2 tries', found: '3 tries' },
    ]);
    expect(check({ attempts: 1 }, slow)).toHaveLength(1);
  });
});

describe('an attempt', () => {
  test('the stage at which it was decided', () => {
    const refused = observed({
      kind: 'refused',
      stage: 'mail',
      reply: reply('421 4.7.0 [TSS04] Later').reply,
    });
    expect(check({ stage: 'mail', reply: 421 }, refused)).toEqual([]);
    expect(check({ stage: 'rcpt' }, refused)).toEqual([
      { key: 'stage', expected: 'decided at rcpt', found: 'at mail' },
    ]);
  });
  test('what each recipient got', () => {
    const recipients = new Map<string, Outcome>([
      ['alice@example.net', { kind: 'completed', stage: 'rcpt', reply: reply('250 2.1.5 Ok').reply }],
      ['bob@example.net', { kind: 'refused', stage: 'rcpt', reply: reply('550 5.1.1 Unknown').reply }],
      ['carol@example.net', ending({ kind: 'disconnected', how: 'closed' })],
    ]);
    const seen = { ...observed(reply('250 2.1.5 Ok')), recipients };
    expect(
      check(
        {
          recipients: {
            'alice@example.net': 250,
            'bob@example.net': '550 5.1.1',
            'carol@example.net': 'closed',
          },
        },
        seen,
      ),
    ).toEqual([]);
    expect(check({ recipients: { 'alice@example.net': '5xx', 'dan@example.net': 250 } }, seen)).toEqual([
      { key: 'recipients.alice@example.net', expected: 'alice@example.net: 5xx', found: '250 2.1.5 Ok' },
      { key: 'recipients.dan@example.net', expected: 'dan@example.net: 250', found: 'not tried' },
    ]);
  });
});

test('everything that does not hold is told at once', () => {
  const seen = { ...observed(reply('450 4.2.0 Greylisted'), 10_000), reason: 'greylisted' };
  const keys = check(
    { reply: 550, text: 'unknown', reason: 'user-unknown', lines: 2, within: '5s' },
    seen,
  ).map(({ key }) => key);
  expect(keys).toEqual(['reply', 'text', 'lines', 'reason', 'within']);
});
