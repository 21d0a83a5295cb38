/** Calls `work` after everybody else who is waiting for I/O had a turn. */
export function nextRound(work: () => void): void {
  setImmediate(work);
}
