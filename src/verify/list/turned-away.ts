/** A question that was not put: its operator does not want to be asked, or the run has ended. */
export class TurnedAway extends Error {}
