import { readWireText } from '../../transcript/wire-text.ts';
import { aside, dialogueFormat, type Notation, type Said } from '../dialogue.ts';

/** `send: 'ehlo x\r\n'` and `reply: b'250 OK\r\n'` of Python's smtplib with set_debuglevel(1); 2 puts the time in front. */
const notation: Notation = (line) => {
  const found = /^(?:\d\d:\d\d:\d\d\.\d+ )?(send|reply|connect|data): (.*)$/.exec(line);
  if (found === null) return undefined;
  const [, what, rest = ''] = found;
  if (what === 'connect') return connection(rest);
  if (what === 'data' || rest.startsWith('retcode (')) return aside; // says again what `reply` has said
  const text = /^b?(['"])(.*)\1$/.exec(rest)?.[2];
  if (text === undefined) return undefined;
  const lines = readWireText(text)
    .replace(/\r?\n$/, '')
    .split(/\r?\n/);
  return { by: what === 'send' ? 'client' : 'server', lines };
};

function connection(rest: string): Said {
  const to = /^to \(['"]([^'"]{1,255})['"], (\d{1,5})\)/.exec(rest);
  if (to === null) return aside;
  const host = to[1] ?? '';
  return { by: 'connected', peer: { host, address: host, port: Number(to[2]) } };
}

export const smtplibDebug = dialogueFormat('smtplib', 'debug output of smtplib', () => notation);
