import type { KeyPair, Peer, Script } from './scripted-server.ts';

/** A reply with or without its CRLF, or whatever else is done about a command. */
export type Reaction = string | ((peer: Peer, line: string) => Promise<void> | void);

/** What a host says at each point; a well-behaved one where nothing is given. */
export interface Manners {
  readonly greeting?: Reaction;
  /** Keywords, without codes. */
  readonly offers?: readonly string[];
  /** Keywords under TLS; the same without STARTTLS where not given. */
  readonly offersUnderTls?: readonly string[];
  readonly pair?: KeyPair;
  /** By verb; also `message` for the end of data. */
  readonly on?: Readonly<Record<string, Reaction>>;
  /** Whether QUIT is followed by FIN. */
  readonly stays?: boolean;
}

const courtesies: Readonly<Record<string, string>> = {
  HELO: '250 mx.example.net',
  MAIL: '250 2.1.0 ok',
  RCPT: '250 2.1.5 ok',
  DATA: '354 go ahead',
  RSET: '250 2.0.0 ok',
  NOOP: '250 2.0.0 ok',
  VRFY: '252 2.1.5 perhaps',
  EXPN: '502 5.5.1 no',
  HELP: '214 2.0.0 no help',
  QUIT: '221 2.0.0 bye',
  STARTTLS: '220 2.0.0 go ahead',
};

/** A host as a script. */
export function host(manners: Manners = {}): Script {
  return async (peer) => {
    await react(peer, manners.greeting ?? '220 mx.example.net ESMTP', '');
    for (let tls = false; !peer.gone; ) {
      const line = await peer.line();
      if (line !== '' || !peer.gone) tls = (await obey(peer, line, manners, tls)) || tls;
    }
  };
}

/** One command. Resolves to whether TLS has begun. */
async function obey(peer: Peer, line: string, manners: Manners, tls: boolean): Promise<boolean> {
  const verb = line.split(' ')[0]?.toUpperCase() ?? '';
  const given = manners.on?.[verb];
  const usual = verb === 'EHLO' ? ehlo(manners, tls) : (courtesies[verb] ?? '500 5.5.2 what?');
  await react(peer, given ?? usual, line);
  if (`${given ?? usual}`.startsWith('354')) await takeMessage(peer, manners);
  if (given !== undefined) return false;
  if (verb === 'QUIT' && !manners.stays) await peer.fin();
  if (verb !== 'STARTTLS' || !manners.pair) return false;
  await peer.starttls(manners.pair);
  return true;
}

async function react(peer: Peer, reaction: Reaction, line: string): Promise<void> {
  if (typeof reaction !== 'string') await reaction(peer, line);
  else await peer.say(reaction.endsWith('\n') ? reaction : `${reaction}\r\n`);
}

async function takeMessage(peer: Peer, { on }: Manners): Promise<void> {
  while (!peer.gone && (await peer.line()) !== '.');
  await react(peer, on?.message ?? '250 2.0.0 queued', '.');
}

function ehlo({ offers = [], offersUnderTls }: Manners, tls: boolean): string {
  const keywords = tls ? (offersUnderTls ?? offers.filter((keyword) => keyword !== 'STARTTLS')) : offers;
  const lines = ['mx.example.net greets you', ...keywords];
  return lines.map((line, i) => `250${i < lines.length - 1 ? '-' : ' '}${line}\r\n`).join('');
}

export const fin: Reaction = (peer) => peer.fin();
export const rst: Reaction = (peer) => peer.rst();
export const silence: Reaction = (peer) => peer.silence();
/** A reply that is cut off by FIN. */
export const cut: Reaction = async (peer) => {
  await peer.say('25');
  await peer.fin();
};
