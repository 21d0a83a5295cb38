/** What the exit code says. */
export const exitCodes = { passed: 0, failed: 1, usage: 2, defect: 3, interrupted: 130 } as const;

/** A wrong argument or file; the message is one sentence for the person who typed it. */
export class UsageError extends Error {
  /** What was typed and carets under what is meant, to be shown below. */
  readonly shown: readonly string[];

  constructor(message: string, shown: readonly string[] = []) {
    super(message);
    this.shown = shown;
  }
}
