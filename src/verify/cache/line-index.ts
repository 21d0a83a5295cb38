const smallest = 1_024;
const fullest = 0.7;

/**
 * Where in a file the line of each key begins. 16 bytes a slot, whatever stands in the lines: a million keys take 32 MiB. Keys are hashes:
 * of each only the first 64 bits count, so who reads the line compares the rest.
 */
export class LineIndex {
  #hashes = new Uint32Array(smallest * 2);
  /** Byte offsets, one higher; 0 is a free slot. */
  #places = new Float64Array(smallest);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(key: Buffer): number | undefined {
    const place = this.#places[this.#slot(key.readUInt32LE(0), key.readUInt32LE(4))] ?? 0;
    return place === 0 ? undefined : place - 1;
  }

  set(key: Buffer, offset: number): void {
    if (this.#size >= this.#places.length * fullest) this.#grow();
    const [high, low] = [key.readUInt32LE(0), key.readUInt32LE(4)];
    if (this.#put(this.#slot(high, low), { high, low, place: offset + 1 })) this.#size++;
  }

  /** True when the slot was free. */
  #put(slot: number, { high, low, place }: { high: number; low: number; place: number }): boolean {
    const free = this.#places[slot] === 0;
    this.#places[slot] = place;
    this.#hashes[slot * 2] = high;
    this.#hashes[slot * 2 + 1] = low;
    return free;
  }

  /** The slot of a hash, or the free one where it would go. */
  #slot(high: number, low: number): number {
    const mask = this.#places.length - 1;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      if (this.#places[slot] === 0) return slot;
      if (this.#hashes[slot * 2] === high && this.#hashes[slot * 2 + 1] === low) return slot;
    }
  }

  #grow(): void {
    const [hashes, places] = [this.#hashes, this.#places];
    this.#hashes = new Uint32Array(hashes.length * 2);
    this.#places = new Float64Array(places.length * 2);
    for (const [i, place] of places.entries()) {
      if (place === 0) continue;
      const [high, low] = [hashes[i * 2] ?? 0, hashes[i * 2 + 1] ?? 0];
      this.#put(this.#slot(high, low), { high, low, place });
    }
  }
}
