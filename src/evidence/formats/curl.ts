import { aside, dialogueFormat, type Notation } from '../dialogue.ts';

/** What is longer was not printed by curl. */
const longest = 4_096;

/** `curl -v`: `<` from the server, `>` from us, `*` from curl itself. Its progress meter may stand in front of a line. */
const notation: Notation = (line) => {
  if (/^(?: {1,3}% Total|\s{10,}Dload)/.test(line)) return aside;
  const text =
    line.length > longest
      ? line
      : line.replace(
          /\r?\s{0,3}\d{1,3}(?:\s{1,8}[\d.kMG]{1,6}){7}(?:\s{1,4}[\d:-]{7,8}){3}\s{1,6}[\d.kMG]{1,6}/g,
          '',
        );
  if (text === '' && line !== '') return aside;
  const server = /^< ([2-5]\d\d(?:[ -].*)?)$/.exec(text);
  if (server) return { by: 'server', lines: [server[1] ?? ''] };
  const client = /^> (.*)/.exec(text);
  if (client) return { by: 'client', lines: [client[1] ?? ''] };
  const to = /^\* Connected to (\S+) \(([^)]{1,60})\) port (\d+)/.exec(text);
  if (to) return { by: 'connected', peer: { host: to[1] ?? '', address: to[2] ?? '', port: Number(to[3]) } };
  const tls = /^\* SSL connection using (\S+)/.exec(text)?.[1];
  if (tls !== undefined) return { by: 'secured', protocol: tls };
  if (/^\* Recv failure: Connection reset/.test(text)) return { by: 'lost', how: 'reset' };
  if (/^\* response reading failed/.test(text)) return { by: 'lost', how: 'closed' };
  const miss = /^\* connect to \S+ port \d+ (?:from \S+ port \d+ )?failed: (.{1,100})$/.exec(text)?.[1];
  if (miss !== undefined) return { by: 'missed', words: miss };
  if (/^\*(?:\s|$)/.test(text)) return aside;
  if (/^curl: \(\d{1,3}\) .{1,40} failed: [2-5]\d\d$/.test(text)) return aside; // its reply stands above
  return /^curl: \(\d{1,3}\) /.test(text) ? { by: 'complaint', text } : undefined;
};

export const curl = dialogueFormat('curl', 'what curl -v prints', () => notation);
