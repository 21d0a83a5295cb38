import { expect } from 'vitest';
import type { NodemailerStory } from './nodemailer.ts';
import type { SmtplibStory } from './smtplib.ts';

/** One thing that a host does wrong, and what each client makes of it. */
export interface Fault {
  readonly name: string;
  readonly behaviours: readonly Readonly<Record<string, unknown>>[];
  /** How long the clients are to wait, in s; as usual when absent. */
  readonly timeout?: number;
  readonly nodemailer: Partial<NodemailerStory>;
  readonly smtplib: Partial<SmtplibStory>;
  /** Exit codes; several where it depends on who is faster. Absent: not asked, see `curlWaitsForEver`. */
  readonly curl?: readonly number[];
  readonly swaks: readonly number[];
}

const stages = ['greeting', 'ehlo', 'mail', 'rcpt', 'data', 'message'] as const;
type Stage = (typeof stages)[number];

/** Enough for a busy machine, and short enough to wait for. s */
const shortPatience = 2;

/** swaks' exit codes for what did not go well at a stage. */
const swaksStage = {
  greeting: 21,
  ehlo: 22,
  mail: 23,
  rcpt: 24,
  data: 25,
  message: 26,
} as const satisfies Record<Stage, number>;

/** curl 7.88 forgets --max-time once the message is out, whoever the server is. */
const curlWaitsForEver: readonly string[] = ['message', 'quit'];

/** FIN without a word: every client says the same at every stage. */
const closed = stages.map(
  (at): Fault => ({
    name: `FIN at ${at}`,
    behaviours: [{ disconnect: { at } }],
    nodemailer: {
      sent: false,
      code: 'ECONNECTION',
      command: 'CONN',
      message: 'Connection closed unexpectedly',
    },
    smtplib: { exception: 'SMTPServerDisconnected', text: 'Connection unexpectedly closed' },
    curl: [56],
    swaks: [6],
  }),
);

const resetLater = {
  smtplib: {
    exception: 'SMTPServerDisconnected',
    text: 'Connection unexpectedly closed: [Errno 104] Connection reset by peer',
  },
  curl: [56],
  swaks: [6],
};

/** It may come before the client has looked at its new connection. */
const resetAtOnce = {
  smtplib: { text: expect.stringContaining('[Errno 104]') },
  curl: [56, 7],
  swaks: [6, 2],
};

const reset = stages.map(
  (at): Fault => ({
    name: `RST at ${at}`,
    behaviours: [{ disconnect: { at, how: 'reset' } }],
    nodemailer: { sent: false, code: 'ESOCKET', command: 'CONN', message: 'read ECONNRESET' },
    ...(at === 'greeting' ? resetAtOnce : resetLater),
  }),
);

const silent = stages.map(
  (at): Fault => ({
    name: `silence at ${at}`,
    behaviours: [{ disconnect: { at, how: 'silence' } }],
    timeout: shortPatience,
    nodemailer: {
      sent: false,
      code: 'ETIMEDOUT',
      command: 'CONN',
      message: at === 'greeting' ? 'Greeting never received' : 'Timeout',
    },
    smtplib: { exception: 'SMTPServerDisconnected', text: 'Connection unexpectedly closed: timed out' },
    ...(curlWaitsForEver.includes(at) ? {} : { curl: [28] }),
    swaks: [swaksStage[at]],
  }),
);

const leaving = '421 4.3.2 mx.example.net leaving';
const words = '4.3.2 mx.example.net leaving';

/** Who keeps the text of a 421 that is followed by FIN, and who loses it. */
const farewells: Readonly<Record<Stage, Pick<Fault, 'nodemailer' | 'smtplib' | 'curl' | 'swaks'>>> = {
  greeting: {
    nodemailer: { code: 'EPROTOCOL', command: 'CONN' },
    smtplib: { exception: 'SMTPConnectError', arguments: [421, words] },
    curl: [8],
    swaks: [21],
  },
  ehlo: {
    nodemailer: { code: 'ECONNECTION', command: 'EHLO' },
    smtplib: { exception: 'SMTPServerDisconnected', text: 'Connection unexpectedly closed' }, // lost: HELO goes out after it
    curl: [56], // lost
    swaks: [6],
  },
  mail: {
    nodemailer: { code: 'EENVELOPE', command: 'MAIL FROM' },
    smtplib: { exception: 'SMTPSenderRefused', arguments: [421, words, 'probe@example.net'] },
    curl: [55],
    swaks: [23],
  },
  rcpt: {
    nodemailer: { code: 'ECONNECTION', command: 'CONN' }, // it has sent the group MAIL, RCPT, DATA
    smtplib: { exception: 'SMTPRecipientsRefused', arguments: [{ 'alice@example.net': [421, words] }] },
    curl: [55],
    swaks: [24],
  },
  data: {
    nodemailer: { code: 'EENVELOPE', command: 'DATA' },
    smtplib: { exception: 'SMTPDataError', arguments: [421, words] },
    curl: [55],
    swaks: [25],
  },
  message: {
    nodemailer: { code: 'EMESSAGE', command: 'DATA' },
    smtplib: { exception: 'SMTPDataError', arguments: [421, words] },
    curl: [8],
    swaks: [26],
  },
};

const farewell = stages.map((at): Fault => {
  const { nodemailer, ...others } = farewells[at];
  return {
    name: `421 and FIN at ${at}`,
    behaviours: [{ disconnect: { at, reply: leaving } }],
    nodemailer: { ...nodemailer, sent: false, response: leaving, responseCode: 421 },
    ...others,
  };
});

/** Once the message is accepted, only smtplib makes an error of a bad goodbye; whoever catches it sends again. */
const badGoodbyes: readonly Fault[] = [
  ['close', 'Connection unexpectedly closed'],
  ['reset', 'Connection unexpectedly closed: [Errno 104] Connection reset by peer'],
  ['silence', 'Connection unexpectedly closed: timed out'],
].map(([how, text]) => ({
  name: `${how} at quit, after 250`,
  behaviours: [{ disconnect: { at: 'quit', how } }],
  timeout: shortPatience,
  nodemailer: { sent: true },
  smtplib: { accepted: true, exception: 'SMTPServerDisconnected', text: text ?? '' },
  ...(how === 'silence' ? {} : { curl: [0] }),
  swaks: how === 'silence' ? [0] : [6],
}));

const spoiled: readonly Fault[] = [
  {
    name: 'a line that is not SMTP at rcpt',
    behaviours: [{ 'wire-fault': { at: 'rcpt', fault: { instead: 'hello there\\r\\n' } } }],
    timeout: shortPatience,
    nodemailer: { sent: false, code: 'EENVELOPE', command: 'RCPT TO', response: 'hello there' },
    smtplib: { exception: 'SMTPRecipientsRefused', arguments: [{ 'alice@example.net': [-1, 'o there'] }] }, // four characters lost
    curl: [28],
    swaks: [24],
  },
  {
    name: 'half a reply and FIN at rcpt',
    behaviours: [
      { disconnect: { at: 'rcpt', after: 'reply' } },
      { 'wire-fault': { at: 'rcpt', fault: { truncate: 2 } } },
    ],
    nodemailer: { sent: false, code: 'ECONNECTION', message: 'Connection closed unexpectedly' },
    smtplib: { exception: 'SMTPRecipientsRefused', arguments: [{ 'alice@example.net': [25, ''] }] }, // a cut line becomes a refusal
    curl: [56],
    swaks: [6],
  },
];

export const faults: readonly Fault[] = [
  ...closed,
  ...reset,
  ...silent,
  ...farewell,
  ...badGoodbyes,
  ...spoiled,
];
