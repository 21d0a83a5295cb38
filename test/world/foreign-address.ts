import { networkInterfaces } from 'node:os';

const ours = new Set(
  Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ address }) => address)),
);

/** An address for documentation (RFC 5737) that this machine does not have, whatever its makers thought of. */
export const foreignAddress = ['203.0.113.251', '198.51.100.251', '192.0.2.251'].find(
  (address) => !ours.has(address),
) as string;
