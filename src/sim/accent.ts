import { z } from 'zod';
import { replySchema } from './options.ts';
import type { ProtocolFault } from './protocol.ts';
import { type Wording, wireLines, withoutEnhancedCodes, wording } from './wording.ts';

/** What a host says when a command goes well, by occasion. */
type Courtesy =
  | 'greeting'
  | 'mail'
  | 'mail-null'
  | 'rcpt'
  | 'data'
  | 'message'
  | 'chunk'
  | 'quit'
  | 'rset'
  | 'noop'
  | 'vrfy'
  | 'expn'
  | 'help'
  | 'starttls'
  | 'auth';

/** What a host says when AUTH goes wrong. RFC 4954 4, 6 */
type AuthFault = 'auth-failed' | 'auth-syntax' | 'auth-mechanism' | 'auth-needs-tls';

export type Occasion = Courtesy | AuthFault | ProtocolFault;

/** Plain words for every occasion, for profiles that are not known to say it otherwise. Codes: RFC 5321 4.2, 4.3.2 */
const plainWords: Readonly<Record<Occasion, string>> = {
  greeting: '220 {host} ESMTP',
  mail: '250 2.1.0 Ok',
  'mail-null': '250 2.1.0 Ok',
  rcpt: '250 2.1.5 Ok',
  data: '354 End data with <CR><LF>.<CR><LF>',
  message: '250 2.0.0 Ok: queued as {queue-id}',
  chunk: '250 2.0.0 Ok: {bytes} bytes', // RFC 3030 2
  quit: '221 2.0.0 Bye',
  rset: '250 2.0.0 Ok',
  noop: '250 2.0.0 Ok',
  vrfy: '252 2.0.0 {argument}', // RFC 5321 3.5.3
  expn: '252 2.0.0 {argument}',
  help: '214 2.0.0 See RFC 5321',
  starttls: '220 2.0.0 Ready to start TLS',
  auth: '235 2.7.0 Authentication successful',
  'auth-failed': '535 5.7.8 Error: authentication failed',
  'auth-syntax': '501 5.5.2 Error: authentication exchange is malformed',
  'auth-mechanism': '504 5.5.4 Error: unknown authentication mechanism',
  'auth-needs-tls': '538 5.7.11 Error: encryption required for this mechanism',
  'bad-utf8': '500 5.5.2 Error: bad UTF-8 syntax', // RFC 5321 2.4
  'unknown-command': '500 5.5.2 Error: command not recognized',
  'not-implemented': '502 5.5.1 Error: command not implemented',
  'hello-syntax': '501 Syntax: {verb} hostname', // no enhanced code in any answer to EHLO. RFC 2034 3
  'no-hello': '503 5.5.1 Error: send HELO/EHLO first',
  'hello-again': '503 5.5.1 Error: already said hello',
  'nested-mail': '503 5.5.1 Error: nested MAIL command',
  'no-mail': '503 5.5.1 Error: need MAIL command',
  'no-rcpt': '503 5.5.1 Error: need RCPT command',
  'no-valid-rcpt': '554 5.5.1 Error: no valid recipients',
  'mail-syntax': '501 5.5.4 Syntax: MAIL FROM:<address>',
  'rcpt-syntax': '501 5.5.4 Syntax: RCPT TO:<address>',
  'sender-syntax': '501 5.1.7 Bad sender address syntax',
  'recipient-syntax': '501 5.1.3 Bad recipient address syntax',
  'smtputf8-needed': '553 5.6.7 Must declare SMTPUTF8 to use this address', // RFC 6531 3.5
  'unknown-parameter': '555 5.5.4 Unsupported option: {parameter}',
  'bad-parameter': '501 5.5.4 Bad parameter: {parameter}',
  'too-big': '552 5.3.4 Message size exceeds fixed limit', // RFC 1870 6.1
  argument: '501 5.5.4 Syntax: {verb}',
  'vrfy-syntax': '501 5.5.4 Syntax: VRFY address',
  'bdat-syntax': '501 5.5.4 Syntax: BDAT count [LAST]',
  'binary-needs-bdat': '503 5.5.1 Error: DATA after BDAT', // RFC 3030 2
  'tls-active': '503 5.5.1 Error: TLS already active', // RFC 3207 4.2
  'requiretls-in-clear': '530 5.7.10 Error: REQUIRETLS needs TLS', // RFC 8689 2, RFC 5248: encryption needed
  'client-hello': '500 5.5.2 Error: command not recognized', // a TLS record where a command should be
  'auth-in-transaction': '503 5.5.1 Error: MAIL transaction in progress',
  'auth-done': '503 5.5.1 Error: already authenticated',
  'line-too-long': '500 5.5.2 Error: line too long', // RFC 5321 4.5.3.1.4
};

const occasions = Object.keys(plainWords) as [Occasion, ...Occasion[]];

/** One EHLO line: always shown, or only in clear or under TLS. */
const keywordSchema = z.union([
  z.string().regex(/^[A-Za-z0-9{][ -~]*$/, 'is not an EHLO line such as SIZE 10240000'),
  z.strictObject({ keyword: z.string(), when: z.enum(['clear', 'tls']) }),
]);

export const accentSchema = z
  .strictObject({
    ehlo: z
      .array(keywordSchema)
      .min(1)
      .optional()
      .describe('the EHLO reply in order: first the text of its first line, then the keywords'),
    helo: z.string().optional().describe('the text of the HELO reply'),
    ...(Object.fromEntries(occasions.map((occasion) => [occasion, replySchema.optional()])) as Record<
      Occasion,
      z.ZodOptional<typeof replySchema>
    >),
  })
  .describe('how the host words its replies; what is left out is said plainly');

export type AccentSource = z.output<typeof accentSchema>;

/** How a host words its replies. */
export interface Accent {
  words(occasion: Occasion): Wording;
  ehlo(tls: boolean): Wording;
  readonly helo: Wording;
  offers(keyword: string, tls: boolean): boolean;
  /** The SIZE it announces, in bytes; 0 for none. */
  readonly size: number;
  mechanisms(tls: boolean): readonly string[];
}

export function createAccent(source: AccentSource): Accent {
  const [hello = '{host}', ...keywords] = source.ehlo ?? [
    '{host}',
    'PIPELINING',
    'ENHANCEDSTATUSCODES',
    '8BITMIME',
  ];
  const shown = (tls: boolean): string[] => keywords.flatMap((entry) => keywordShown(entry, tls));
  const lists = { clear: shown(false), tls: shown(true) };
  const greet = typeof hello === 'string' ? hello : hello.keyword;
  const replies = { clear: ehloReply(greet, lists.clear), tls: ehloReply(greet, lists.tls) };
  const list = (tls: boolean): string[] => (tls ? lists.tls : lists.clear);
  const coded = lists.clear.includes('ENHANCEDSTATUSCODES') || lists.tls.includes('ENHANCEDSTATUSCODES');
  const plain = new Map(
    occasions.map((name) => [
      name,
      wording(coded ? plainWords[name] : withoutEnhancedCodes(plainWords[name])),
    ]),
  );
  return {
    words: (occasion) =>
      source[occasion] ??
      (occasion === 'mail-null' ? source.mail : undefined) ??
      (occasion === 'client-hello' ? source['unknown-command'] : undefined) ??
      (plain.get(occasion) as Wording),
    ehlo: (tls) => (tls ? replies.tls : replies.clear),
    helo: wording(`250 ${source.helo ?? greet}`),
    offers: (keyword, tls) => list(tls).some((line) => line.split(/[ =]/)[0]?.toUpperCase() === keyword),
    size: Number(lists.clear.find((line) => /^SIZE \d+$/.test(line))?.slice(5) ?? 0),
    mechanisms: (tls) => list(tls).flatMap((line) => /^AUTH[ =](.*)$/.exec(line)?.[1]?.split(' ') ?? []),
  };
}

function keywordShown(entry: string | { keyword: string; when: 'clear' | 'tls' }, tls: boolean): string[] {
  if (typeof entry === 'string') return tls && entry.toUpperCase() === 'STARTTLS' ? [] : [entry]; // RFC 3207 4.2
  return (entry.when === 'tls') === tls ? [entry.keyword] : [];
}

function ehloReply(greet: string, keywords: readonly string[]): Wording {
  const lines = [greet, ...keywords];
  return wording(wireLines(lines.map((line, i) => `250${i < lines.length - 1 ? '-' : ' '}${line}`)));
}
