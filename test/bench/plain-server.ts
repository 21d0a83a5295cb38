import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** smtp-server as its README shows it, without what an MX has no use for. */
const server = new SMTPServer({
  logger: false,
  authOptional: true,
  disableReverseLookup: true,
  disabledCommands: ['AUTH', 'STARTTLS'],
});
server.listen(0, '127.0.0.1', () => console.log(`port ${(server.server.address() as AddressInfo).port}`));
