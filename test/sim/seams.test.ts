import { SMTPServer } from 'smtp-server';
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js';
import { SMTPStream } from 'smtp-server/lib/smtp-stream.js';
import { expect, test } from 'vitest';

/** What src/sim builds on inside smtp-server 3.21. A new release that changes it should fail here and not at 3 in the morning. */
const members = {
  SMTPConnection: {
    prototype: SMTPConnection.prototype,
    names: [
      'init',
      '_setListeners',
      '_createParser',
      '_onCommand',
      '_whenWritable',
      'send',
      '_resetSession',
      '_setClientHostname',
      '_onClose',
      'upgrade',
      'handler_AUTH',
      'close',
    ],
  },
  SMTPStream: {
    prototype: SMTPStream.prototype,
    names: ['_write', '_endDataMode', 'startDataMode', 'continue', 'oncommand'],
  },
  SMTPServer: { prototype: SMTPServer.prototype, names: ['connect', 'listen', 'close'] },
};

for (const [name, { prototype, names }] of Object.entries(members)) {
  test.each(names)(`${name} has a method %s`, (method) => {
    expect(typeof (prototype as unknown as Record<string, unknown>)[method]).toBe('function');
  });
}

test('a parser starts in command mode and goes to data mode by a flag', () => {
  const stream = new SMTPStream();
  expect(stream._dataMode).toBe(false);
  stream.startDataMode();
  expect(stream._dataMode).toBe(true);
  expect(stream.isClosed).toBe(false);
});

test('a parser keeps what to carry on with until the message has been dealt with', () => {
  const stream = new SMTPStream();
  expect(stream._continueCallback).toBe(false);
  stream.continue();
  expect(stream._continueCallback).toBe(true);
});

test('a server keeps its TLS contexts by name, * for everybody, and its connections in a set', () => {
  const server = new SMTPServer({ logger: false });
  expect(server.secureContext.has('*')).toBe(true);
  expect(server.connections).toBeInstanceOf(Set);
});

test('a connection takes a NUL for its next handler until SASL wants a line', () => {
  const source = String(SMTPConnection);
  expect(source).toContain('this._nextHandler = false');
  expect(source).toContain('this._upgrading = true');
});
