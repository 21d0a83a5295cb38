import type { Surroundings } from './surroundings.ts';

/** ms between two looks. */
const pause = 250;

/** Tells a waiting person how many lines were read; silent where standard error is no terminal. */
export class Progress {
  readonly #surroundings: Surroundings;
  #lines = 0;
  #told: number;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.#told = surroundings.stopwatch();
  }

  async *watch(batches: AsyncIterable<readonly string[]>): AsyncGenerator<readonly string[]> {
    for await (const lines of batches) {
      this.#lines += lines.length;
      this.#tell();
      yield lines;
    }
  }

  end(): void {
    this.#surroundings.progress?.('');
  }

  #tell(): void {
    const now = this.#surroundings.stopwatch();
    if (this.#surroundings.progress === undefined || now - this.#told < pause) return;
    this.#told = now;
    this.#surroundings.progress(`${this.#lines.toLocaleString('en-US')} lines read`);
  }
}
