import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js';

/**
 * smtp-server as its README shows it, without what an MX has no use for. With `no-pause` it does not wait 100 ms before
 * each greeting; all else it does, it does.
 */
if (process.argv[2] === 'no-pause') {
  SMTPConnection.prototype.init = function init(): void {
    this._setListeners(() => this.connectionReady());
  };
}
const server = new SMTPServer({
  logger: false,
  authOptional: true,
  disableReverseLookup: true,
  disabledCommands: ['AUTH', 'STARTTLS'],
});
server.listen(0, '127.0.0.1', () => console.log(`ports ${(server.server.address() as AddressInfo).port}`));
