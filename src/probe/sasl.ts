import { createHmac } from 'node:crypto';

export interface Credentials {
  readonly user: string;
  readonly password?: string;
  /** An OAuth access token. */
  readonly token?: string;
}

export type Mechanism = 'PLAIN' | 'LOGIN' | 'CRAM-MD5' | 'XOAUTH2';

/** One mechanism with its credentials. */
export interface SaslClient {
  readonly mechanism: Mechanism;
  /** The client has the first word, so its first response may travel with the command. RFC 4954 4 */
  readonly clientFirst: boolean;
  /** The n-th response, before base64; undefined where the client has nothing to say to this. */
  respond(n: number, challenge: string): string | undefined;
  /** What must not be shown, in every form in which it travels. */
  readonly secrets: readonly string[];
}

/** Throws a TypeError where the credentials are not of the kind that the mechanism needs. */
export function saslClient(mechanism: Mechanism, { user, password, token }: Credentials): SaslClient {
  if (mechanism === 'XOAUTH2') return xoauth2(user, given(token, mechanism, 'token'));
  const secret = given(password, mechanism, 'password');
  switch (mechanism) {
    case 'PLAIN':
      return plain(user, secret);
    case 'LOGIN':
      return login(user, secret);
    case 'CRAM-MD5':
      return cramMd5(user, secret);
    default:
      return mechanism satisfies never;
  }
}

/**
 * The mechanism to use out of those offered: none that shows the password to a listener where there is a choice.
 * Undefined when none will do.
 */
export function bestMechanism(
  offered: readonly string[],
  credentials: Credentials,
  tls: boolean,
): Mechanism | undefined {
  const order: readonly Mechanism[] = tls ? ['PLAIN', 'LOGIN', 'CRAM-MD5'] : ['CRAM-MD5', 'PLAIN', 'LOGIN'];
  const known = offered.map((name) => name.toUpperCase());
  const usable = credentials.password === undefined ? (['XOAUTH2'] as const) : order;
  return usable.find((name) => known.includes(name));
}

/** Strict base64: undefined for anything else. RFC 4954 4 */
export function fromBase64(text: string): string | undefined {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return undefined;
  return Buffer.from(text, 'base64').toString('latin1');
}

export function toBase64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function given(value: string | undefined, mechanism: Mechanism, what: string): string {
  if (value === undefined) throw new TypeError(`${mechanism} needs a ${what}`);
  return value;
}

/** RFC 4616 2. NUL separates the parts. */
function plain(user: string, password: string): SaslClient {
  if (`${user}${password}`.includes('\0')) throw new TypeError('PLAIN cannot carry a NUL');
  const credentials = `\0${user}\0${password}`;
  return {
    mechanism: 'PLAIN',
    clientFirst: true,
    respond: (n) => (n === 0 ? credentials : undefined),
    secrets: [password, toBase64(password), toBase64(credentials)],
  };
}

/** draft-murchison-sasl-login: the user name, then the password, whatever the challenges say. */
function login(user: string, password: string): SaslClient {
  return {
    mechanism: 'LOGIN',
    clientFirst: false,
    respond: (n) => [user, password][n],
    secrets: [password, toBase64(password)],
  };
}

/** RFC 2195 2 */
function cramMd5(user: string, password: string): SaslClient {
  const digest = (challenge: string): string =>
    createHmac('md5', password).update(challenge, 'latin1').digest('hex');
  return {
    mechanism: 'CRAM-MD5',
    clientFirst: false,
    respond: (n, challenge) => (n === 0 && challenge !== '' ? `${user} ${digest(challenge)}` : undefined),
    secrets: [password],
  };
}

/** Google's and Microsoft's. A failure comes as a challenge with JSON, to be answered by an empty line. */
function xoauth2(user: string, token: string): SaslClient {
  if (/\x01/.test(`${user}${token}`)) throw new TypeError('XOAUTH2 cannot carry a control-A');
  const credentials = `user=${user}\x01auth=Bearer ${token}\x01\x01`;
  return {
    mechanism: 'XOAUTH2',
    clientFirst: true,
    respond: (n) => [credentials, ''][n],
    secrets: [token, toBase64(token), toBase64(credentials)],
  };
}
