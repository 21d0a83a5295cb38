import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { domains, hostPort, placeOf } from './verify-world.ts';

/**
 * The road to the hosts, so many ms long, on which a contestant travels: node verify-road.js MS COMMAND... What a contestant takes is
 * counted where its connections arrive, and printed when it is through.
 */
const [, , length = '0', command = '', ...rest] = process.argv;
const ms = Number(length);
const most = { connections: 0, recipients: 0 };

/** Calls later, in the order of the calls. */
const travel = (arrive: () => void): void => void (ms > 0 ? setTimeout(arrive, ms) : arrive());

/** Carries what one end sends to the other end. */
function carry(from: net.Socket, to: net.Socket, look: (chunk: Buffer) => void): void {
  from.on('data', (chunk: Buffer) => {
    look(chunk);
    travel(() => to.write(chunk));
  });
  from.on('end', () => travel(() => to.end()));
  from.on('error', () => travel(() => to.destroy()));
}

function arrive(client: net.Socket, place: string, open: Set<net.Socket>): void {
  open.add(client);
  most.connections = Math.max(most.connections, open.size);
  let recipients = 0;
  client.setNoDelay(true);
  client.on('end', () => open.delete(client));
  client.on('close', () => open.delete(client));
  const host = new net.Socket({ allowHalfOpen: true });
  host.setNoDelay(true);
  travel(() => host.connect(hostPort, place));
  carry(client, host, (chunk) => {
    recipients += chunk.toString('latin1').split(/RCPT TO:/i).length - 1;
    most.recipients = Math.max(most.recipients, recipients);
  });
  carry(host, client, (chunk) => {
    if (/^221/m.test(chunk.toString('latin1'))) open.delete(client); // said goodbye
  });
}

const servers = domains.map((_, i) => {
  const open = new Set<net.Socket>();
  return net.createServer({ allowHalfOpen: true }, (client) => arrive(client, placeOf(i), open));
});
await Promise.all(servers.map((server, i) => once(server.listen(25, placeOf(i)), 'listening')));
const child = spawn(command, rest, { stdio: 'inherit' });
await once(child, 'close');
console.log(`${most.connections} connections, ${most.recipients} recipients at most`);
process.exit();
