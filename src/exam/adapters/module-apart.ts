import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { RawAnswer, Validator } from '../validator.ts';
import { ModuleError } from './module.ts';
import type { ModuleTask, ModuleWord } from './module-thread.ts';

const entry = new URL(`./module-thread${extname(import.meta.url)}`, import.meta.url);

/** Told of errors that nobody caught. */
type Stray = (error: string) => void;

/**
 * A function of a module in threads of its own, one for each question at a time: a thread that is late is ended, whatever it does.
 * Rejects with a ModuleError where there is no such function, or the module is not loaded within `patience` real ms.
 */
export async function moduleApart(task: ModuleTask, patience: number, stray: Stray): Promise<Validator> {
  const idle: ModuleThread[] = [await ModuleThread.start(task, patience, stray)];
  return {
    name: task.reference,
    ask: async (address, _, signal) => {
      try {
        const thread = idle.pop() ?? (await ModuleThread.start(task, patience, stray));
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

  private constructor(worker: Worker, stray: Stray) {
    this.#worker = worker;
    worker.on('message', (word: ModuleWord) =>
      word.kind === 'stray' ? stray(word.error) : this.#heard(word),
    );
    worker.on('error', (error) => this.#lose(error.message));
    worker.on('exit', (code) => this.#lose(`it ended its process with ${code}`));
  }

  /** Resolves once the module is loaded. */
  static async start(task: ModuleTask, patience: number, stray: Stray): Promise<ModuleThread> {
    const thread = new ModuleThread(new Worker(entry, { workerData: task }), stray);
    const [file] = task.reference.split('#');
    const late = AbortSignal.timeout(patience);
    const word = await thread.#next(late).catch((error: Error) => {
      throw new ModuleError(`${file} cannot be loaded: ${error.message}`);
    });
    if (word?.kind === 'ready') return thread;
    await thread.end();
    throw new ModuleError(
      word?.kind === 'no-module'
        ? word.why
        : `${file} cannot be loaded: it is not done within ${patience / 1_000} s`,
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
