import { aside, dialogueFormat, type Notation, type Said } from '../dialogue.ts';

/** `<-` and `<~` (under TLS) from the server, `**` where it refuses, `->` from us, `===` and `***` from swaks itself. */
const notation: Notation = (line) => {
  const server = /^\s?<(?:-|~|\*\*|~\*) {1,2}(.*)/.exec(line);
  if (server) return { by: 'server', lines: [server[1] ?? ''] };
  const client = /^ (?:->|~>|\*>|-\*|~\*) ?(.*)/.exec(line) ?? /^(?:->|~>) (.*)/.exec(line);
  if (client) return { by: 'client', lines: [client[1] ?? ''] };
  if (line.startsWith('=== ')) return note(line.slice(4));
  return line.startsWith('*** ') ? trouble(line.slice(4).trim()) : undefined;
};

function note(text: string): Said {
  const to = /^Connected to (\S+?)\.?$/.exec(text)?.[1];
  if (to !== undefined) return { by: 'connected', peer: { host: to, address: to, port: 25 } };
  const tls = /^TLS started with cipher (\S+?):/.exec(text)?.[1];
  return tls === undefined ? aside : { by: 'secured', protocol: tls };
}

function trouble(text: string): Said {
  if (/^Remote host closed connection/i.test(text)) return { by: 'lost', how: 'closed' };
  if (/^Timed? ?out/i.test(text)) return { by: 'lost', how: 'timed-out' };
  if (/^Error connecting to /.test(text)) return aside; // the next line says why
  return /connect: /.test(text) ? { by: 'missed', words: text } : { by: 'complaint', text };
}

export const swaks = dialogueFormat('swaks', 'a swaks transcript', () => notation);
