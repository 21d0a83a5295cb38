import { startExim } from './real-exim.ts';
import { startOpenSmtpd } from './real-opensmtpd.ts';
import { startPostfix } from './real-postfix.ts';
import { type HostWish, startHost } from './simulated-host.ts';
import type { Door } from './spoken-session.ts';

/** What all the servers serve, real and simulated. */
export const served = {
  name: 'mx.conformance.example',
  domain: 'conformance.example',
  mailboxes: ['alice', 'bob', 'carol'],
} as const;

/** A server, and the profile that says it is one. */
export interface Match {
  readonly host: string;
  readonly provider: string;
  readonly wish: HostWish;
  /** What it says of recipients at other domains; nothing of its own, if left out. */
  readonly elsewhere?: string;
  /** Asked only what names it. */
  readonly special?: true;
}

const relayDeferred = '454 4.7.1 <{recipient}>: Relay access denied';
const pace = 6; // one second for its six

export const matches: readonly Match[] = [
  { host: 'postfix', provider: 'postfix', wish: {}, elsewhere: relayDeferred },
  { host: 'postscreen', provider: 'postscreen', wish: { pace }, elsewhere: relayDeferred },
  {
    host: 'postscreen, testing',
    provider: 'postscreen',
    wish: { pace, situation: ['tests-web-browser', 'tests-pipelining', 'tests-passed-first-time'] },
  },
  {
    host: 'postscreen, enforcing',
    provider: 'postscreen',
    wish: {
      pace,
      situation: ['tests-web-browser', 'tests-bare-newline', 'tests-pipelining', 'tests-passed-first-time'],
    },
    special: true,
  },
  {
    host: 'postscreen, dropping',
    provider: 'postscreen',
    wish: {
      pace,
      situation: [
        'tests-web-browser',
        'tests-bare-newline-dropped',
        'tests-pipelining-dropped',
        'tests-passed-first-time',
      ],
    },
    special: true,
  },
  {
    host: 'postscreen, denying',
    provider: 'postscreen',
    wish: { pace, situation: 'deny-list' },
    special: true,
  },
  {
    host: 'postscreen, denying at RCPT',
    provider: 'postscreen',
    wish: { pace, situation: 'tests-deny-list' },
    special: true,
  },
  { host: 'exim', provider: 'exim', wish: {}, elsewhere: '550 relay not permitted' },
  { host: 'opensmtpd', provider: 'opensmtpd', wish: {}, elsewhere: '550 Invalid recipient: <{recipient}>' },
];

const deeply = {
  postscreen_pipelining_enable: 'yes',
  postscreen_non_smtp_command_enable: 'yes',
  postscreen_bare_newline_enable: 'yes',
};
const denied = { postscreen_access_list: 'static:reject' };

/** The settings of postscreen that make a situation of its profile. */
const screens = {
  postscreen: {},
  'postscreen, testing': deeply,
  'postscreen, enforcing': { ...deeply, postscreen_bare_newline_action: 'enforce' },
  'postscreen, dropping': {
    ...deeply,
    postscreen_bare_newline_action: 'drop',
    postscreen_pipelining_action: 'drop',
  },
  'postscreen, denying': { ...denied, postscreen_denylist_action: 'drop' },
  'postscreen, denying at RCPT': { ...denied, postscreen_denylist_action: 'enforce' },
};

export interface Servers {
  /** Where the real host of a match listens; `session` numbers the clients of those that treat strangers differently. */
  door(host: string, session: number): Door;
  stop(): Promise<void>;
}

/** Starts all the real ones. */
export async function startServers(): Promise<Servers> {
  const started: { stop(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => void (await Promise.all(started.map((server) => server.stop())));
  const kept = async <T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const server = await starting.catch(async (error: unknown) => {
      await stop();
      throw error;
    });
    started.push(server);
    return server;
  };
  const postfix = await kept(startPostfix({ ...served, screens }));
  const exim = await kept(startExim(served));
  const opensmtpd = await kept(startOpenSmtpd(served));
  const ports: Readonly<Record<string, number>> = {
    ...postfix.ports,
    postfix: postfix.port,
    exim: exim.port,
    opensmtpd: opensmtpd.port,
  };
  return {
    door: (host, session) => ({
      port: ports[host] ?? 0,
      ...(host in screens ? { from: stranger(session) } : {}),
    }),
    stop,
  };
}

/** An address that no session before has come from, nor one of its network. */
export const stranger = (session: number): string => `127.0.${session + 1}.1`;

/** Starts the simulated host of a match. */
export function startTwin({ provider, wish, elsewhere }: Match): ReturnType<typeof startHost> {
  const behaviours = elsewhere ? [{ 'served-domains': { domains: [served.domain], reply: elsewhere } }] : [];
  return startHost(provider, { name: served.name, behaviours, ...wish });
}
