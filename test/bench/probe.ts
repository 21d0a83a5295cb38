import { ZoneResolver } from '../../src/dns/zone-resolver.ts';
import { data } from '../../src/probe/command.ts';
import * as envelope from '../../src/probe/envelope.ts';
import type { Environment } from '../../src/probe/environment.ts';
import { liveDial } from '../../src/probe/live-dial.ts';
import { Session } from '../../src/probe/session.ts';
import { RealClock } from '../../src/time/real-clock.ts';
import type { Measure } from './measure.ts';
import { postfixTools, startSink, timed } from './processes.ts';

const clock = new RealClock();
const environment: Environment = {
  clock,
  resolver: new ZoneResolver({}, clock),
  dial: liveDial({ clock }),
  random: () => 0.5,
};
const turns = 5;
const message = `Subject: bench\r\n\r\n${'x'.repeat(76)}\r\n`;

/** How a session goes: `plain` is smtp-source's own dialogue, one command at a time; `grouped` pipelines. RFC 2920 */
type Manner = 'plain' | 'grouped';

/**
 * Whole sessions one after the other, each with a message to so many recipients; resolves to seconds. As smtp-source does,
 * they hang up behind QUIT without waiting for the reply.
 */
async function ourSessions(
  port: number,
  sessions: number,
  recipients: number,
  manner: Manner,
): Promise<number> {
  const started = performance.now();
  for (let i = 0; i < sessions; i++) {
    const { session } = await Session.open(environment, { host: 'sink', address: '127.0.0.1', port });
    await (manner === 'plain' ? session.helo('probe.example.net') : session.ehlo('probe.example.net'));
    const commands = [envelope.mail('probe@example.net')];
    for (let n = 0; n < recipients; n++) commands.push(envelope.rcpt(`user${n}@example.net`));
    commands.push(data);
    if (manner === 'grouped') await session.pipeline(commands);
    else for (const command of commands) await session.pipeline([command]);
    const got = await session.message(message);
    if (got.kind !== 'reply' || got.reply.code !== 250)
      throw new Error(`the sink answered ${JSON.stringify(got)}`);
    await session.send('QUIT\r\n', { expectReplies: 0 });
    void session.disconnect('close', { wait: false });
  }
  return (performance.now() - started) / 1_000;
}

/** Our client beside Postfix's smtp-source, both one session at a time against smtp-sink. */
export async function measureProbe(): Promise<Measure[]> {
  const { port, stop } = await startSink();
  const source = (sessions: number, recipients: number): Promise<number> =>
    timed(postfixTools.source, [
      '-s',
      '1',
      '-m',
      `${sessions}`,
      '-r',
      `${recipients}`,
      '-l',
      `${message.length}`,
      '-M',
      'probe.example.net',
      '-f',
      'probe@example.net',
      '-t',
      'user@example.net',
      `127.0.0.1:${port}`,
    ]);
  /** In turns, so that whatever else the machine does falls on both. */
  const inTurns = async (
    sessions: number,
    recipients: number,
    manner: Manner,
  ): Promise<{ ours: number; theirs: number }> => {
    const seconds = { ours: 0, theirs: 0 };
    for (let turn = 0; turn < turns; turn++) {
      seconds.ours += await ourSessions(port, sessions, recipients, manner);
      seconds.theirs += await source(sessions, recipients);
    }
    const all = turns * sessions * recipients;
    return { ours: all / seconds.ours, theirs: all / seconds.theirs };
  };
  try {
    await ourSessions(port, 300, 1, 'plain'); // what the compiler of the first sessions costs is not what we ask
    const plain = await inTurns(1_000, 1, 'plain');
    const single = await inTurns(1_000, 1, 'grouped');
    const many = await inTurns(300, 50, 'grouped');
    const shared = { unit: 'sessions/s', peer: 'smtp-source' };
    return [
      { ...shared, what: 'probe, one recipient in each session, one command at a time', ...plain },
      {
        ...shared,
        what: 'probe, one recipient in each session, MAIL, RCPT and DATA in one write',
        ...single,
        atLeast: 0.7,
      },
      {
        ...shared,
        what: 'probe, 50 pipelined recipients in each session',
        unit: 'recipients/s',
        ...many,
        atLeast: 3,
      },
    ];
  } finally {
    stop();
  }
}
