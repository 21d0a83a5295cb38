import { isIP } from 'node:net';
import { escapeControls } from '../../text/escape.ts';
import type { Palette } from '../palette.ts';
import { renderTable } from '../table.ts';
import { wrap } from '../width.ts';
import type { Served } from './served.ts';

const heads = ['name', 'provider', 'address', 'port', 'situations'];

/** What listens where, for a person: hosts as a table, and what else there is. */
export function renderServed(served: Served, palette: Palette, columns: number): string[] {
  return [
    ...(served.hosts.length > 0 ? [...hostTable(served.hosts, palette, columns), ''] : []),
    ...remarks(served).flatMap((text) => wrap(text, columns)),
    palette.dim('Ctrl-C ends it.'),
    '',
  ];
}

function hostTable(hosts: Served['hosts'], palette: Palette, columns: number): string[] {
  const rows = hosts.map(({ name, provider, address, port, situations }) =>
    [name, provider, address, `${port}`, situations.join(', ')].map(escapeControls),
  );
  return renderTable(heads, rows, { palette, columns, flexible: heads.length - 1 });
}

function remarks({ hosts, dns, control, proxy, clock, caFile }: Served): string[] {
  const addresses = new Set(hosts.map(({ address }) => address));
  const shared = dns !== null && hosts.length > 1 && addresses.size < hosts.length;
  return [
    ...(dns ? [`DNS answers on ${dns.address} port ${dns.port}, over UDP and TCP.`] : []),
    ...(shared
      ? ['DNS cannot tell ports: give each host an address of its own with --host 127.0.1.0/24 --port 2525.']
      : []),
    ...(control
      ? [
          `The control API is at ${control.url}${control.token ? ' and wants its token' : ''}; ${control.url}/openapi.json says what it can do.`,
        ]
      : []),
    ...(caFile === undefined
      ? []
      : [`${caFile} has the root certificate of the hosts, for clients that check it.`]),
    ...(proxy
      ? [
          'Every connection has to begin with a PROXY line, such as PROXY TCP4 203.0.113.7 192.0.2.1 40000 25.',
        ]
      : []),
    ...(clock === 'real'
      ? []
      : [
          clock === 'manual'
            ? 'The clock stands still until the control API moves it on.'
            : `The clock of the hosts runs ${clock.replace('x', ' times')} as fast.`,
        ]),
  ];
}

/** `http://127.0.0.1:8025`. RFC 3986 3.2.2 */
export function urlOf({ address, port }: { readonly address: string; readonly port: number }): string {
  return `http://${isIP(address) === 6 ? `[${address}]` : address}:${port}`;
}
