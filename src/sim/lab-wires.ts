import type { Socket } from 'node:net';

interface Wire {
  readonly client: Socket;
  host: Socket | undefined;
}

/**
 * The connections of a lab, both ends in this process, so that simulated time can wait for bytes that have been written
 * but not yet read. The ends find each other by the client's port.
 */
export class LabWires {
  readonly #wires = new Map<number, Wire>();
  readonly #accepted = new Map<number, Socket>();

  /** The host's end. Called for every accepted socket. */
  accepted(host: Socket): void {
    const port = host.remotePort;
    if (port === undefined) return;
    const wire = this.#wires.get(port);
    if (wire) wire.host = host;
    else this.#accepted.set(port, host);
    host.once('close', () => this.#forget(port, host));
  }

  /** The client's end. Called once it is connected. */
  connected(client: Socket): void {
    const port = client.localPort;
    if (port === undefined) return;
    this.#wires.set(port, { client, host: this.#accepted.get(port) });
    this.#accepted.delete(port);
    client.once('close', () => this.#forget(port, client));
  }

  /** Bytes on their way between clients and hosts, and hang-ups that the other side has not noticed yet. */
  readonly inFlight = (): number => {
    let count = 0;
    for (const wire of this.#wires.values()) count += inFlightOn(wire);
    return count;
  };

  #forget(port: number, end: Socket): void {
    if (this.#accepted.get(port) === end) this.#accepted.delete(port);
    const wire = this.#wires.get(port);
    if (
      wire &&
      (wire.client === end || wire.host === end) &&
      wire.client.closed &&
      wire.host?.closed !== false
    ) {
      this.#wires.delete(port);
    }
  }
}

function inFlightOn({ client, host }: Wire): number {
  if (!host) return client.destroyed ? 0 : 1;
  if (client.destroyed || host.destroyed) return client.closed && host.closed ? 0 : 1;
  const bytes = client.bytesWritten - host.bytesRead + (host.bytesWritten - client.bytesRead);
  const hangUp = host.writableFinished && !client.readableEnded ? 1 : 0;
  return bytes + hangUp;
}
