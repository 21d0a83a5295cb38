import type { Wish } from './programs.ts';
import type { ScenarioChoice } from './reproduction.ts';

/** One way for a dialogue to go wrong: the scenario whose host does it, how the client is set up, and what it is called. */
export interface Case extends ScenarioChoice {
  readonly name: string;
  /** In `fixtures/knowledge/`: an ending, or one of the outcomes of `client-errors.yaml`. */
  readonly truth: string | readonly string[];
  readonly wish?: Partial<Wish>;
  /** The client trusts the lab's authority, and asks for the host by its name. */
  readonly checked?: true;
}

const login = { wish: { login: true } } as const;
const starttls = { wish: { tls: 'starttls' } } as const;

const stages = ['greeting', 'ehlo', 'mail', 'rcpt', 'data', 'message'] as const;

/** What an ending is called, by stage. */
const hungUp = (at: string): string => (at === 'greeting' ? 'hung-up-before-greeting' : `hung-up-at-${at}`);
const silent = (at: string): string =>
  ({ greeting: 'silent-instead-of-greeting', message: 'silent-after-message' })[at] ?? 'silent';

const disconnect = 'scenarios/disconnect';
const tls = 'scenarios/tls';

export const cases: readonly Case[] = [
  ...stages.map((at) => ({
    name: `FIN at ${at}`,
    scenario: `${disconnect}/instead-of-an-answer-by-fin.yaml`,
    only: `at: ${at}`,
    truth: hungUp(at),
  })),
  ...stages.map((at) => ({
    name: `RST at ${at}`,
    scenario: `${disconnect}/instead-of-an-answer-by-rst.yaml`,
    only: `at: ${at}`,
    truth: hungUp(at),
  })),
  ...stages.map((at) => ({
    name: `silence at ${at}`,
    scenario: `${disconnect}/by-falling-silent.yaml`,
    only: `at: ${at}`,
    truth: silent(at),
    wish: { timeout: 2 },
  })),
  {
    name: 'FIN at starttls',
    scenario: `${disconnect}/at-starttls-by-fin.yaml`,
    truth: 'hung-up-at-starttls',
    ...starttls,
  },
  {
    name: 'FIN at auth',
    scenario: 'scenarios/pains/32-connection-unexpectedly-closed.yaml',
    host: 'mx.login.example',
    truth: 'hung-up-at-auth',
    ...login,
  },
  {
    name: 'FIN at quit',
    scenario: `${disconnect}/at-quit-after-the-message-was-accepted.yaml`,
    truth: 'hung-up-at-quit',
  },
  ...(['greeting', 'ehlo', 'mail', 'rcpt', 'data', 'message'] as const).map((at) => ({
    name: `421 and FIN at ${at}`,
    scenario: `${disconnect}/with-a-421-first.yaml`,
    only: `at: ${at}, how: close`,
    // Who says HELO after it finds the connection closed: both are true.
    truth: at === 'ehlo' ? ['refused-at-ehlo', 'hung-up-at-ehlo'] : `refused-at-${at}`,
  })),
  {
    name: 'nobody listens',
    scenario: 'scenarios/dns/the-first-exchanger-is-dead.yaml',
    only: 'absent: refused',
    truth: 'refused-connection',
  },
  {
    name: 'no such name',
    scenario: 'scenarios/dns/no-such-domain-is-not-a-name-server-in-trouble.yaml',
    truth: 'name-not-found',
    wish: { host: 'mx.missing.invalid' },
  },
  {
    name: 'TLS on a plain port',
    scenario: 'scenarios/pains/19-tls-spoken-to-a-port-that-wants-text.yaml',
    host: 'submission.example.net',
    truth: 'tls-spoken-to-a-plain-port',
    wish: { tls: 'implicit' },
  },
  {
    name: 'text on a TLS port',
    scenario: 'scenarios/pains/19-tls-spoken-to-a-port-that-wants-text.yaml',
    host: 'submissions.example.net',
    truth: 'silent-instead-of-greeting',
    wish: { timeout: 2 },
  },
  ...[
    ['expired-certificate', 'certificate-expired'],
    ['wrong-name', 'certificate-for-another-name'],
    ['self-signed', 'certificate-from-nobody-known'],
  ].map(([situation = '', truth = '']) => ({
    name: situation,
    scenario: `${tls}/a-bad-certificate-stops-only-those-who-look.yaml`,
    only: `situation: ${situation}`,
    truth,
    wish: { tls: 'starttls', verify: true } as const,
    checked: true as const,
  })),
  {
    name: 'garbage behind STARTTLS',
    scenario: `${tls}/something-that-is-not-tls-behind-the-220.yaml`,
    truth: 'tls-not-agreed',
    ...starttls,
  },
  {
    name: 'FIN in the handshake',
    scenario: `${tls}/the-handshake-is-cut-short.yaml`,
    host: 'mx.fin.example',
    truth: 'tls-broken-off',
    ...starttls,
  },
  {
    name: 'RST in the handshake',
    scenario: `${tls}/the-handshake-is-cut-short.yaml`,
    host: 'mx.rst.example',
    truth: 'tls-broken-off',
    ...starttls,
  },
  {
    name: 'STARTTLS not offered',
    scenario: `${tls}/starttls-is-stripped-on-the-way.yaml`,
    truth: 'starttls-not-offered',
    ...starttls,
  },
  {
    name: 'STARTTLS refused',
    scenario: `${tls}/starttls-is-offered-and-refused.yaml`,
    truth: 'starttls-refused',
    ...starttls,
  },
  {
    name: 'AUTH not offered',
    scenario: 'scenarios/auth/mechanisms-appear-only-under-tls.yaml',
    truth: 'auth-not-offered',
    ...login,
  },
  {
    name: 'AUTH refused',
    scenario: 'scenarios/auth/a-wrong-password-and-a-wrong-name-look-alike.yaml',
    truth: 'refused-at-auth',
    ...login,
  },
  {
    name: 'HTTP for a greeting',
    scenario: 'scenarios/wire/another-protocol-altogether.yaml',
    only: 'bytes: HTTP',
    truth: ['not-a-mail-server', 'silent-instead-of-greeting'], // for who waits for a line that begins with a code
    wish: { timeout: 3 },
  },
  {
    name: 'recipient refused',
    scenario: 'scenarios/helo/a-name-without-a-dot-is-refused-at-rcpt.yaml',
    truth: 'refused-at-rcpt',
    wish: { name: 'probe' },
  },
  {
    name: 'message refused',
    scenario: 'scenarios/late-rejection/every-message-is-refused.yaml',
    truth: 'refused-at-message',
  },
];
