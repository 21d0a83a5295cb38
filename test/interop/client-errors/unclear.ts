interface Pair {
  readonly client: string;
  readonly name: string;
}

const all = (clients: readonly string[], names: readonly string[]): Pair[] =>
  clients.flatMap((client) => names.map((name) => ({ client, name })));

/** What a client's words leave open. Each pair is held to: one that is no longer so fails the test. */
export const unclear = {
  /** Clients that can be made to show the dialogue: with it nothing is left open. */
  debuggers: ['nodemailer', 'curl', 'phpmailer'] as readonly string[],
  /** curl 7.88 forgets --max-time once the message is out, and waits for ever. */
  neverEnds: all(['curl'], ['silence at message']),
  /** Sent all the same, and nothing printed. */
  content: [
    ...all(['nodemailer', 'curl', 'phpmailer', 'javamail', 'postfix', 'exim'], ['FIN at quit']),
    ...all(['nodemailer', 'curl', 'javamail'], ['AUTH not offered']),
    ...all(['swaks'], ['wrong-name']), // --tls-verify does not look at the name
    ...all(['postfix'], ['recipient refused']), // it gives its own full name
  ],
  /** One sentence for three and more endings: the true one is named, and not among the first two. */
  third: [
    ...all(['exim'], ['wrong-name']),
    ...all(
      ['phpmailer'],
      [
        'silence at greeting',
        'text on a TLS port',
        '421 and FIN at greeting',
        'no such name',
        'TLS on a plain port',
        'FIN in the handshake',
        'HTTP for a greeting',
        'FIN at auth',
        '421 and FIN at ehlo',
      ],
    ),
  ],
};
