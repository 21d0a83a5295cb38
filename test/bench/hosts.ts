import type { Measure } from './measure.ts';
import { postfixTools, startServer, timed } from './processes.ts';

const sessions = 5_000;
const parallel = 20;

/** Sessions per second that smtp-source gets through. */
async function sessionsPerSecond(script: string): Promise<number> {
  const { port, stop } = await startServer(script);
  const args = [
    '-s',
    `${parallel}`,
    '-m',
    `${sessions}`,
    '-M',
    'probe.example.net',
    '-f',
    'probe@example.net',
    '-t',
    'alice@gmail.example',
  ];
  try {
    return sessions / (await timed(postfixTools.source, [...args, `127.0.0.1:${port}`]));
  } finally {
    stop();
  }
}

/** Our busiest simulated host beside a plain smtp-server. */
export async function measureHosts(): Promise<Measure[]> {
  const ours = await sessionsPerSecond('gmail-server.js');
  const plain = await sessionsPerSecond('plain-server.js');
  return [
    {
      what: `simulated gmail host, ${sessions} sessions, ${parallel} at a time`,
      unit: 'sessions/s',
      ours,
      peer: 'plain smtp-server',
      theirs: plain,
      atLeast: 12,
    },
  ];
}
