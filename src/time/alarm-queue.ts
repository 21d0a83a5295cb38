/** Alarms that were called off are swept out when they outnumber the others, and there are at least so many. */
const worthSweeping = 256;

/** One alarm waiting in the queue. `ring` is empty when it was called off. */
export interface QueuedAlarm {
  readonly at: number;
  readonly order: number;
  ring: (() => void) | undefined;
}

/** A binary heap of alarms: earliest first, and of two at the same instant the one set first. */
export class AlarmQueue {
  #heap: QueuedAlarm[] = [];
  #set = 0;
  #calledOff = 0;

  /** How many alarms are kept, those called off and not yet swept out among them. */
  get size(): number {
    return this.#heap.length;
  }

  add(at: number, ring: () => void): QueuedAlarm {
    const alarm = { at, order: this.#set++, ring };
    const heap = this.#heap;
    let i = heap.push(alarm) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!before(alarm, heap[parent] as QueuedAlarm)) break;
      heap[i] = heap[parent] as QueuedAlarm;
      i = parent;
    }
    heap[i] = alarm;
    return alarm;
  }

  callOff(alarm: QueuedAlarm): void {
    if (alarm.ring === undefined) return;
    alarm.ring = undefined;
    this.#calledOff++;
    if (this.#calledOff >= worthSweeping && this.#calledOff * 2 > this.#heap.length) this.#sweep();
  }

  /** The earliest alarm that has not been called off, left in place. */
  peek(): QueuedAlarm | undefined {
    while (this.#heap.length > 0 && this.#heap[0]?.ring === undefined) {
      this.#removeFirst();
      this.#calledOff--;
    }
    return this.#heap[0];
  }

  take(): QueuedAlarm | undefined {
    const first = this.peek();
    if (!first) return undefined;
    this.#removeFirst();
    const taken = { ...first };
    first.ring = undefined; // calling it off from now on means nothing
    return taken;
  }

  /** A sorted list is a heap. */
  #sweep(): void {
    this.#heap = this.#heap
      .filter(({ ring }) => ring !== undefined)
      .sort((a, b) => a.at - b.at || a.order - b.order);
    this.#calledOff = 0;
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      const right = heap[child + 1];
      if (right && before(right, heap[child] as QueuedAlarm)) child++;
      if (!before(heap[child] as QueuedAlarm, last)) break;
      heap[i] = heap[child] as QueuedAlarm;
      i = child;
    }
    heap[i] = last;
  }
}

function before(a: QueuedAlarm, b: QueuedAlarm): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
