import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { z } from 'zod';
import { judgeValue } from '../datafile/validate.ts';
import { isLoopback } from '../probe/live-dial.ts';
import { type RunningLab, WaitError } from '../world/running-lab.ts';
import { type Gate, turnAway } from './gate.ts';
import { openApiDocument } from './openapi.ts';
import { type Route, routes } from './routes.ts';

export interface ControlOptions {
  readonly address?: string;
  readonly port?: number;
  /** Every request must carry it as a bearer token. Needed where `address` is not loopback. */
  readonly token?: string;
  readonly version: string;
}

export interface ControlServer {
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

/** A host that has met many clients has much to remember, and what was read must be taken up again. */
const largestBody = 16 * 1024 * 1024;

/**
 * Starts the control API. On loopback, only programs on this machine reach it: the Host header must name this machine (a page
 * that has its name rebound to 127.0.0.1 gives another). Elsewhere it goes by many names, and a token is asked for. No CORS
 * header is ever sent, no browser is let in, and bodies must be JSON.
 * Throws a TypeError for an address that is not loopback without a token; rejects with a system error such as EADDRINUSE.
 */
export async function startControl(lab: RunningLab, options: ControlOptions): Promise<ControlServer> {
  const { address = '127.0.0.1', port = 0, token } = options;
  const everyName = !isLoopback(address);
  if (token === undefined && everyName) throw new TypeError(`the control API on ${address} needs a token`);
  return listen(appOf(lab, { token, everyName }, options.version), address, port);
}

function appOf(lab: RunningLab, gate: Gate, version: string): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    const away = turnAway(gate, (name) => context.req.header(name));
    return away ? refused(context, away.status, away.error) : next();
  });
  app.use(
    bodyLimit({
      maxSize: largestBody,
      onError: (context) => refused(context, 413, 'the body is too large'),
    }),
  );
  app.get('/openapi.json', (context) => told(context, openApiDocument(version)));
  const methods = new Map<string, string[]>();
  for (const route of routes) {
    const path = route.path.replace(/\{(\w+)\}/g, ':$1');
    app.on(route.method.toUpperCase(), path, (context) => answer(route, lab, context));
    methods.set(path, [...(methods.get(path) ?? []), route.method.toUpperCase()]);
  }
  for (const [path, allowed] of [...methods, ['/openapi.json', ['GET']] as const]) {
    app.all(path, (context) => {
      context.header('allow', allowed.join(', ')); // RFC 9110 15.5.6
      return refused(context, 405, `${path.replace(/:(\w+)/g, '{$1}')} takes ${allowed.join(' and ')}`);
    });
  }
  app.notFound((context) =>
    refused(context, 404, 'there is no such thing; GET /openapi.json lists what there is'),
  );
  app.onError((error, context) => refused(context, 500, `a defect of mxlab: ${error.message}`));
  return app;
}

function listen(app: Hono, address: string, port: number): Promise<ControlServer> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: address, port }, (info: AddressInfo) =>
      resolve({
        address,
        port: info.port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            if ('closeAllConnections' in server) server.closeAllConnections();
          }),
      }),
    );
    server.once('error', reject);
  });
}

async function answer(route: Route, lab: RunningLab, context: Context): Promise<Response> {
  const query = judge(context.req.query(), route.query);
  if ('wrong' in query) return refused(context, 400, query.wrong);
  const body = await bodyOf(context, route.body);
  if ('wrong' in body) return refused(context, 400, body.wrong);
  const path = context.req.param() as Record<string, string>;
  try {
    const asked = { path, query: (query.value ?? {}) as Record<string, unknown>, body: body.value };
    const result = await route.handle(lab, asked);
    if (route.text !== undefined) return context.body(String(result), 200, { 'content-type': route.text });
    return result === undefined ? context.body(null, 204) : told(context, result);
  } catch (error) {
    if (error instanceof RangeError) return refused(context, 404, error.message);
    if (error instanceof TypeError) return refused(context, 400, error.message);
    if (error instanceof WaitError) return refused(context, 504, error.message);
    throw error;
  }
}

type Judged = { readonly value?: unknown } | { readonly wrong: string };

function judge(value: unknown, schema: z.ZodType | undefined): Judged {
  return schema ? judgeValue(value, schema) : {};
}

async function bodyOf(context: Context, schema: z.ZodType | undefined): Promise<Judged> {
  if (!schema) return {};
  const text = await context.req.text();
  try {
    return judge(JSON.parse(text), schema);
  } catch (error) {
    if (error instanceof SyntaxError) return { wrong: 'the body is not JSON' };
    throw error;
  }
}

function refused(
  context: Context,
  status: 400 | 401 | 403 | 404 | 405 | 413 | 415 | 500 | 504,
  error: string,
): Response {
  return told(context, { error }, status);
}

/** JSON with a line end behind it, for whoever asks from a shell. */
function told(context: Context, value: unknown, status: Parameters<typeof refused>[1] | 200 = 200): Response {
  return context.body(`${JSON.stringify(value)}\n`, status, { 'content-type': 'application/json' });
}
