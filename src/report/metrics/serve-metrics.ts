import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ListMetrics } from './list-metrics.ts';

export interface MetricsServer {
  readonly url: string;
  /** Ends what is open, too. */
  close(): Promise<void>;
}

/** How long a client may take over its request, in ms. */
const requestPatience = 5_000;

/** Answers `GET /metrics`. Nothing else is served, and nothing is changed. Rejects with a system error such as EADDRINUSE. */
export async function serveMetrics(
  metrics: ListMetrics,
  { address, port }: { readonly address: string; readonly port: number },
): Promise<MetricsServer> {
  const server = createServer(
    { requestTimeout: requestPatience, headersTimeout: requestPatience },
    (request, response) => {
      const path = request.url?.split('?')[0];
      const refused = (status: number, why: string, headers = {}): void =>
        void response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(`${why}\n`);
      if (path !== '/metrics') return refused(404, 'There is only /metrics.');
      if (request.method !== 'GET' && request.method !== 'HEAD')
        return refused(405, '/metrics takes GET.', { allow: 'GET, HEAD' });
      metrics.text().then(
        (text) => response.writeHead(200, { 'content-type': metrics.contentType }).end(text),
        () => refused(500, 'A defect of mxlab.'),
      );
    },
  );
  server.maxConnections = 50;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, address, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const at = server.address() as AddressInfo;
  const host = at.family === 'IPv6' ? `[${at.address}]` : at.address;
  return {
    url: `http://${host}:${at.port}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
