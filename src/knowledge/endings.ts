import { describeEnding, type Ending } from '../transcript/ending.ts';
import type { Transcript } from '../transcript/transcript.ts';
import type { KnownEndings } from './client-errors.ts';
import { type Experiment, placeOf, setUpExperiment } from './experiment.ts';
import type { EndingBook, EndingEntry } from './schema/endings.ts';
import { factsOf, type SessionFacts } from './session-facts.ts';
import type { Conclusion } from './vocabulary.ts';

/** One thing that may have brought the ending about. */
interface Candidate {
  readonly side: 'yours' | 'theirs' | 'path';
  readonly cause: string;
  /** What in this session speaks for it; may be empty. */
  readonly evidence: readonly string[];
  readonly advice: string;
  /** What would tell it from the others. */
  readonly experiment: Experiment;
}

export interface EndingExplanation {
  /** The entry's name, such as `hung-up-at-mail`. */
  readonly id: string;
  /** In one phrase, as everywhere: `closed the connection in reply to MAIL FROM`. */
  readonly summary: string;
  readonly says: string;
  /** The likeliest first; what is our own doing and has evidence goes before everything else. */
  readonly causes: readonly Candidate[];
  /** What to do about the likeliest. */
  readonly advice: string;
  readonly verifier: Conclusion;
}

/**
 * Explains how a connection ended, from the ending itself and, where there are any, from its session and `earlier`
 * sessions, oldest first, with this host and others.
 */
export function explainEnding(
  book: EndingBook,
  ending: Ending,
  transcript?: Transcript,
  earlier: readonly Transcript[] = [],
): EndingExplanation {
  const entry = book.endings.find(({ when }) => fits(when, ending));
  if (entry === undefined) throw new Error(`no entry explains an ending of kind ${ending.kind}`);
  const facts = factsOf(ending, transcript, earlier);
  const place = placeOf(transcript);
  const causes = rank(entry, facts).map(({ cause, says }) => ({
    side: cause.side,
    cause: cause.cause,
    evidence: says,
    advice: cause.advice,
    experiment: setUpExperiment(book.experiments[cause.experiment], facts.values, place),
  }));
  return {
    id: entry.id,
    summary: describeEnding(ending),
    says: entry.says,
    causes,
    advice: causes[0]?.advice ?? '',
    verifier: entry.verifier,
  };
}

/** The same book for those who know an ending by its id. */
export function knownEndings(book: EndingBook): KnownEndings {
  return {
    idOf: (ending) => explainEnding(book, ending).id,
    tell(id) {
      const entry = book.endings.find((one) => one.id === id);
      const usual = entry?.causes
        .filter((cause) => cause.if === undefined)
        .sort((a, b) => b.weight - a.weight);
      return entry && { says: entry.says, advice: usual?.[0]?.advice ?? '' };
    },
  };
}

function fits(when: EndingEntry['when'], ending: Ending): boolean {
  if (when.kind !== ending.kind) return false;
  if (when.stage !== undefined && ![when.stage].flat().includes(ending.stage)) return false;
  if (when.why !== undefined && !(ending.kind === 'unreachable' && ending.why === when.why)) return false;
  if (when.unsolicited && !(ending.kind === 'disconnected' && ending.unsolicited)) return false;
  if (when.unspoken && (ending.lastSent !== '' || ending.command !== undefined)) return false;
  if (
    when.code !== undefined &&
    !(ending.kind === 'tls-failed' && matches(when.code, `${ending.code} ${ending.why}`))
  ) {
    return false;
  }
  return when.heard === undefined || (ending.kind === 'misspoke' && matches(when.heard, ending.bytes));
}

/** How much of what the other side sent is looked at. */
const readable = 500;

function matches(source: string, text: string): boolean {
  return new RegExp(source, 'i').test(text.slice(0, readable));
}

interface Ranked {
  readonly cause: EndingEntry['causes'][number];
  readonly says: readonly string[];
}

function rank(entry: EndingEntry, facts: SessionFacts): Ranked[] {
  return entry.causes
    .filter((cause) => cause.if === undefined || [cause.if].flat().some((fact) => facts.holds.has(fact)))
    .filter((cause) => cause.unless === undefined || !facts.holds.has(cause.unless))
    .map((cause) => {
      const evidence = cause.evidence.filter(({ fact }) => facts.holds.has(fact));
      const mine = cause.side === 'yours' && evidence.length > 0;
      const weight = evidence.reduce((sum, { adds }) => sum + adds, cause.weight);
      return {
        cause,
        weight: mine ? weight + oursFirst : weight,
        says: evidence.map(({ says }) => fill(says, facts)),
      };
    })
    .sort((a, b) => b.weight - a.weight);
}

/** More than any evidence can add up to. */
const oursFirst = 100;

function fill(says: string, facts: SessionFacts): string {
  return says.replace(/\{([a-z-]+)\}/g, (all, name: string) => facts.values[name] ?? all);
}
