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
  #busy: Wire | undefined;

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

  /**
   * Bytes on their way between a client and a host, or a hang-up that the other side has not noticed yet; of one connection, as the
   * clock asks in every round and only wants to know whether there is any. The one that was busy last is asked first.
   */
  readonly inFlight = (): number => {
    const still = this.#busy ? inFlightOn(this.#busy) : 0;
    if (still > 0) return still;
    this.#busy = undefined;
    for (const wire of this.#wires.values()) {
      const count = inFlightOn(wire);
      if (count === 0) continue;
      this.#busy = wire;
      return count;
    }
    return 0;
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
      if (this.#busy === wire) this.#busy = undefined;
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
