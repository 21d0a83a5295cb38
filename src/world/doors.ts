import { isIPv4, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';
import type { Door } from '../sim/simulated-host.ts';

/** There are more hosts than places to listen at. */
export class NoDoorError extends Error {}

const lastPort = 65_535;

/**
 * Where the hosts of a world listen for programs. At one address: at ports one after the other, or free ones. In an IPv4
 * network such as `127.0.1.0/24`: each host at an address of its own and all at the same port, so that DNS can lead to them.
 */
export class Doors {
  readonly #network: boolean;
  readonly #first: string;
  readonly #size: number;
  #port: number;
  #given = 0;

  /** Throws a TypeError for what is neither an address nor an IPv4 network. */
  constructor(where: string, port: number) {
    this.#network = where.includes('/');
    if (this.#network ? !ipaddr.IPv4.isValidCIDR(where) : !isIPv4(where) && !isIPv6(where))
      throw new TypeError(`${where} is neither an address nor an IPv4 network such as 127.0.1.0/24`);
    this.#first = this.#network ? ipaddr.IPv4.networkAddressFromCIDR(where).toString() : where;
    this.#size = this.#network ? 2 ** (32 - Number(where.split('/')[1])) : 1;
    this.#port = port;
  }

  /** Each host has an address of its own. */
  get network(): boolean {
    return this.#network;
  }

  /** The door of the next host. Throws a NoDoorError when there are no more addresses or ports. */
  next(): Door {
    const number = this.#given++;
    if (this.#network) return { address: this.#address(number + 1), port: this.#port };
    if (this.#port === 0) return { address: this.#first, port: 0 };
    const port = this.#port + number;
    if (port > lastPort)
      throw new NoDoorError(`host ${number + 1} would need port ${port}, and ${lastPort} is the last`);
    return { address: this.#first, port };
  }

  /** The port at which the first host has come to listen; in a network all others take the same. */
  opened(port: number): void {
    if (this.#network && this.#port === 0) this.#port = port;
  }

  #address(number: number): string {
    if (number >= this.#size)
      throw new NoDoorError(
        `the network ${this.#first} has no more than ${this.#size - 1} addresses for hosts`,
      );
    const start = Buffer.from(ipaddr.IPv4.parse(this.#first).octets).readUInt32BE();
    const octets = Buffer.alloc(4);
    octets.writeUInt32BE(start + number);
    return [...octets].join('.');
  }
}

/** The address by which others reach what listens at an address: of a wildcard, this machine's own. */
export function reachable(address: string): string {
  if (address !== '0.0.0.0' && address !== '::') return address;
  const family = isIPv4(address) ? 'IPv4' : 'IPv6';
  const own = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return (
    own.find((one) => !one.internal && one.family === family)?.address ??
    (family === 'IPv4' ? '127.0.0.1' : '::1')
  );
}
