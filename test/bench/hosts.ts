import type { Measure } from './measure.ts';
import { postfixTools, type Server, startServer, timed } from './processes.ts';

const parallel = 20;
/** The one with the most behaviours, and the one with the most to say. */
const busiest = { postfix: 'bob@example.net', gmail: 'alice@gmail.example' };

/** Sessions per second that smtp-source gets through, each with a message. */
export async function sessionsPerSecond(
  { port }: Pick<Server, 'port'>,
  sessions: number,
  recipient: string,
): Promise<number> {
  const who = ['-M', 'probe.example.net', '-f', 'probe@example.net', '-t', recipient];
  const much = ['-s', `${parallel}`, '-m', `${sessions}`];
  return sessions / (await timed(postfixTools.source, [...much, ...who, `127.0.0.1:${port}`]));
}

/** A simulated gmail host beside smtp-server as it is. */
export async function measureHosts(): Promise<Measure[]> {
  const sessions = 5_000;
  const [host, plain] = [await startServer('simulated-server.js'), await startServer('plain-server.js')];
  try {
    const ours = await sessionsPerSecond(host, sessions, busiest.gmail);
    const theirs = await sessionsPerSecond(plain, sessions, busiest.gmail);
    const what = `simulated gmail host, ${sessions} sessions, ${parallel} at a time`;
    return [{ what, unit: 'sessions/s', ours, peer: 'plain smtp-server', theirs, atLeast: 12 }];
  } finally {
    host.stop();
    plain.stop();
  }
}

/**
 * What behaviours, accents and writing dialogues down cost: our busiest hosts beside smtp-server without its pause before
 * the greeting. Both take turns, so that whatever else the machine does falls on both; the middle ratio of all turns counts.
 */
export async function measureOverhead(): Promise<Measure[]> {
  const measures: Measure[] = [];
  for (const [provider, recipient] of Object.entries(busiest)) {
    const servers = [
      await startServer('simulated-server.js', provider),
      await startServer('plain-server.js', 'no-pause'),
    ];
    try {
      measures.push({
        what: `simulated ${provider} host, ${parallel} sessions at a time`,
        unit: 'sessions/s',
        ...(await inTurns(servers as [Server, Server], recipient)),
        peer: 'smtp-server without its 100 ms pause',
        atLeast: 0.8,
      });
    } finally {
      for (const server of servers) server.stop();
    }
  }
  return measures;
}

async function inTurns(
  [host, plain]: readonly [Server, Server],
  recipient: string,
): Promise<{ ours: number; theirs: number }> {
  const turns: { ours: number; theirs: number }[] = [];
  for (let turn = 0; turn < 14; turn++) {
    const ours = await sessionsPerSecond(host, 1_500, recipient);
    turns.push({ ours, theirs: await sessionsPerSecond(plain, 1_500, recipient) });
  }
  const warm = turns.slice(3).sort((a, b) => a.ours / a.theirs - b.ours / b.theirs); // the first are for the compiler
  return warm[Math.floor(warm.length / 2)] as { ours: number; theirs: number };
}
