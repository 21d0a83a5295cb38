import http from 'node:http';
import { onTestFinished } from 'vitest';
import { type ControlOptions, type ControlServer, startControl } from '../../src/control/server.ts';
import type { RunningLab } from '../../src/world/running-lab.ts';
import { type LabStart, startLab, type WorldLike } from '../../src/world/start-lab.ts';

export interface Steered {
  readonly lab: RunningLab;
  readonly control: ControlServer;
}

const greylisting = { greylisting: { delay: '5m', reply: '450 4.7.1 Greylisted' } };

const world: WorldLike = {
  hosts: {
    'mx.example.net': { provider: 'accept-all', behaviours: [greylisting] },
    'mx.outlook.example': 'outlook',
  },
};

/** A lab with a manual clock and its control API, for the length of one test. */
export async function steered(
  options: Partial<ControlOptions> = {},
  start: LabStart = { clock: 'manual' },
): Promise<Steered> {
  const lab = await startLab(world, start);
  onTestFinished(() => lab.close());
  const control = await startControl(lab, { version: '0.0.0', ...options });
  onTestFinished(() => control.close());
  return { lab, control };
}

export interface Answered {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  readonly body: unknown;
}

export interface Request {
  readonly headers?: http.OutgoingHttpHeaders;
  /** Sent as JSON, unless it is a text. */
  readonly body?: unknown;
}

/** Asks as a program does: with JSON where there is a body. */
export function ask(
  { control }: Steered,
  method: string,
  path: string,
  { headers = {}, body }: Request = {},
): Promise<Answered> {
  const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const json = text === undefined ? {} : { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        host: control.address,
        port: control.port,
        method,
        path,
        headers: { ...json, ...headers },
        agent: false,
      },
      (response) => {
        let heard = '';
        response.setEncoding('utf8').on('data', (part) => {
          heard += part;
        });
        response.on('end', () => {
          const isJson = `${response.headers['content-type']}`.startsWith('application/json');
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: heard,
            body: isJson ? JSON.parse(heard) : undefined,
          });
        });
      },
    );
    request.on('error', reject);
    request.end(text);
  });
}
