import { isIP } from 'node:net';
import { InvalidArgumentError } from 'commander';
import type { Pace } from '../world/start-lab.ts';

/** A port to listen on; 0 is a free one. */
export function port(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('It must be a port from 0 to 65535.');
  return Number(text);
}

/** How the clock of the hosts goes: `real`, `manual`, or so many times as fast, such as `60x`. */
export function pace(text: string): Pace {
  if (text === 'real' || text === 'manual') return text;
  const times = Number(/^(\d{1,6}(?:\.\d{1,3})?)x$/.exec(text)?.[1]);
  if (!(times > 0))
    throw new InvalidArgumentError('It must be real, manual, or so many times as fast, such as 60x.');
  return times;
}

/** An address to listen at, or an IPv4 network of such. */
export function listenAddress(text: string): string {
  const address = text === 'localhost' ? '127.0.0.1' : text.replace(/^\[(.*)\]$/, '$1');
  const [base = '', bits] = address.split('/');
  const network = bits !== undefined && isIP(base) === 4 && /^\d{1,2}$/.test(bits) && Number(bits) <= 30;
  if (!network && (bits !== undefined || isIP(base) === 0))
    throw new InvalidArgumentError(
      'It must be an address such as 127.0.0.1, or an IPv4 network such as 127.0.1.0/24.',
    );
  return address;
}
