/** A mistake found by offset, before it has a line and a column. */
export interface Fault {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly hint?: string;
}

/** Ends the reading of a file that would take too long; the one fault says why. */
export class Unreadable extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.message);
    this.fault = fault;
  }
}

/** After this many mistakes nobody reads on. */
export const mostFaults = 100;
