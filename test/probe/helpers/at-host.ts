import { onTestFinished } from 'vitest';
import { Session, type SessionOptions } from '../../../src/probe/session.ts';
import type { Answer } from '../../../src/transcript/ending.ts';
import { host, type Manners } from './host.ts';
import { type Script, ScriptedServer } from './scripted-server.ts';

export interface AtHost {
  readonly server: ScriptedServer;
  readonly session: Session;
  readonly greeting: Answer;
}

/** A server for the length of one test. */
export async function serve(
  script: Script | Manners,
  options?: Parameters<typeof ScriptedServer.start>[1],
): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(typeof script === 'function' ? script : host(script), options);
  onTestFinished(() => server.close());
  return server;
}

/** A session with such a server; both end with the test. */
export async function atHost(
  script: Script | Manners,
  options: Partial<SessionOptions> = {},
  serving?: Parameters<typeof ScriptedServer.start>[1],
): Promise<AtHost> {
  const server = await serve(script, serving);
  const { session, greeting } = await Session.open(server.environment, {
    host: 'mx.example.net',
    address: '192.0.2.1',
    port: 25,
    ...options,
  });
  onTestFinished(() => session.disconnect('reset'));
  return { server, session, greeting };
}

/** A session that has said EHLO. */
export async function introduced(manners: Manners, options?: Partial<SessionOptions>): Promise<AtHost> {
  const at = await atHost(manners, options);
  await at.session.ehlo('probe.example.net');
  return at;
}
