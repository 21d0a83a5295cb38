import { Worker } from 'node:worker_threads';
import type { RawAnswer, Validator } from '../validator.ts';
import { ModuleError } from './module.ts';

/** What a thread is told when it starts. */
export interface ModuleTask {
  /** `file.mjs#name`, the file as seen from `directory`. */
  readonly reference: string;
  readonly directory: string;
  /** How many times as fast as the world's time goes. */
  readonly pace: number;
  readonly seed: string;
  /** Addresses of name servers. */
  readonly nameServers: readonly string[];
}

/** What a thread says: first that it is ready or why not, then an answer to each address. */
export type ModuleWord =
  | { readonly kind: 'ready' }
  | { readonly kind: 'no-module'; readonly why: string }
  | { readonly kind: 'stray'; readonly error: string }
  | { readonly kind: 'answer'; readonly answer: RawAnswer };

/** What threads are made with. */
export interface ThreadOptions {
  /** The program of a thread. */
  readonly program: URL;
  /** Real ms until a module must be loaded. */
  readonly patience: number;
  /** Calls after so many real ms. Returns how to call it off. */
  readonly alarm: (ms: number, ring: () => void) => () => void;
  /** Told of errors that nobody caught. */
  readonly stray: (error: string) => void;
}

/**
 * A function of a module in threads of its own, one for each question at a time: a thread that is late is ended, whatever it does.
 * Rejects with a ModuleError where there is no such function, or the module is not loaded in time.
 */
export async function moduleApart(task: ModuleTask, options: ThreadOptions): Promise<Validator> {
  const threads = new ModuleThreads(task, options);
  await threads.tryOne();
  return threads;
}

/** As many threads as there are questions at the same time. */
class ModuleThreads implements Validator {
  readonly name: string;
  readonly #task: ModuleTask;
  readonly #options: ThreadOptions;
  /** All that have not ended, those that are loading among them. */
  readonly #live = new Set<ModuleThread>();
  /** Nobody asks them, or is about to. */
  readonly #idle: ModuleThread[] = [];
  /** Each for a question that is about to be put. */
  readonly #kept: ModuleThread[] = [];

  constructor(task: ModuleTask, options: ThreadOptions) {
    this.name = task.reference;
    this.#task = task;
    this.#options = options;
  }

  /** Rejects with a ModuleError. */
  async tryOne(): Promise<void> {
    this.#idle.push(await this.#take());
  }

  async ready(): Promise<void> {
    this.#kept.push(await this.#take());
  }

  async ask(address: string, _doors: unknown, signal: AbortSignal): Promise<RawAnswer> {
    try {
      const thread = this.#kept.pop() ?? (await this.#take());
      const answer = await thread.ask(address, signal);
      if (!thread.ended) this.#idle.push(thread);
      return answer;
    } catch (error) {
      return { kind: 'crashed', why: (error as Error).message };
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#live].map((thread) => thread.end()));
  }

  /** One that waits, or a new one once it has loaded the module. What a module left behind may have ended those that wait. */
  async #take(): Promise<ModuleThread> {
    for (let thread = this.#idle.pop(); thread; thread = this.#idle.pop()) if (!thread.ended) return thread;
    const thread = new ModuleThread(this.#task, this.#options, () => this.#live.delete(thread));
    this.#live.add(thread);
    await thread.load();
    return thread;
  }
}

/** One thread, and what it is waited for. */
class ModuleThread {
  ended = false;
  readonly #file: string;
  readonly #options: ThreadOptions;
  readonly #worker: Worker;
  #heard: (word: ModuleWord) => void = () => {};
  #lost: (why: string) => void = () => {};

  constructor(task: ModuleTask, options: ThreadOptions, over: () => void) {
    this.#file = task.reference.split('#')[0] ?? '';
    this.#options = options;
    this.#worker = new Worker(options.program, { workerData: task });
    this.#worker.on('message', (word: ModuleWord) =>
      word.kind === 'stray' ? options.stray(word.error) : this.#heard(word),
    );
    this.#worker.on('error', (error) => this.#lose(error.message));
    this.#worker.on('exit', (code) => {
      over();
      this.#lose(`it ended its process with ${code}`);
    });
  }

  /** Resolves once the module is loaded. Rejects with a ModuleError. */
  async load(): Promise<void> {
    const { alarm, patience } = this.#options;
    const late = new AbortController();
    const callOff = alarm(patience, () => late.abort());
    const word = await this.#next(late.signal)
      .catch((error: Error) => {
        throw new ModuleError(`${this.#file} cannot be loaded: ${error.message}`);
      })
      .finally(callOff);
    if (word?.kind === 'ready') return;
    await this.end();
    throw new ModuleError(
      word?.kind === 'no-module'
        ? word.why
        : `${this.#file} cannot be loaded: it is not done within ${patience / 1_000} s`,
    );
  }

  /** Ends the thread when the signal fires first. */
  async ask(address: string, signal: AbortSignal): Promise<RawAnswer> {
    this.#worker.postMessage(address);
    const word = await this.#next(signal);
    if (word?.kind === 'answer') return word.answer;
    await this.end();
    return { kind: 'hung' };
  }

  async end(): Promise<void> {
    this.ended = true;
    await this.#worker.terminate();
  }

  /** What it says next; undefined when the signal fires first. Rejects when it ends. */
  #next(signal: AbortSignal): Promise<ModuleWord | undefined> {
    return new Promise((resolve, reject) => {
      this.#heard = resolve;
      this.#lost = (why) => reject(new Error(why));
      if (signal.aborted) return resolve(undefined);
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
  }

  #lose(why: string): void {
    this.ended = true;
    this.#lost(why);
  }
}
