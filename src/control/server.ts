import { timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { BlockList, isIP } from 'node:net';
import { serve } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import type { RunningLab } from '../world/running-lab.ts';
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

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

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
  if (token === undefined && !isLoopback(address))
    throw new TypeError(`the control API on ${address} needs a token`);
  const app = new Hono();
  const gate = { token, everyName: !isLoopback(address) };
  app.use(async (context, next) => refusal(context, gate) ?? next());
  app.use(
    bodyLimit({
      maxSize: largestBody,
      onError: (context) => context.json({ error: 'the body is too large' }, 413),
    }),
  );
  app.get('/openapi.json', (context) => context.json(openApiDocument(options.version)));
  for (const route of routes) {
    app.on(route.method.toUpperCase(), route.path.replace(/\{(\w+)\}/g, ':$1'), (context) =>
      answer(route, lab, context),
    );
  }
  app.notFound((context) =>
    context.json({ error: 'there is no such thing; GET /openapi.json lists what there is' }, 404),
  );
  return listen(app, address, port);
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

/** Who may pass: with a token those who know it, and by any name only where that is not loopback. */
interface Gate {
  readonly token: string | undefined;
  readonly everyName: boolean;
}

function refusal(context: Context, { token, everyName }: Gate): Response | undefined {
  if (!everyName && !namesThisMachine(context.req.header('host') ?? ''))
    return context.json({ error: 'the Host header does not name this machine' }, 403);
  if (context.req.header('origin') !== undefined)
    // a page in a browser; those may not steer what runs on this machine
    return context.json({ error: 'browsers are not let in' }, 403);
  if (token !== undefined && !knows(context.req.header('authorization') ?? '', token))
    return context.json({ error: 'a bearer token is needed' }, 401);
  const type = context.req.header('content-type');
  if (type !== undefined && !/^application\/json\b(?!-)/i.test(type))
    return context.json({ error: 'bodies must be application/json' }, 415);
  return undefined;
}

function namesThisMachine(host: string): boolean {
  const name = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  return name.toLowerCase() === 'localhost' || isLoopback(name);
}

function isLoopback(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && loopback.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

/** Whether a header gives the token, in a time that does not tell how much of it was right. RFC 6750 2.1 */
function knows(header: string, token: string): boolean {
  const given = Buffer.from(/^Bearer (.+)$/i.exec(header)?.[1] ?? '');
  const wanted = Buffer.from(token);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function answer(route: Route, lab: RunningLab, context: Context): Promise<Response> {
  try {
    const query = route.query ? route.query.parse(context.req.query()) : {};
    const body = route.body ? route.body.parse(await context.req.json()) : undefined;
    const result = await route.handle(lab, {
      path: context.req.param() as Record<string, string>,
      query: query as Record<string, unknown>,
      body,
    });
    if (route.text !== undefined) return context.body(String(result), 200, { 'content-type': route.text });
    return result === undefined ? context.body(null, 204) : told(context, result, 200);
  } catch (error) {
    return told(context, { error: wordsFor(error) }, error instanceof RangeError ? 404 : 400);
  }
}

/** JSON with a line end behind it, for whoever asks from a shell. */
function told(context: Context, value: unknown, status: 200 | 400 | 404): Response {
  return context.body(`${JSON.stringify(value)}\n`, status, { 'content-type': 'application/json' });
}

function wordsFor(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  if (error instanceof SyntaxError) return 'the body is not JSON';
  return error instanceof Error ? error.message : String(error);
}
