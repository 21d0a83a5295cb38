import { type ControlServer, startControl } from '../control/server.ts';
import { type NameServer, startNameServer } from '../dns/name-server.ts';
import { urlOf } from '../report/serve/host-table.ts';
import type { Served } from '../report/serve/served.ts';
import type { ProviderShelf } from '../sim/load-profiles.ts';
import { NoDoorError } from '../world/doors.ts';
import type { RunningLab } from '../world/running-lab.ts';
import { type Pace, startLab, type WorldLike } from '../world/start-lab.ts';
import { UsageError } from './exit.ts';
import { version } from './version.ts';

/** What is to listen where. */
export interface StandingOptions {
  readonly host: string;
  readonly port: number;
  readonly dnsPort?: number;
  readonly controlPort?: number;
  readonly controlHost: string;
  readonly controlToken?: string;
  readonly clock: Pace;
  readonly seed: string;
  readonly proxy?: boolean;
  readonly caFile?: string;
}

/** Everything that listens. */
export interface Standing {
  readonly lab: RunningLab;
  readonly served: Served;
  close(): Promise<void>;
}

/**
 * Starts the hosts of a world and what goes with them. Throws a UsageError for an address that cannot be listened at and a
 * WorldError for a world that is not well-formed; nothing keeps listening then.
 */
export async function standUp(
  world: string | WorldLike,
  options: StandingOptions,
  shelf: ProviderShelf,
): Promise<Standing> {
  const open: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    for (const one of open.reverse()) await one.close();
  };
  try {
    const lab = await listening('--port', startHosts(world, options, shelf));
    open.push(lab);
    if (lab.hosts.length === 0 && options.dnsPort === undefined)
      throw new UsageError('nobody listens in this world; --dns-port serves its zone.');
    const dns = await listening('--dns-port', startDns(lab, options));
    if (dns) open.push(dns);
    const control = await listening('--control-port', startSteering(lab, options));
    if (control) open.push(control);
    return { lab, served: servedBy(lab, { dns, control }, options), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function startHosts(
  world: string | WorldLike,
  { clock, seed, host, port, proxy = false }: StandingOptions,
  shelf: ProviderShelf,
): Promise<RunningLab> {
  return startLab(world, { clock, seed, address: host, port, proxy, shelf });
}

async function startDns(
  lab: RunningLab,
  { host, dnsPort }: StandingOptions,
): Promise<NameServer | undefined> {
  if (dnsPort === undefined) return undefined;
  const address = host.includes('/') ? (lab.hosts[0]?.address ?? '127.0.0.1') : host;
  return startNameServer(lab.outsideResolver, { address, port: dnsPort });
}

async function startSteering(
  lab: RunningLab,
  { controlHost, controlPort, controlToken }: StandingOptions,
): Promise<ControlServer | undefined> {
  if (controlPort === undefined) return undefined;
  const token = controlToken === undefined ? {} : { token: controlToken };
  return startControl(lab, { address: controlHost, port: controlPort, version, ...token });
}

/** Throws a UsageError, which names the option, where the system does not let us listen. */
async function listening<T>(option: string, started: Promise<T>): Promise<T> {
  try {
    return await started;
  } catch (error) {
    const fault = listenFault(error, option);
    throw fault === undefined ? error : new UsageError(fault);
  }
}

function servedBy(
  { hosts }: RunningLab,
  { dns, control }: { readonly dns: NameServer | undefined; readonly control: ControlServer | undefined },
  { controlToken, proxy = false, clock, caFile }: StandingOptions,
): Served {
  return {
    hosts,
    dns: dns ? { address: dns.address, port: dns.port } : null,
    control: control
      ? {
          address: control.address,
          port: control.port,
          url: urlOf(control),
          token: controlToken !== undefined,
        }
      : null,
    proxy,
    ...(caFile === undefined ? {} : { caFile }),
    clock: typeof clock === 'number' ? `${clock}x` : clock,
  };
}

/** A sentence about an address that cannot be listened at; `undefined` for any other error. */
function listenFault(error: unknown, option: string): string | undefined {
  if (error instanceof NoDoorError) return `${error.message}.`;
  const {
    code,
    address = '',
    port: taken = 0,
  } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  switch (code) {
    case 'EADDRINUSE':
      return `port ${taken} on ${address} is taken, perhaps by another mxlab serve; choose another with ${option}.`;
    case 'EACCES':
      return `port ${taken} on ${address} may not be listened on without more rights; choose one above 1023 with ${option}.`;
    case 'EADDRNOTAVAIL':
      return `${address} is not an address of this machine.`;
    default:
      return undefined;
  }
}
