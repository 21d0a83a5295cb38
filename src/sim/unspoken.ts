import type { Command } from './protocol.ts';

/** What a host answers without a command line: that somebody connected, that a message is complete, that its own patience is over. */
export const greeting: Command = {
  stage: 'greeting',
  verb: '',
  argument: '',
  address: '',
  parameters: new Map(),
  parameter: '',
  fault: undefined,
};
export const theMessage: Command = { ...greeting, stage: 'message', verb: 'DATA' };
export const nobody: Command = { ...greeting, stage: 'command' };

/** What is written down of lines that are none. */
export const overlong = Buffer.from('(a line that is too long)');
export const aClientHello = Buffer.from('(a TLS ClientHello)');
