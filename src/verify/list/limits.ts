/** How much may be asked of one operator: all domains behind the same exchangers, or behind those of one known provider, together. */
export interface OperatorLimits {
  /** Connections at the same time. */
  readonly parallel: number;
  /** Recipients asked about in a second, in the long run. */
  readonly perSecond: number;
  /** Recipients asked about in one connection. */
  readonly perConnection: number;
  /** Recipients asked about in one transaction. */
  readonly perTransaction: number;
}

/** What nobody has complained about: fewer connections and a slower pace than any mail server has. */
export const usualLimits: OperatorLimits = {
  parallel: 2,
  perSecond: 2,
  perConnection: 40,
  perTransaction: 4,
};
