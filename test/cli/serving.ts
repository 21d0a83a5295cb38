import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { onTestFinished } from 'vitest';
import { type Ended, main, root } from './mxlab.ts';

export interface ReadyLine {
  readonly ready: true;
  readonly hosts: readonly {
    readonly name: string;
    readonly provider: string;
    readonly address: string;
    readonly port: number;
  }[];
  readonly dns: { readonly address: string; readonly port: number } | null;
  readonly control: { readonly address: string; readonly port: number; readonly url: string } | null;
}

/** `mxlab serve` as a process of its own, as it is built. */
export class Serving {
  readonly ended: Promise<Ended>;
  readonly #child;
  stdout = '';
  stderr = '';
  #wake: () => void = () => {};

  constructor(
    args: readonly string[],
    {
      cwd = root,
      env = {},
      read = true,
    }: { cwd?: string; env?: Record<string, string>; read?: boolean } = {},
  ) {
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(process.execPath, [main, 'serve', ...args], {
      cwd,
      env: { PATH, HOME, LANG: 'C.UTF-8', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    onTestFinished(() => void child.kill('SIGKILL'));
    child.stdout.setEncoding('utf8');
    child.stderr.setEncoding('utf8');
    const hear = (text: string): void => {
      this.stdout += text;
      if (!read && this.stdout.includes('\n')) child.stdout.removeAllListeners('data').pause();
      this.#wake();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', (text: string) => {
      this.stderr += text;
    });
    this.ended = new Promise((resolve) => {
      child.on(read ? 'close' : 'exit', (code) => {
        resolve({ code, stdout: this.stdout, stderr: this.stderr });
        this.#wake();
      });
    });
  }

  /** Waits until this has come out. Rejects when the program ends before. */
  async until(wanted: RegExp): Promise<RegExpExecArray> {
    let over = false;
    void this.ended.then(() => {
      over = true;
    });
    for (;;) {
      const found = wanted.exec(this.stdout);
      if (found) return found;
      if (over) throw new Error(`${wanted} did not come:\n${this.stdout}\n${this.stderr}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** With --json: the first line. */
  async ready(): Promise<ReadyLine> {
    return JSON.parse((await this.until(/^(.*)\n/))[1] ?? '');
  }

  /** With --json: the other lines so far. */
  get records(): Record<string, unknown>[] {
    return this.stdout
      .split('\n')
      .slice(1, -1)
      .map((line) => JSON.parse(line));
  }

  /** Closes the reading end of its standard output. */
  hangUp(): void {
    this.#child.stdout?.destroy();
  }

  interrupt(signal: NodeJS.Signals = 'SIGINT'): Promise<Ended> {
    this.#child.kill(signal);
    return this.ended;
  }
}

/** What the control API answers to a request. */
export interface Answered {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: unknown;
}

/** Asks the control API as a program does. */
export async function ask(
  url: string,
  method = 'GET',
  { body, headers = {} }: { readonly body?: object; readonly headers?: http.OutgoingHttpHeaders } = {},
): Promise<Answered> {
  const json = body ? { 'content-type': 'application/json' } : {};
  const request = http.request(url, { method, agent: false, headers: { ...json, ...headers } });
  request.end(body && JSON.stringify(body));
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  let text = '';
  for await (const part of response.setEncoding('utf8')) text += part;
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: /json/.test(`${response.headers['content-type']}`) ? JSON.parse(text) : text || undefined,
  };
}
