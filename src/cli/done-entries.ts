const pageBits = 8_192;

/** Which entries of a list have their row, in a bit each, in pages: any number that is an entry's may come. */
export class DoneEntries {
  readonly #pages = new Map<number, Uint8Array>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  has(n: number): boolean {
    const bit = n % pageBits;
    const byte = this.#pages.get(Math.floor(n / pageBits))?.[bit >> 3] ?? 0;
    return (byte & (1 << (bit & 7))) !== 0;
  }

  add(n: number): void {
    if (this.has(n)) return;
    this.#count++;
    const number = Math.floor(n / pageBits);
    const page = this.#pages.get(number) ?? new Uint8Array(pageBits / 8);
    const bit = n % pageBits;
    page[bit >> 3] = (page[bit >> 3] ?? 0) | (1 << (bit & 7));
    this.#pages.set(number, page);
  }
}
