import { isIPv6 } from 'node:net';
import { parseMailbox } from '../smtp/mailbox.ts';
import type { HostStage } from './exchange.ts';
import { isLenientAddress } from './lenient-address.ts';

/** Ways to break the rules of the protocol, each with words of its own in a profile's accent. */
export type ProtocolFault =
  | 'bad-utf8'
  | 'unknown-command'
  | 'not-implemented'
  | 'hello-syntax'
  | 'no-hello'
  | 'hello-again'
  | 'nested-mail'
  | 'no-mail'
  | 'no-rcpt'
  | 'no-valid-rcpt'
  | 'mail-syntax'
  | 'rcpt-syntax'
  | 'sender-syntax'
  | 'recipient-syntax'
  | 'smtputf8-needed'
  | 'unknown-parameter'
  | 'bad-parameter'
  | 'too-big'
  | 'argument'
  | 'vrfy-syntax'
  | 'bdat-syntax'
  | 'binary-needs-bdat'
  | 'tls-active'
  | 'requiretls-in-clear'
  | 'client-hello'
  | 'auth-in-transaction'
  | 'auth-done'
  | 'line-too-long';

/** A command line taken apart. */
export interface Command {
  readonly stage: HostStage;
  readonly verb: string;
  readonly argument: string;
  readonly address: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** The first parameter that is wrong, as `KEYWORD=value`; empty when none is. */
  readonly parameter: string;
  readonly fault: ProtocolFault | undefined;
}

/** What a command is judged against. */
export interface ProtocolState {
  readonly helo: string;
  readonly extended: boolean;
  readonly tls: boolean;
  readonly user: string | undefined;
  readonly sender: string | undefined;
  readonly recipients: readonly string[];
  readonly rcptCommandsInTransaction: number;
  /** Started with BDAT: DATA may not follow. RFC 3030 2 */
  readonly chunking: boolean;
  readonly body: string | undefined;
  readonly smtpUtf8: boolean;
}

/** What a host offers and how strict it is. */
export interface ProtocolManners {
  readonly offers: (keyword: string) => boolean;
  readonly offersUnderTls: (keyword: string) => boolean;
  /** Verbs it knows, EXPN and HELP among them or not. */
  readonly knows: (verb: string) => boolean;
  /** Bytes; 0 for no limit. */
  readonly size: number;
  /** Refuses a blank between colon and path. RFC 5321 3.3 (rule SYN-03) */
  readonly strictSpacing: boolean;
  /** Looks at names and addresses only as closely as it must, and takes paths without brackets. */
  readonly lenientAddresses: boolean;
  /** Takes MAIL before EHLO. RFC 5321 4.1.4 (rule SES-05) */
  readonly helloOptional: boolean;
  /** Takes one EHLO for each session, although RFC 5321 4.1.4 allows another at any time. */
  readonly helloOnce: boolean;
  /** Passes over blanks before the verb, and takes a tab behind it. */
  readonly looseBlanks: boolean;
  /** Takes `MAIL FROM:` and `RCPT TO:` for verbs, with one blank in them. RFC 5321 4.1.1.2 */
  readonly singleBlanks: boolean;
  /** Takes nothing behind NOOP and HELP, and not even a blank behind verbs without argument. */
  readonly strictArguments: boolean;
}

const stageOf: Readonly<Record<string, HostStage>> = {
  EHLO: 'ehlo',
  HELO: 'ehlo',
  STARTTLS: 'starttls',
  AUTH: 'auth',
  MAIL: 'mail',
  RCPT: 'rcpt',
  DATA: 'data',
  BDAT: 'data',
  QUIT: 'quit',
};

const none: ReadonlyMap<string, string> = new Map();

/** Verbs that a host with strict arguments wants nothing behind. */
const standsAlone: ReadonlySet<string> = new Set(['NOOP', 'HELP', 'RSET', 'QUIT']);

/** Takes a line apart and says which rule it breaks, if any. `line` holds bytes as UTF-8 text, without CRLF. */
export function readCommand(line: string, state: ProtocolState, manners: ProtocolManners): Command {
  const trimmed = line.trimEnd(); // trailing blanks are tolerated. RFC 5321 4.1.1 (rule SYN-06)
  const text = manners.looseBlanks ? trimmed.trimStart().replace(/^(\S+)\t/, '$1 ') : trimmed;
  const space = text.indexOf(' ');
  const verb = (space < 0 ? text : text.slice(0, space)).toUpperCase(); // RFC 5321 2.4
  const rest = space < 0 ? '' : text.slice(space + 1);
  const argument = manners.singleBlanks && /^(?:MAIL|RCPT)$/.test(verb) ? rest : rest.trimStart();
  const stage = stageOf[verb] ?? 'command';
  const badUtf8 = text.includes('\ufffd'); // RFC 5321 2.4, RFC 6531 3.3
  if (!badUtf8 && (verb === 'MAIL' || verb === 'RCPT'))
    return readPathCommand(verb, argument, state, manners);
  const crowded = manners.strictArguments && standsAlone.has(verb) && line.length > verb.length;
  const fault = badUtf8 ? 'bad-utf8' : crowded ? 'argument' : faultOf(verb, argument, state, manners);
  return { stage, verb, argument, address: '', parameters: none, parameter: '', fault };
}

function faultOf(
  verb: string,
  argument: string,
  state: ProtocolState,
  manners: ProtocolManners,
): ProtocolFault | undefined {
  switch (verb) {
    case 'EHLO':
    case 'HELO':
      return faultOfHello(argument, state, manners);
    case 'STARTTLS':
      if (!manners.offers('STARTTLS') && !state.tls) return 'not-implemented';
      return argument !== '' ? 'argument' : state.tls ? 'tls-active' : undefined; // RFC 3207 4
    case 'AUTH':
      return faultOfAuth(argument, state, manners);
    case 'DATA':
    case 'BDAT':
      return faultOfData(verb, argument, state, manners);
    case 'RSET':
    case 'QUIT':
      return argument !== '' ? 'argument' : undefined; // RFC 5321 4.3.2 (rule SYN-05)
    case 'VRFY':
      return argument === '' ? 'vrfy-syntax' : undefined;
    case 'NOOP':
      return undefined; // RFC 5321 4.1.1.9 lets it have an argument
    default:
      return manners.knows(verb) ? undefined : 'unknown-command';
  }
}

function faultOfHello(
  argument: string,
  state: ProtocolState,
  manners: ProtocolManners,
): ProtocolFault | undefined {
  if (manners.helloOnce && state.helo !== '') return 'hello-again';
  const two = /\s/.test(argument) && !manners.lenientAddresses;
  return argument === '' || two ? 'hello-syntax' : undefined;
}

function faultOfAuth(
  argument: string,
  state: ProtocolState,
  manners: ProtocolManners,
): ProtocolFault | undefined {
  if (!manners.offers('AUTH')) return 'not-implemented';
  if (state.helo === '') return 'no-hello';
  if (state.user !== undefined) return 'auth-done'; // RFC 4954 4
  if (state.sender !== undefined) return 'auth-in-transaction'; // RFC 4954 4
  return argument === '' ? 'argument' : undefined;
}

function faultOfData(
  verb: string,
  argument: string,
  state: ProtocolState,
  manners: ProtocolManners,
): ProtocolFault | undefined {
  if (verb === 'BDAT') {
    if (!manners.offers('CHUNKING')) return 'unknown-command';
    if (!/^\d{1,15}(?: +LAST)?$/i.test(argument)) return 'bdat-syntax'; // RFC 3030 2
  }
  if (state.helo === '' && !manners.helloOptional) return 'no-hello';
  if (state.sender === undefined) return 'no-mail';
  if (state.recipients.length === 0) return state.rcptCommandsInTransaction > 0 ? 'no-valid-rcpt' : 'no-rcpt'; // RFC 5321 3.3
  if (verb === 'BDAT') return undefined;
  if (argument !== '') return 'argument'; // RFC 5321 4.3.2 (rule SYN-05)
  return state.chunking || state.body === 'BINARYMIME' ? 'binary-needs-bdat' : undefined; // RFC 3030 2, 3
}

/** What stands behind `FROM:` or `TO:`: blanks, the path, and the rest. */
const bracketedPath = /^( *)<((?:"(?:[^"\\]|\\.)*"|[^<>"])*)>(.*)$/;
const barePath = /^( *)([^\s<>]+)(.*)$/;

interface Path {
  readonly address: string;
  readonly parameters: ReadonlyMap<string, string>;
}

function readPathCommand(
  verb: 'MAIL' | 'RCPT',
  argument: string,
  state: ProtocolState,
  manners: ProtocolManners,
): Command {
  const path = readPath(verb, argument, manners);
  const { address, parameters } = typeof path === 'string' ? { address: '', parameters: none } : path;
  const wrong = wrongParameter(verb, parameters, manners);
  const spelled = argument.split(' ').find((word) => word.toUpperCase() === wrong?.parameter.toUpperCase());
  const fault =
    faultOfOrder(verb, state, manners) ??
    (typeof path === 'string' ? path : faultOfAddress(verb, address, parameters, state, manners)) ??
    wrong?.fault;
  const stage = verb === 'MAIL' ? 'mail' : 'rcpt';
  return { stage, verb, argument, address, parameters, parameter: spelled ?? wrong?.parameter ?? '', fault };
}

/** A lenient host puts what it cannot read down to the address, a strict one to the command. */
function readPath(verb: 'MAIL' | 'RCPT', argument: string, manners: ProtocolManners): Path | ProtocolFault {
  const [keyword, ofCommand, ofAddress] =
    verb === 'MAIL'
      ? (['FROM:', 'mail-syntax', 'sender-syntax'] as const)
      : (['TO:', 'rcpt-syntax', 'recipient-syntax'] as const);
  const rest = argument.slice(keyword.length);
  if (!argument.toUpperCase().startsWith(keyword) || rest.trim() === '') return ofCommand;
  const lenient = manners.lenientAddresses;
  const found = bracketedPath.exec(rest) ?? (lenient ? barePath.exec(rest) : null);
  const parameters = readParameters(found?.[3] ?? '');
  const spaced = found?.[1] !== '' && manners.strictSpacing; // RFC 5321 3.3 (rule SYN-03)
  if (!found || !parameters || spaced) return lenient ? ofAddress : ofCommand;
  const inside = lenient ? (found[2] ?? '').trim() : (found[2] ?? '');
  return { address: inside.replace(/^@[^:]*:/, ''), parameters }; // the source route is ignored. RFC 5321 4.1.2, F.2
}

function faultOfOrder(
  verb: 'MAIL' | 'RCPT',
  state: ProtocolState,
  { helloOptional }: ProtocolManners,
): ProtocolFault | undefined {
  if (verb === 'RCPT') return state.sender === undefined ? 'no-mail' : undefined;
  if (state.helo === '' && !helloOptional) return 'no-hello';
  return state.sender === undefined ? undefined : 'nested-mail'; // RFC 5321 4.1.4
}

function readParameters(text: string): ReadonlyMap<string, string> | undefined {
  if (text === '') return none;
  if (text[0] !== ' ') return undefined;
  const parameters = new Map<string, string>();
  for (const word of text.split(' ')) {
    if (word === '') continue;
    const equals = word.indexOf('=');
    const keyword = (equals < 0 ? word : word.slice(0, equals)).toUpperCase();
    const value = equals < 0 ? '' : word.slice(equals + 1);
    const before = parameters.get(keyword);
    parameters.set(keyword, before === undefined ? value : `${before} ${value}`); // no rule takes two. RFC 3461 4
  }
  return parameters;
}

function faultOfAddress(
  verb: 'MAIL' | 'RCPT',
  address: string,
  parameters: ReadonlyMap<string, string>,
  state: ProtocolState,
  { lenientAddresses }: ProtocolManners,
): ProtocolFault | undefined {
  if (verb === 'MAIL' && address === '') return undefined; // RFC 5321 4.5.5
  if (verb === 'RCPT' && /^postmaster$/i.test(address)) return undefined; // RFC 5321 4.1.1.3
  const wrong = verb === 'MAIL' ? 'sender-syntax' : 'recipient-syntax';
  if (lenientAddresses) return isLenientAddress(address) ? undefined : wrong;
  if ('fault' in parseMailbox(address)) return wrong;
  if (/[^\x00-\x7f]/.test(address) && !state.smtpUtf8 && !parameters.has('SMTPUTF8'))
    return 'smtputf8-needed'; // RFC 6531 3.5
  return undefined;
}

/** Keyword of a parameter to the EHLO keyword that offers it, and the values it takes. */
const parameterRules: Readonly<Record<string, { offer: string; of: 'MAIL' | 'RCPT'; value: RegExp }>> = {
  SIZE: { offer: 'SIZE', of: 'MAIL', value: /^\d{1,20}$/ }, // RFC 1870 5
  BODY: { offer: '8BITMIME', of: 'MAIL', value: /^(?:7BIT|8BITMIME|BINARYMIME)$/i }, // RFC 6152 2
  SMTPUTF8: { offer: 'SMTPUTF8', of: 'MAIL', value: /^$/ }, // RFC 6531 3.4
  RET: { offer: 'DSN', of: 'MAIL', value: /^(?:FULL|HDRS)$/i }, // RFC 3461 4.3
  ENVID: { offer: 'DSN', of: 'MAIL', value: /^(?=.{1,100}$)(?:[!-*,-<>-~]|\+[0-9A-F]{2})+$/ }, // RFC 3461 4.4: xtext
  AUTH: { offer: 'AUTH', of: 'MAIL', value: /^\S+$/ }, // RFC 4954 5
  REQUIRETLS: { offer: 'REQUIRETLS', of: 'MAIL', value: /^$/ }, // RFC 8689 2
  NOTIFY: {
    offer: 'DSN',
    of: 'RCPT',
    value: /^(?:NEVER|(?:SUCCESS|FAILURE|DELAY)(?:,(?:SUCCESS|FAILURE|DELAY))*)$/i,
  }, // RFC 3461 4.1
  ORCPT: { offer: 'DSN', of: 'RCPT', value: /^[\w-]+;\S{1,500}$/ }, // RFC 3461 4.2
};

/** The first parameter that the host cannot do with, and what is wrong with it. */
function wrongParameter(
  verb: 'MAIL' | 'RCPT',
  parameters: ReadonlyMap<string, string>,
  manners: ProtocolManners,
): { readonly parameter: string; readonly fault: ProtocolFault } | undefined {
  for (const [keyword, value] of parameters) {
    const fault = faultOfParameter(verb, keyword, value, manners);
    if (fault) return { parameter: value === '' ? keyword : `${keyword}=${value}`, fault };
  }
  return undefined;
}

function faultOfParameter(
  verb: 'MAIL' | 'RCPT',
  keyword: string,
  value: string,
  manners: ProtocolManners,
): ProtocolFault | undefined {
  const rule = parameterRules[keyword];
  const later = !manners.offers(keyword) && manners.offersUnderTls(keyword);
  if (keyword === 'REQUIRETLS' && verb === 'MAIL' && later) return 'requiretls-in-clear'; // RFC 8689 2 (rule EXT-11)
  if (!rule || rule.of !== verb || !manners.offers(rule.offer)) return 'unknown-parameter'; // RFC 5321 4.1.1.11
  if (!rule.value.test(value)) return 'bad-parameter';
  if (/^BINARYMIME$/i.test(value) && keyword === 'BODY' && !manners.offers('BINARYMIME'))
    return 'bad-parameter';
  if (keyword === 'SIZE' && manners.size > 0 && Number(value) > manners.size) return 'too-big'; // RFC 1870 6.1
  return undefined;
}

/** Whether an EHLO argument is a name or literal that could be resolved. RFC 5321 4.1.3, 4.1.4 */
export function isPlausibleHello(name: string): boolean {
  const literal = /^\[(?:IPv6:)?(.+)\]$/i.exec(name)?.[1];
  if (literal !== undefined) return /^[\d.]+$/.test(literal) || isIPv6(literal);
  return /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+\.?$/i.test(name);
}
