import { aside, dialogueFormat, type Notation, type Said } from '../dialogue.ts';

const command =
  /^(?:(?:EHLO|HELO|LHLO) \S|MAIL FROM:|RCPT TO:|DATA\s*$|BDAT \d|STARTTLS\s*$|AUTH [A-Z]|RSET\s*$|NOOP\b|VRFY \S|EXPN \S|HELP\b|QUIT\s*$)/i;
const chatter =
  /^(?:Trying [\d.:a-f]+\.\.\.|Escape character is|CONNECTED\(|Connecting to |depth=\d|verify (?:return|error)|---|Server certificate|Certificate chain|\s*(?:\d )?s:|\s{2,}[ivas]:|\s{3}v:|-----(?:BEGIN|END) CERT|[A-Za-z0-9+/=]{64}$|subject=|issuer=|No client cert|Peer sign|Server Temp|SSL handshake|Verif|New, |Server public|Secure Renego|Compression:|Expansion:|No ALPN|Early data|DONE|Ncat: Version)/;

/** What a person sees who types SMTP into telnet, nc or `openssl s_client`: both sides without marks. */
function notation(): Notation {
  return (line, inMessage) => {
    if (/^[2-5]\d\d(?:[ -]|$)/.test(line)) return { by: 'server', lines: [line] };
    const loss = lossOf(line);
    if (loss !== undefined) return loss;
    if (inMessage || command.test(line)) return { by: 'client', lines: [line] };
    const to = /^Connected to (\S+?)\.?$/.exec(line)?.[1];
    if (to !== undefined) return { by: 'connected', peer: { host: to, address: to, port: 25 } };
    const tls = /^\s{0,4}Protocol(?: version)? {0,2}: (TLSv[\d.]+|SSLv\d)$/.exec(line)?.[1];
    if (tls !== undefined) return { by: 'secured', protocol: tls };
    const miss = /^telnet: (?:Unable to connect to remote host|connect to address \S+): (.{1,100})$/i.exec(
      line,
    )?.[1];
    if (miss !== undefined) return { by: 'missed', words: miss };
    if (/^(?:telnet|nc|ncat): /i.test(line) || /:error:[0-9A-F]{8}:/.test(line))
      return { by: 'complaint', text: line };
    return chatter.test(line) ? aside : undefined;
  };
}

function lossOf(line: string): Said | undefined {
  if (/^Connection closed by foreign host\.?$/.test(line) || line === 'closed' || line === 'read:errno=0')
    return { by: 'lost', how: 'closed' };
  if (line === 'read:errno=104' || /^Connection reset by peer/.test(line))
    return { by: 'lost', how: 'reset' };
  return undefined;
}

export const telnet = dialogueFormat('telnet', 'a telnet or openssl session', notation);
