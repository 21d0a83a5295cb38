import { expect, test } from 'vitest';
import { seededRandom } from '../../src/chance/seeded-random.ts';
import { Session } from '../../src/probe/session.ts';
import type { Got } from '../../src/probe/withheld.ts';
import { serve } from './helpers/at-host.ts';
import type { Peer, Script, ScriptedServer } from './helpers/scripted-server.ts';

/** What the host says, in order: multi-line, bare codes, text that looks like codes, 8-bit bytes, a bare LF. */
const replies = [
  '220-mx.example.net ESMTP\r\n220-\r\n220 ready\r\n',
  '250-mx.example.net\r\n250-PIPELINING\r\n250-250 250\r\n250 SIZE 1000\r\n',
  '250\r\n',
  '550-5.1.1 no such user\r\n550-\r\n550 5.1.1 \xe9\xff 250 ok\r\n',
  '451 4.3.0 try\n',
  '354-go\r\n354 on\r\n',
  '250 2.0.0 queued\r\n',
  '221 2.0.0 bye\r\n',
] as const;

const whole = replies.join('');

/** Says every reply in pieces that end at the given offsets of all that is said. */
function inPieces(cutsOf: (connection: number) => readonly number[]): Script {
  return async (peer: Peer) => {
    const cuts = cutsOf(peer.number);
    let at = 0;
    for (const [i, reply] of replies.entries()) {
      if (i > 0) await peer.line();
      if (i === 6) while ((await peer.line()) !== '.');
      const start = at;
      at += reply.length;
      await peer.sayInPieces(
        reply,
        cuts.filter((cut) => cut > start && cut < at).map((cut) => cut - start),
      );
    }
    await peer.fin();
  };
}

async function dialogue(server: ScriptedServer): Promise<readonly Got[]> {
  const { session, greeting } = await Session.open(server.environment, {
    host: 'mx',
    address: '192.0.2.1',
    port: 25,
  });
  const got = [
    greeting,
    await session.ehlo('probe.example.net'),
    await session.mail('a@example.net'),
    await session.rcpt('b@example.net'),
    await session.rcpt('c@example.net'),
    await session.data(),
    await session.message('Subject: x\r\n\r\nx'),
    await session.quit(),
  ];
  await session.disconnect();
  return got;
}

test('REP-02 a reply is the same wherever its bytes are cut', async () => {
  const server = await serve(inPieces((connection) => [connection - 1]));
  const uncut = await dialogue(server);
  expect(uncut.map((got) => got.kind === 'reply' && got.reply.raw.length)).toEqual([3, 4, 1, 3, 1, 2, 1, 1]);
  for (let cut = 1; cut < whole.length; cut++) expect(await dialogue(server), `cut at ${cut}`).toEqual(uncut);
});

test('REP-02 a reply is the same in segments of one byte, and of any size', async () => {
  const random = seededRandom('segments');
  const everywhere = Array.from(whole, (_, i) => i);
  const server = await serve(
    inPieces((connection) => {
      if (connection === 1) return [];
      if (connection === 2) return everywhere;
      const density = random();
      return everywhere.filter(() => random() < density);
    }),
  );
  const uncut = await dialogue(server);
  for (let i = 0; i < 60; i++) expect(await dialogue(server)).toEqual(uncut);
});

test('TMO-01 the patience is for the whole reply, not for each piece', async () => {
  const server = await serve(async (peer) => {
    await peer.say('220 hi\r\n');
    await peer.line();
    for (let i = 0; i < 700 && !peer.gone; i++) {
      await peer.say(i === 0 ? '250-' : 'x');
      await peer.sleep(1_000);
    }
  });
  const { session } = await Session.open(server.environment, { host: 'mx', address: '192.0.2.1', port: 25 });
  const got = await session.noop();
  expect(got).toMatchObject({ kind: 'timed-out', after: 300_000, elapsed: 300_000, stage: 'command' });
  expect(got.kind === 'timed-out' && got.lastReceived).toMatch(/x{80}$/);
});
