import { minutes } from '../../src/time/duration.ts';
import type { Door } from './ending-client.ts';

export type How = 'close' | 'reset';

/** One way in which a host can end a connection, and how a client gets there. */
export interface Way {
  readonly name: string;
  readonly behaviours: (how: How) => readonly Readonly<Record<string, unknown>>[];
  /** What the client says, each line once the line before has its reply. */
  readonly lines: readonly string[];
  /** The reply with which it ends, if there is one. */
  readonly last?: number;
  /** It comes too early to be under STARTTLS, or is about STARTTLS itself. */
  readonly doors?: readonly Door[];
  readonly connectionsBefore?: number;
  readonly lasts?: number;
}

export const doors: readonly Door[] = ['in clear', 'implicit TLS', 'STARTTLS'];
const fromTheStart: readonly Door[] = ['in clear', 'implicit TLS'];

const hello = ['EHLO probe.example.org'];
export const sender = [...hello, 'MAIL FROM:<probe@example.org>'];
export const recipient = [...sender, 'RCPT TO:<alice@example.net>'];
const data = [...recipient, 'DATA'];
const message = [...data, 'Subject: x\r\n\r\nx\r\n.'];
const login = [...hello, 'AUTH PLAIN AGFkYQBzZWNyZXQ='];

const at = {
  greeting: [],
  ehlo: hello,
  starttls: ['STARTTLS'],
  auth: login,
  mail: sender,
  rcpt: recipient,
  data,
  message,
  command: ['NOOP'],
  quit: ['QUIT'],
} as const satisfies Record<string, readonly string[]>;

const doorsAt = (stage: string): { doors?: readonly Door[] } =>
  stage === 'greeting' ? { doors: fromTheStart } : stage === 'starttls' ? { doors: ['in clear'] } : {};

const stages = Object.entries(at);
const no = '550 5.7.1 No';

const breakingOff: readonly Way[] = stages.flatMap(([stage, lines]): Way[] => [
  {
    name: `no word at ${stage}`,
    behaviours: (how) => [{ disconnect: { at: stage, how } }],
    lines,
    ...doorsAt(stage),
  },
  {
    name: `a 421 at ${stage}`,
    behaviours: (how) => [{ disconnect: { at: stage, how, reply: '421 4.3.2 Leaving' } }],
    lines,
    last: 421,
    ...doorsAt(stage),
  },
  {
    name: `behind a refusal at ${stage}`,
    behaviours: (how) => [{ 'canned-reply': { at: stage, reply: no, then: how } }],
    lines,
    last: 550,
    ...doorsAt(stage),
  },
]);

const behindTheUsualAnswer: readonly Way[] = stages
  .filter(([stage]) => !['starttls', 'data', 'auth', 'quit'].includes(stage))
  .map(([stage, lines]) => ({
    name: `behind the usual answer at ${stage}`,
    behaviours: (how) => [{ disconnect: { at: stage, how, after: 'reply' } }],
    lines,
    last: stage === 'greeting' ? 220 : 250,
    ...doorsAt(stage),
  }));

/** Refusals by the behaviour that gives them, with `then`. */
const refusals: readonly [string, Readonly<Record<string, unknown>>, readonly string[]][] = [
  ['block-list', { clients: 'all', at: 'mail' }, sender],
  ['rate-limit', { counts: 'messages', limit: 1 }, [...sender, 'RSET', 'MAIL FROM:<probe@example.org>']],
  ['greylisting', {}, recipient],
  ['helo-policy', { refuse: ['all'] }, hello],
  ['address-policy', { whose: 'sender', refuse: ['no-dot'] }, [...hello, 'MAIL FROM:<probe@localhost>']],
  ['command-limit', { limit: 2 }, ['NOOP', 'NOOP', 'NOOP']],
  ['line-length', { limit: 10 }, ['NOOP and on and on']],
  ['line-end-policy', {}, ['NOOP\nNOOP']],
  ['bare-line-feed', {}, [...data, 'Subject: x\r\n\r\nx\ny\r\n.']],
  ['header-fields', { 'longer-than': 1 }, message],
  ['pipelining-policy', {}, ['EHLO probe.example.org\r\nNOOP']],
  ['error-limit', { limit: 1 }, ['XYZZY', 'XYZZY']],
  ['fault-limit', { limit: 1 }, ['XYZZY', 'XYZZY']],
  ['fault-reply', { on: 'unknown-command' }, ['XYZZY']],
  ['late-rejection', {}, message],
];

const refused: readonly Way[] = refusals.map(([name, options, lines]) => ({
  name: `behind a refusal of ${name}`,
  behaviours: (how) => [{ [name]: { ...options, reply: no, then: how } }],
  lines,
  last: 550,
}));

const others: readonly Way[] = [
  {
    name: 'in the middle of a message',
    behaviours: (how) => [{ disconnect: { at: 'message', how, 'after-bytes': 10 } }],
    lines: [...data, 'twenty bytes and more'],
    last: 354,
  },
  {
    name: 'behind half a reply',
    behaviours: (how) => [
      { disconnect: { at: 'mail', how, after: 'reply' } },
      { 'wire-fault': { at: 'mail', fault: { truncate: 2 } } },
    ],
    lines: sender,
  },
  {
    name: 'behind a refusal of known-mailboxes',
    behaviours: (how) => [{ 'known-mailboxes': { replies: { exists: no }, then: how } }],
    lines: recipient,
    last: 550,
  },
  {
    name: 'by early-talker, over a message before its time',
    behaviours: (how) => [
      { 'early-talker': { wait: '0s', reply: no, 'synchronization-reply': no, then: how } },
    ],
    lines: [...recipient, 'DATA\r\nx'],
    last: 550,
  },
  {
    name: 'by connection-cap without a word',
    behaviours: (how) => [{ 'connection-cap': { limit: 1, how } }],
    lines: [],
    doors: fromTheStart,
    connectionsBefore: 1,
  },
  {
    name: 'by connection-cap with words',
    behaviours: (how) => [{ 'connection-cap': { limit: 1, how, reply: '421 4.7.0 Too many' } }],
    lines: [],
    last: 421,
    doors: fromTheStart,
    connectionsBefore: 1,
  },
  {
    name: 'by message-limit without a word',
    behaviours: (how) => [{ 'message-limit': { limit: 1, how } }],
    lines: [...message, 'MAIL FROM:<probe@example.org>'],
    last: 250,
  },
  {
    name: 'by message-limit with words',
    behaviours: (how) => [{ 'message-limit': { limit: 1, how, reply: '452 4.7.0 Enough' } }],
    lines: [...message, 'MAIL FROM:<probe@example.org>'],
    last: 452,
  },
  {
    name: 'when idle, without a word',
    behaviours: (how) => [{ 'session-limits': { idle: '5m', how } }],
    lines: hello,
    last: 250,
    lasts: minutes(5),
  },
  {
    name: 'when idle after a message, with words',
    behaviours: (how) => [{ 'session-limits': { idle: '5m', how, reply: '421 4.4.2 Idle' } }],
    lines: message,
    last: 421,
    lasts: minutes(5),
  },
  {
    name: 'by age, with a 451',
    behaviours: (how) => [{ 'session-limits': { age: '20m', how, reply: '451 4.4.2 Expired' } }],
    lines: sender,
    last: 451,
    lasts: minutes(20),
  },
  {
    name: 'in the TLS handshake',
    behaviours: (how) => [{ 'tls-fault': { handshake: how } }],
    lines: ['STARTTLS', '\x16\x03\x01'],
    last: 220,
    doors: ['in clear'],
  },
];

export const ways: readonly Way[] = [...breakingOff, ...behindTheUsualAnswer, ...refused, ...others];
