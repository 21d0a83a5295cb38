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
  const idle: ModuleThread[] = [await ModuleThread.start(task, options)];
  return {
    name: task.reference,
    ask: async (address, _, signal) => {
      try {
        let thread = idle.pop();
        while (thread?.ended) thread = idle.pop(); // what it left behind may have ended it meanwhile
        thread ??= await ModuleThread.start(task, options);
        const answer = await thread.ask(address, signal);
        if (!thread.ended) idle.push(thread);
        return answer;
      } catch (error) {
        return { kind: 'crashed', why: (error as Error).message };
      }
    },
    close: async () => {
      await Promise.all(idle.map((thread) => thread.end()));
    },
  };
}

/** One thread, and what it is waited for. */
class ModuleThread {
  ended = false;
  readonly #worker: Worker;
  #heard: (word: ModuleWord) => void = () => {};
  #lost: (why: string) => void = () => {};

  private constructor(worker: Worker, { stray }: ThreadOptions) {
    this.#worker = worker;
    worker.on('message', (word: ModuleWord) =>
      word.kind === 'stray' ? stray(word.error) : this.#heard(word),
    );
    worker.on('error', (error) => this.#lose(error.message));
    worker.on('exit', (code) => this.#lose(`it ended its process with ${code}`));
  }

  /** Resolves once the module is loaded. */
  static async start(task: ModuleTask, options: ThreadOptions): Promise<ModuleThread> {
    const thread = new ModuleThread(new Worker(options.program, { workerData: task }), options);
    const [file] = task.reference.split('#');
    const late = new AbortController();
    const callOff = options.alarm(options.patience, () => late.abort());
    const word = await thread
      .#next(late.signal)
      .catch((error: Error) => {
        throw new ModuleError(`${file} cannot be loaded: ${error.message}`);
      })
      .finally(callOff);
    if (word?.kind === 'ready') return thread;
    await thread.end();
    throw new ModuleError(
      word?.kind === 'no-module'
        ? word.why
        : `${file} cannot be loaded: it is not done within ${options.patience / 1_000} s`,
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
