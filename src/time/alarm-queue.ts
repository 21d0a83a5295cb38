/** One alarm waiting in the queue. `ring` is emptied when it is called off. */
export interface QueuedAlarm {
  readonly at: number;
  readonly order: number;
  ring: (() => void) | undefined;
}

/** A binary heap of alarms: earliest first, and of two at the same instant the one set first. */
export class AlarmQueue {
  readonly #heap: QueuedAlarm[] = [];
  #set = 0;

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

  /** The earliest alarm that has not been called off, left in place. */
  peek(): QueuedAlarm | undefined {
    while (this.#heap.length > 0 && this.#heap[0]?.ring === undefined) this.#removeFirst();
    return this.#heap[0];
  }

  take(): QueuedAlarm | undefined {
    const first = this.peek();
    if (first) this.#removeFirst();
    return first;
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
