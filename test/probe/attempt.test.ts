import { describe, expect, test } from 'vitest';
import { certificate } from './helpers/certificates.ts';
import { fin, rst, silence } from './helpers/host.ts';
import { usualZone, world } from './helpers/world.ts';

const pair = await certificate('mx1.example.net');
const probed = [
  'EHLO probe.example.org',
  'MAIL FROM:<probe@example.org>',
  'RCPT TO:<ada@example.net>',
  'RSET',
  'QUIT',
];

test('SES-21 an attempt stops before DATA, and ends with RSET and QUIT', async () => {
  const { attempt, told, server } = await world({ '192.0.2.1': {} });
  const { outcome, recipients, host, address, transcripts, exchangers } = await attempt();
  expect(outcome).toMatchObject({ kind: 'completed', stage: 'rcpt', reply: { code: 250 } });
  expect(recipients).toEqual([{ address: 'ada@example.net', outcome }]);
  expect({ host, address }).toEqual({ host: 'mx1.example.net', address: '192.0.2.1' });
  expect(told('192.0.2.1')).toEqual(probed);
  expect(transcripts).toHaveLength(1);
  expect(transcripts[0]?.events.at(-1)).toMatchObject({ kind: 'left', how: 'closed' });
  expect(exchangers.kind).toBe('found');
  expect(server.clients.every(({ destroyed }) => destroyed)).toBe(true);
});

test('a refusal at RCPT is final, and the outcome', async () => {
  const { attempt, server } = await world({ '192.0.2.1': { on: { RCPT: '550 5.1.1 no such user' } } });
  expect(await attempt()).toMatchObject({
    outcome: { kind: 'refused', stage: 'rcpt', reply: { code: 550, enhanced: '5.1.1' } },
  });
  expect(server.dialled).toEqual(['192.0.2.1']);
});

for (const [what, manners] of Object.entries({
  '550 at MAIL': { on: { MAIL: '550 5.7.1 blocked' } },
  '421 at MAIL': { on: { MAIL: '421 4.7.0 [TSS04]' } },
  'a close at MAIL': { on: { MAIL: fin } },
  'a reset at RCPT': { on: { RCPT: rst } },
  'silence at RCPT': { on: { RCPT: silence } },
})) {
  test(`what happens from MAIL on is final: ${what}`, async () => {
    const { attempt, server } = await world({ '192.0.2.1': manners });
    const { outcome, recipients } = await attempt();
    expect(outcome.kind).not.toBe('completed');
    expect(outcome).toMatchObject({ stage: what.endsWith('MAIL') ? 'mail' : 'rcpt' });
    expect(recipients).toEqual([{ address: 'ada@example.net', outcome }]);
    expect(server.dialled).toEqual(['192.0.2.1']);
  });
}

describe('DNS-03 DNS-14 the next address is tried', () => {
  const obstacles = {
    'a refused connection': 'ECONNREFUSED',
    'no route': 'EHOSTUNREACH',
    'a connection that is not answered': 'silence',
    'a close before the greeting': { greeting: fin },
    'a reset before the greeting': { greeting: rst },
    'silence instead of a greeting': { greeting: silence },
    'a greeting with 421': { greeting: '421 4.3.2 busy' },
    'a greeting with 554': { greeting: '554 5.7.1 no' },
    'a greeting with 521': { greeting: '521 never' },
    'a greeting that is none': { greeting: 'SSH-2.0-OpenSSH' },
    '421 at EHLO': { on: { EHLO: '421 4.7.0 later' } },
    '450 at EHLO': { on: { EHLO: '450 4.7.0 later' } },
    '550 at EHLO': { on: { EHLO: '550 5.7.1 no' } },
    'a close at EHLO': { on: { EHLO: fin } },
  } as const;
  for (const [what, obstacle] of Object.entries(obstacles)) {
    test(`after ${what}`, async () => {
      const { attempt, server, told } = await world({ '192.0.2.1': obstacle, '192.0.2.2': {} });
      const { outcome, host, address, transcripts } = await attempt();
      expect(outcome).toMatchObject({ kind: 'completed', stage: 'rcpt' });
      expect({ host, address }).toEqual({ host: 'mx1.example.net', address: '192.0.2.2' });
      expect(server.dialled).toEqual(['192.0.2.1', '192.0.2.2']);
      expect(transcripts).toHaveLength(2);
      expect(told('192.0.2.1').filter((line) => line.startsWith('MAIL'))).toEqual([]);
    });
  }
});

test('REP-07 a host that refuses in its greeting hears QUIT', async () => {
  const { attempt, told } = await world({ '192.0.2.1': { greeting: '554 no' } });
  await attempt();
  expect(told('192.0.2.1')).toEqual(['QUIT']);
});

test('a host that says 421 hears nothing more', async () => {
  const { attempt, told } = await world({ '192.0.2.1': { greeting: '421 busy' } });
  await attempt();
  expect(told('192.0.2.1')).toEqual([]);
});

test('when all hosts fail, the last one decides', async () => {
  const { attempt, server } = await world({
    '192.0.2.1': 'ECONNREFUSED',
    '192.0.2.2': 'ECONNREFUSED',
    '192.0.2.3': { greeting: '554 5.7.1 no' },
  });
  const { outcome, host } = await attempt();
  expect(outcome).toMatchObject({ kind: 'refused', stage: 'greeting', reply: { code: 554 } });
  expect(host).toBe('mx2.example.net');
  expect(server.dialled).toHaveLength(3);
});

test('DNS-03 no more addresses are tried than allowed', async () => {
  const { attempt, server } = await world({ '192.0.2.1': 'ECONNREFUSED', '192.0.2.2': 'ECONNREFUSED' });
  expect(await attempt({ mostAddresses: 2 })).toMatchObject({
    outcome: { kind: 'unreachable', why: 'refused' },
  });
  expect(server.dialled).toHaveLength(2);
});

for (const [domain, records, kind] of [
  ['null.example', { mx: [{ preference: 0, exchange: '' }] }, 'null-mx'],
  ['failing.example', { fails: 'servfail' }, 'dns-trouble'],
  ['slow.example', { fails: 'timeout' }, 'dns-trouble'],
  ['gone.example', undefined, 'no-such-domain'],
] as const) {
  test(`DNS-01 DNS-09 where DNS names no host, nobody is called: ${kind}`, async () => {
    const { attempt, server } = await world({}, {
      ...usualZone,
      ...(records ? { [domain]: records } : {}),
    } as typeof usualZone);
    const { outcome, recipients, transcripts } = await attempt({ recipients: [`ada@${domain}`] });
    expect(outcome).toMatchObject({ kind: 'no-host', search: { kind } });
    expect(recipients).toEqual([{ address: `ada@${domain}`, outcome }]);
    expect(transcripts).toEqual([]);
    expect(server.dialled).toEqual([]);
  });
}

test('SYN-16 a literal is called without a look-up', async () => {
  const { attempt, server, told } = await world({ '192.0.2.9': {} });
  expect(await attempt({ recipients: ['ada@[192.0.2.9]'] })).toMatchObject({
    outcome: { kind: 'completed' },
    host: '[192.0.2.9]',
  });
  expect(server.dialled).toEqual(['192.0.2.9']);
  expect(told('192.0.2.9')).toContain('RCPT TO:<ada@[192.0.2.9]>');
});

test('SES-01 a host that knows only HELO is spoken to in HELO, without parameters', async () => {
  const { attempt, told } = await world({ '192.0.2.1': { on: { EHLO: '502 5.5.1 no' } } });
  expect(await attempt({ message: 'hello' })).toMatchObject({
    outcome: { kind: 'completed', stage: 'message' },
  });
  expect(told('192.0.2.1')).toEqual([
    'EHLO probe.example.org',
    'HELO probe.example.org',
    'MAIL FROM:<probe@example.org>',
    'RCPT TO:<ada@example.net>',
    'DATA',
    'hello',
    '.',
    'QUIT',
  ]);
});

describe('TLS', () => {
  const secure = { offers: ['STARTTLS'], pair };

  test('TLS-02 is used where it is offered, and EHLO said again', async () => {
    const { attempt, told } = await world({ '192.0.2.1': secure });
    const { transcripts } = await attempt();
    expect(told('192.0.2.1')).toEqual(['EHLO probe.example.org', 'STARTTLS', ...probed]);
    expect(transcripts[0]?.events.find(({ kind }) => kind === 'secured')).toBeDefined();
  });

  test('is left alone when told so', async () => {
    const { attempt, told } = await world({ '192.0.2.1': secure });
    await attempt({ tls: 'none' });
    expect(told('192.0.2.1')).toEqual(probed);
  });

  test('TLS-07 a refused STARTTLS leads on in clear', async () => {
    const { attempt, told } = await world({
      '192.0.2.1': { offers: ['STARTTLS'], on: { STARTTLS: '454 4.7.0 no' } },
    });
    expect(await attempt()).toMatchObject({ outcome: { kind: 'completed' } });
    expect(told('192.0.2.1').slice(0, 3)).toEqual([
      'EHLO probe.example.org',
      'STARTTLS',
      'MAIL FROM:<probe@example.org>',
    ]);
  });

  for (const [way, after] of Object.entries({ garbage: 'this is not TLS\r\n', FIN: fin, RST: rst })) {
    test(`TLS-07 a handshake that fails by ${way} leads to a new connection in clear`, async () => {
      const broken = {
        offers: ['STARTTLS'],
        on: {
          STARTTLS: async (peer: Parameters<typeof fin & object>[0]) => {
            await peer.say('220 go\r\n');
            if (typeof after === 'string') await peer.say(after);
            else await (after as (p: typeof peer, line: string) => Promise<void>)(peer, '');
          },
        },
      };
      const { attempt, server, told } = await world({ '192.0.2.1': broken });
      const { outcome, transcripts } = await attempt();
      expect(outcome).toMatchObject({ kind: 'completed', stage: 'rcpt' });
      expect(transcripts).toHaveLength(2);
      expect(server.dialled).toEqual(['192.0.2.1', '192.0.2.1']);
      expect(told('192.0.2.1')).toEqual(['EHLO probe.example.org', 'STARTTLS', ...probed]);
      const required = await attempt({ tls: 'required', mostAddresses: 1 });
      expect(required.outcome).toMatchObject({ kind: 'tls-failed', stage: 'starttls' });
      expect(told('192.0.2.1').filter((line) => line.startsWith('MAIL'))).toHaveLength(1);
    });
  }

  test('TLS-08 required and not offered: nothing is said about mail, and the next host is tried', async () => {
    const { attempt, server, told } = await world({
      '192.0.2.1': {},
      '192.0.2.2': {},
      '192.0.2.3': { ...secure },
    });
    expect(await attempt({ tls: 'required' })).toMatchObject({
      outcome: { kind: 'completed' },
      host: 'mx2.example.net',
    });
    expect(server.dialled).toHaveLength(3);
    expect(told('192.0.2.1')).toEqual(['EHLO probe.example.org', 'QUIT']);
    const nowhere = await world({});
    expect(await nowhere.attempt({ tls: 'required' })).toMatchObject({
      outcome: { kind: 'withheld', rule: 'TLS-01', stage: 'starttls' },
    });
  });

  test('TLS-07 required and refused with 454 is an obstacle', async () => {
    const { attempt } = await world({
      '192.0.2.1': { offers: ['STARTTLS'], on: { STARTTLS: '454 4.7.0 no' } },
    });
    expect(await attempt({ tls: 'required', mostAddresses: 1 })).toMatchObject({
      outcome: { kind: 'refused', stage: 'starttls', reply: { code: 454 } },
    });
  });

  test('a certificate that proves nothing is an obstacle only where it must prove something', async () => {
    const { attempt } = await world({ '192.0.2.1': secure });
    expect(await attempt()).toMatchObject({ outcome: { kind: 'completed' } });
    const verified = await attempt({ tls: 'required', verifyTls: true, mostAddresses: 1 });
    expect(verified).toMatchObject({ outcome: { kind: 'tls-failed', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
    expect(await attempt({ tls: 'required', verifyTls: true, ca: pair.cert })).toMatchObject({
      outcome: { kind: 'completed' },
    });
  });
});

describe('several recipients', () => {
  const recipients = ['ada@example.net', 'bob@example.net', 'eve@example.net'];
  const bobOnly = (peer: { say(text: string): Promise<void> }, line: string): Promise<void> =>
    peer.say(line.includes('bob') ? '250 ok\r\n' : '550 5.1.1 no\r\n');

  for (const offers of [[], ['PIPELINING']]) {
    test(`each has its own outcome${offers.length > 0 ? ', in a group' : ''}`, async () => {
      const { attempt } = await world({ '192.0.2.1': { offers, on: { RCPT: bobOnly } } });
      const result = await attempt({ recipients });
      expect(result.recipients.map(({ outcome }) => outcome.kind)).toEqual([
        'refused',
        'completed',
        'refused',
      ]);
      expect(result.outcome).toMatchObject({ kind: 'completed' });
    });

    test(`a close in the middle is told to those who were not answered${offers.length > 0 ? ', in a group' : ''}`, async () => {
      const RCPT = async (
        peer: Parameters<typeof bobOnly>[0] & { fin(): Promise<void> },
        line: string,
      ): Promise<void> => (line.includes('bob') ? peer.fin() : peer.say('250 ok\r\n'));
      const { attempt } = await world({ '192.0.2.1': { offers, on: { RCPT } } });
      const result = await attempt({ recipients });
      expect(result.recipients.map(({ outcome }) => outcome.kind)).toEqual([
        'completed',
        'disconnected',
        'disconnected',
      ]);
      expect(result.outcome).toMatchObject({ kind: 'disconnected', stage: 'rcpt' });
    });
  }

  test('of two domains are our own mistake', async () => {
    const { attempt } = await world({});
    await expect(attempt({ recipients: ['a@example.net', 'b@example.org'] })).rejects.toThrow(
      'of one domain',
    );
    await expect(attempt({ recipients: [] })).rejects.toThrow('of one domain');
    await expect(attempt({ recipients: ['nobody'] })).rejects.toThrow('is not an address');
    await expect(attempt({ sender: 'no body@example.org' })).rejects.toThrow(TypeError);
  });

  test('SYN-13 who was too many gets another transaction', async () => {
    let inTransaction = 0;
    const on = {
      MAIL: (peer: { say(t: string): Promise<void> }) => {
        inTransaction = 0;
        return peer.say('250 ok\r\n');
      },
      RCPT: (peer: { say(t: string): Promise<void> }) =>
        peer.say(inTransaction++ < 2 ? '250 ok\r\n' : '452 4.5.3 too many\r\n'),
    };
    const { attempt, told } = await world({ '192.0.2.1': { offers: ['PIPELINING'], on } });
    const result = await attempt({ recipients, message: 'hello' });
    expect(result.recipients.map(({ outcome }) => outcome)).toMatchObject(
      recipients.map(() => ({ kind: 'completed', stage: 'message' })),
    );
    expect(told('192.0.2.1').filter((line) => line === 'DATA')).toHaveLength(2);
  });

  test('SYN-13 a host that takes nobody is not asked for ever', async () => {
    const { attempt, told } = await world({ '192.0.2.1': { on: { RCPT: '452 4.5.3 too many' } } });
    expect(await attempt({ recipients })).toMatchObject({
      outcome: { kind: 'refused', reply: { code: 452 } },
    });
    expect(told('192.0.2.1').filter((line) => line.startsWith('RCPT'))).toHaveLength(3);
  });

  test('a full mailbox is no reason to ask again', async () => {
    const RCPT = (peer: Parameters<typeof bobOnly>[0], line: string): Promise<void> =>
      peer.say(line.includes('bob') ? '250 ok\r\n' : '452 4.2.2 mailbox full\r\n');
    const { attempt, told } = await world({ '192.0.2.1': { on: { RCPT } } });
    await attempt({ recipients });
    expect(told('192.0.2.1').filter((line) => line.startsWith('RCPT'))).toHaveLength(3);
  });

  test('EXT-12 an announced limit is kept, and 100 where none is', async () => {
    const many = Array.from({ length: 101 }, (_, i) => `u${i}@example.net`);
    for (const [offers, recipients, sizes] of [
      [['LIMITS MAILMAX=9 RCPTMAX=2'], many.slice(0, 3), [2, 1]],
      [[], many, [100, 1]],
    ] as const) {
      const { attempt, told } = await world({ '192.0.2.1': { offers } });
      expect((await attempt({ recipients })).recipients).toHaveLength(recipients.length);
      const asked = told('192.0.2.1').map((line) => line.split(' ')[0]);
      expect(
        asked
          .join(' ')
          .split('MAIL')
          .slice(1)
          .map((part) => part.split('RCPT').length - 1),
      ).toEqual(sizes);
    }
  });
});

describe('with a message', () => {
  test('SES-18 the final reply is for all who were accepted', async () => {
    const RCPT = (peer: { say(t: string): Promise<void> }, line: string): Promise<void> =>
      peer.say(line.includes('bob') ? '550 5.1.1 no\r\n' : '250 ok\r\n');
    const { attempt } = await world({ '192.0.2.1': { on: { RCPT, message: '552 5.2.2 full' } } });
    const { outcome, recipients } = await attempt({
      recipients: ['ada@example.net', 'bob@example.net'],
      message: 'hello',
    });
    expect(outcome).toMatchObject({ kind: 'refused', stage: 'message', reply: { code: 552 } });
    expect(recipients).toMatchObject([
      { outcome: { stage: 'message' } },
      { outcome: { stage: 'rcpt', reply: { code: 550 } } },
    ]);
  });

  test('SES-09 no DATA is said when nobody was accepted', async () => {
    const { attempt, told } = await world({ '192.0.2.1': { on: { RCPT: '550 no' } } });
    expect(await attempt({ message: 'hello' })).toMatchObject({
      outcome: { kind: 'refused', stage: 'rcpt' },
    });
    expect(told('192.0.2.1')).toEqual(probed);
  });

  test('a refused DATA is the outcome, and is followed by RSET', async () => {
    const { attempt, told } = await world({ '192.0.2.1': { on: { DATA: '451 4.3.0 later' } } });
    expect(await attempt({ message: 'hello' })).toMatchObject({
      outcome: { kind: 'refused', stage: 'data' },
    });
    expect(told('192.0.2.1').slice(-3)).toEqual(['DATA', 'RSET', 'QUIT']);
  });

  test('EXT-02 DAT-05 MAIL says how large it is and that it has 8 bits', async () => {
    const { attempt, told } = await world({ '192.0.2.1': { offers: ['SIZE', '8BITMIME'] } });
    expect(await attempt({ message: 'Subject: x\n\nGrüße\n' })).toMatchObject({
      outcome: { kind: 'completed', stage: 'message' },
    });
    expect(told('192.0.2.1')[1]).toBe('MAIL FROM:<probe@example.org> SIZE=23 BODY=8BITMIME');
  });

  test('DAT-05 8-bit content is not given to a host without 8BITMIME', async () => {
    const { attempt, told } = await world({ '192.0.2.1': {} });
    expect(await attempt({ message: 'Grüße' })).toMatchObject({
      outcome: { kind: 'withheld', rule: 'SYN-18', stage: 'mail' },
    });
    expect(told('192.0.2.1')).toEqual(['EHLO probe.example.org', 'QUIT']);
  });
});

test('EXT-05 a recipient that needs SMTPUTF8 is not named to a host without it; others are', async () => {
  const recipients = ['дед@example.net', 'ada@example.net'];
  const without = await world({ '192.0.2.1': { offers: ['PIPELINING'] } });
  expect((await without.attempt({ recipients })).recipients).toMatchObject([
    { outcome: { kind: 'withheld', rule: 'EXT-05', stage: 'rcpt' } },
    { outcome: { kind: 'completed' } },
  ]);
  expect(without.told('192.0.2.1').filter((line) => line.startsWith('RCPT'))).toHaveLength(1);
  const offering = await world({ '192.0.2.1': { offers: ['SMTPUTF8', '8BITMIME'] } });
  expect(await offering.attempt({ recipients })).toMatchObject({ outcome: { kind: 'completed' } });
  expect(offering.told('192.0.2.1')[1]).toBe('MAIL FROM:<probe@example.org> SMTPUTF8');
});

test("REP-08 a 421 that came before RCPT is nobody's verdict", async () => {
  const { attempt, told } = await world({
    '192.0.2.1': { on: { MAIL: '250 ok\r\n421 4.3.2 shutting down' } },
  });
  expect(await attempt()).toMatchObject({
    outcome: { kind: 'refused', stage: 'command', reply: { code: 421 } },
  });
  expect(told('192.0.2.1')).not.toContain('RCPT TO:<ada@example.net>');
});
