import { type Format, nothing } from '../finding.ts';

/** What clients print when no reply comes, on a line of its own. What it means is not for here to tell. */
const words =
  /unexpected socket close|connection (?:unexpectedly )?closed|closed unexpectedly|server closed the connection|greeting never received|wrong version number|SMTPServerDisconnected|ECONN(?:RESET|REFUSED|ABORTED|ECTION)|ETIMEDOUT|query\w{1,5} E[A-Z]{4,10}|ESOCKET|EPIPE|broken pipe|connection (?:reset|refused|timed out)|lost connection|conversation with .{1,300} timed out|remote host closed connection|socket hang up|end of file reached|unexpected EOF|\bEOF$|i\/o timeout|could not connect to SMTP host|SMTP connect\(\) failed|read(?:ing)? failed|curl: \(\d{1,2}\)|handshake fail|certificate|SSL routines|\[EOF\]|SMTP timeout|has unexpectedly disconnected|transport connection|actively refused|execution expired|Net::(?:Open|Read)Timeout|but (?:got )?(?:an empty|empty code|got code "")|sent an empty reply|plaintext connection|does not look like a TLS|Could not (?:authenticate|be established)|SslHandshakeException|data not accepted/i;
const longest = 1_000;

export const clientError: Format = {
  name: 'client-error',
  title: 'what a client prints when no reply comes',
  reader: () => ({
    take(line, number) {
      if (line.length > longest || !words.test(line)) return undefined;
      return [{ kind: 'complaint', text: line.trim(), format: 'client-error', line: number }];
    },
    end: () => nothing,
  }),
};
