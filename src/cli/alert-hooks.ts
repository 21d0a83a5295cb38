import { type ChildProcess, spawn } from 'node:child_process';
import { isLoopback } from '../probe/live-dial.ts';
import { alertRecord } from '../report/verify/alert-record.ts';
import { escapeControls } from '../text/escape.ts';
import type { Clock } from '../time/clock.ts';
import { seconds } from '../time/duration.ts';
import { RealClock } from '../time/real-clock.ts';
import type { Alert } from '../verify/list/alerts.ts';
import { endGroup } from './end-group.ts';
import { UsageError } from './exit.ts';
import type { WatchFlags } from './verify-watch.ts';

/** How long a command or a webhook may take. */
const patience = seconds(30);
/** Tries of a webhook, and the pause before the second; before the third it is twice as long. */
const tries = 3;
const pause = seconds(1);
/** A program can be ended with everything that it has started. */
const hasGroups = process.platform !== 'win32';
/** Alerts that wait for the hook; more are told of on the terminal alone. */
const mostWaiting = 100;

/** Tells a command and a webhook of alerts, one after the other. What goes wrong there is told, and ends nothing. */
export class AlertHooks {
  readonly #command: string | undefined;
  readonly #webhook: URL | undefined;
  readonly #redact: boolean;
  readonly #clock: Clock;
  /** How a person is told of what goes wrong. */
  say: (line: string) => void;
  #work: Promise<void> = Promise.resolve();
  #waiting = 0;

  private constructor(
    { alertCommand, redact }: WatchFlags,
    webhook: URL | undefined,
    say: (line: string) => void,
    clock: Clock,
  ) {
    this.#command = alertCommand;
    this.#webhook = webhook;
    this.#redact = redact ?? false;
    this.#clock = clock;
    this.say = say;
  }

  /** Throws a UsageError for a URL that is none, or one outside of this machine without --live. */
  static of(flags: WatchFlags, say: (line: string) => void, clock: Clock = new RealClock()): AlertHooks {
    return new AlertHooks(flags, webhookOf(flags), say, clock);
  }

  get any(): boolean {
    return this.#command !== undefined || this.#webhook !== undefined;
  }

  tell(alert: Alert): void {
    if (!this.any) return;
    if (this.#waiting >= mostWaiting)
      return this.#failed('alert', 'too many wait already; this one goes nowhere');
    this.#waiting++;
    this.#work = this.#work.then(async () => {
      const record = alertRecord(alert, { redacted: this.#redact });
      await Promise.all([this.#run(record), this.#post(record)]);
      this.#waiting--;
    });
  }

  /** Resolves when all have been told. */
  settled(): Promise<void> {
    return this.#work;
  }

  #failed(what: string, why: string): void {
    this.say(`${what} failed: ${escapeControls(why)}.`);
  }

  async #run(record: ReturnType<typeof alertRecord>): Promise<void> {
    if (this.#command === undefined) return;
    const why = await runCommand(this.#clock, this.#command, JSON.stringify(record), {
      MXLAB_ALERT: record.alert,
      MXLAB_ALERT_STATE: record.state,
      MXLAB_ALERT_WHAT: record.what,
      MXLAB_ALERT_COUNT: `${record.count}`,
      MXLAB_ALERT_OF: `${record.of}`,
    });
    if (why !== undefined) this.#failed('--alert-command', why);
  }

  async #post(record: ReturnType<typeof alertRecord>): Promise<void> {
    if (!this.#webhook) return;
    let why: string | undefined;
    for (let n = 0; n < tries; n++) {
      if (n > 0) await this.#clock.sleep(pause * n);
      const came = await post(this.#clock, this.#webhook, JSON.stringify(record));
      if (came === undefined) return;
      why = came.why;
      if (!came.again) break;
    }
    this.#failed('--alert-webhook', why ?? '');
  }
}

function webhookOf({ alertWebhook, live }: WatchFlags): URL | undefined {
  if (alertWebhook === undefined) return undefined;
  const url = URL.canParse(alertWebhook) ? new URL(alertWebhook) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new UsageError('--alert-webhook takes a URL such as http://127.0.0.1:8080/alert.');
  if (url.username !== '' || url.password !== '')
    throw new UsageError('--alert-webhook takes no name and password in the URL; use a path that is secret.');
  if (!live && !isLoopback(url.hostname.replace(/^\[(.*)\]$/, '$1')))
    throw new UsageError(
      `--alert-webhook: ${url.hostname} is not on this machine; add --live. Nothing was asked.`,
    );
  return url;
}

/** Resolves to why it failed, and whether trying again may help; undefined when the alert was taken. Redirects are not followed. */
async function post(
  clock: Clock,
  url: URL,
  body: string,
): Promise<{ readonly why: string; readonly again: boolean } | undefined> {
  const late = new AbortController();
  const alarm = clock.alarm(patience / tries, () => late.abort());
  try {
    const headers = { 'content-type': 'application/json', 'user-agent': 'mxlab' };
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers,
      redirect: 'manual',
      signal: late.signal,
    });
    await response.body?.cancel();
    if (response.ok) return undefined;
    return { why: `it answers ${response.status}`, again: response.status >= 500 || response.status === 429 };
  } catch (error) {
    if (late.signal.aborted) return { why: `no answer within ${patience / tries / 1_000} s`, again: true };
    const { cause, message } = error as Error & { cause?: Error };
    return {
      why: cause?.message || (cause as NodeJS.ErrnoException | undefined)?.code || message,
      again: true,
    };
  } finally {
    alarm.cancel();
  }
}

/** Runs a command of the shell with an input. Resolves to why it failed. */
function runCommand(
  clock: Clock,
  command: string,
  input: string,
  more: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child: ChildProcess = spawn(command, {
      shell: true,
      detached: hasGroups,
      env: { ...process.env, ...more },
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    let said = '';
    let late = false;
    const alarm = clock.alarm(patience, () => {
      late = true;
      if (hasGroups && child.pid !== undefined) endGroup(child.pid);
      else child.kill('SIGKILL');
      child.stderr?.destroy();
    });
    child.on('error', (error) => {
      alarm.cancel();
      resolve(error.message);
    });
    // a child that was not started, since all files that may be open are, has no pipes
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-300);
    });
    child.on('close', (code, signal) => {
      alarm.cancel();
      const words = said.trim() === '' ? '' : `: ${said.trim()}`;
      if (late) resolve(`it was ended after ${patience / 1_000} s`);
      else resolve(code === 0 ? undefined : `it ended with ${code ?? signal}${words}`);
    });
    child.stdin?.on('error', () => {}); // it may not want to read
    child.stdin?.end(`${input}\n`);
  });
}
