/** One message as every client is asked to send it. */
export interface Delivery {
  readonly port: number;
  readonly sender: string;
  readonly recipients: readonly string[];
  /** With CRLF line ends. */
  readonly message: string;
  /** How long the client waits for each reply, in s. */
  readonly timeout: number;
  readonly tls?: boolean;
  /** TLS from the first byte, whatever the port. */
  readonly implicit?: boolean;
  /** Under TLS: the authority to trust, in PEM, and the name to check. Without it no certificate is checked. */
  readonly trust?: { readonly root: string; readonly name: string };
  readonly user?: string;
  readonly password?: string;
}

const message = 'From: <probe@example.net>\r\nTo: <alice@example.net>\r\nSubject: interop\r\n\r\ntext\r\n';

/** To alice, from us. */
export function delivery(port: number, wish: Partial<Delivery> = {}): Delivery {
  return {
    port,
    sender: 'probe@example.net',
    recipients: ['alice@example.net'],
    message,
    timeout: 10,
    ...wish,
  };
}
