/** What is looked at before a run. */
export type PreflightCheck =
  | 'own-address'
  | 'reverse-name'
  | 'helo'
  | 'sender-domain'
  | 'spf'
  | 'block-list'
  | 'port';

/** `doubtful` gets a few answers spoiled, `bad` most of them. */
export type PreflightVerdict = 'fine' | 'doubtful' | 'bad' | 'could not tell';

/** A question to the name system or a connection, and what came back. From the other side: escape it before showing. */
export interface AskedAndAnswered {
  readonly asked: string;
  readonly answered: string;
}

/** What one check found out. */
export interface Finding {
  readonly check: PreflightCheck;
  /** What was looked at: an address, a name, a zone. */
  readonly about: string;
  readonly verdict: PreflightVerdict;
  /** A sentence. */
  readonly says: string;
  readonly evidence: readonly AskedAndAnswered[];
  /** What to do, in a sentence or two. */
  readonly advice?: string;
  /** Where that is written: sections of RFCs, pages of providers. */
  readonly grounds: readonly string[];
}

/** What a check says, without what it was asked to look at. */
export type Judged = Omit<Finding, 'check' | 'about' | 'evidence'>;

/** Whether a run is better not begun. */
export function isBad(findings: readonly Finding[]): boolean {
  return findings.some(({ verdict }) => verdict === 'bad');
}
