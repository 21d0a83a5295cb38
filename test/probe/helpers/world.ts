import type { Zone } from '../../../src/dns/zone.ts';
import { type Attempt, type AttemptOptions, attempt } from '../../../src/probe/attempt.ts';
import { serve } from './at-host.ts';
import { host, type Manners } from './host.ts';
import type { Peer, ScriptedServer } from './scripted-server.ts';

/** Two hosts for example.net, the first with two addresses, and whatever else is given. */
export const usualZone: Zone = {
  'example.net': {
    mx: [
      { preference: 10, exchange: 'mx1.example.net' },
      { preference: 20, exchange: 'mx2.example.net' },
    ],
  },
  'mx1.example.net': { a: ['192.0.2.1', '192.0.2.2'] },
  'mx2.example.net': { a: ['192.0.2.3'] },
};

export interface World {
  readonly server: ScriptedServer;
  attempt(options?: Partial<AttemptOptions>): Promise<Attempt>;
  /** What the host at an address was told, over all its connections. */
  told(address: string): string[];
}

/** Hosts by their addresses: manners, or the code with which dialling fails. The last manners stand for later connections. */
export async function world(
  hosts: Readonly<Record<string, Manners | string | readonly Manners[]>>,
  zone: Zone = usualZone,
): Promise<World> {
  const calls = new Map<string, Peer[]>();
  const server: ScriptedServer = await serve(
    async (peer) => {
      const address =
        server.dialled.filter((dialled) => typeof hosts[dialled] !== 'string')[peer.number - 1] ?? '';
      const here = [...(calls.get(address) ?? []), peer];
      calls.set(address, here);
      const given = [hosts[address] ?? {}].flat() as Manners[];
      await host(given[Math.min(here.length, given.length) - 1])(peer);
    },
    { zone },
  );
  for (const [address, code] of Object.entries(hosts))
    if (typeof code === 'string') server.failures.set(address, code);
  return {
    server,
    attempt: (options) =>
      attempt(server.environment, {
        recipients: ['ada@example.net'],
        sender: 'probe@example.org',
        helo: 'probe.example.org',
        ...options,
      }),
    told: (address) => (calls.get(address) ?? []).flatMap(({ lines }) => lines),
  };
}
