import type { TracedEndingExplanation, TracedReplyExplanation } from '../trace-format.ts';
import type { PageExplanation } from './page-data.ts';
import { safeProse } from './safe-text.ts';

/** Explanations, each once: many replies of a run share theirs. */
export class ExplanationPool {
  readonly #known = new Map<string, number>();
  readonly all: PageExplanation[] = [];

  reply(explanation: TracedReplyExplanation): number {
    return this.#number(explanation, () => ofReply(explanation));
  }

  ending(explanation: TracedEndingExplanation): number {
    return this.#number(explanation, () => ofEnding(explanation));
  }

  #number(explanation: object, shown: () => PageExplanation): number {
    const key = JSON.stringify(explanation);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, this.all.length);
    return this.all.push(shown()) - 1;
  }
}

function ofReply(explanation: TracedReplyExplanation): PageExplanation {
  const { code, enhanced, adviceFor, retryNote = '', provider } = explanation;
  return {
    of: 'reply',
    reason: safeProse(explanation.reason),
    about: explanation.about,
    codes: [code, enhanced].flatMap((meaning) =>
      meaning === undefined
        ? []
        : [
            {
              code: String(meaning.code),
              title: safeProse(meaning.title),
              says: safeProse(meaning.says),
              source: safeProse(meaning.source),
            },
          ],
    ),
    says: safeProse(explanation.says),
    causes: explanation.causes.map(safeProse),
    advice: safeProse(explanation.advice),
    adviceForAdmin: safeProse(adviceFor.admin ?? ''),
    adviceForValidator: safeProse(adviceFor.validator ?? ''),
    retry: explanation.retry,
    retryNote: safeProse(retryNote),
    verifier: explanation.verifier,
    confidence: explanation.confidence,
    rule: safeProse(explanation.rule),
    because: safeProse(explanation.because),
    contradictions: explanation.contradictions.map(safeProse),
    notes: explanation.notes.map(safeProse),
    ...(provider === undefined ? {} : { provider: { title: safeProse(provider.title), by: provider.by } }),
  };
}

function ofEnding(explanation: TracedEndingExplanation): PageExplanation {
  return {
    of: 'ending',
    id: safeProse(explanation.id),
    summary: safeProse(explanation.summary),
    says: safeProse(explanation.says),
    causes: explanation.causes.map(({ side, cause, evidence, advice, experiment }) => ({
      side,
      cause: safeProse(cause),
      evidence: evidence.map(safeProse),
      advice: safeProse(advice),
      ...(experiment
        ? { experiment: { command: safeProse(experiment.command), tells: safeProse(experiment.tells) } }
        : {}),
    })),
    advice: safeProse(explanation.advice),
    verifier: explanation.verifier,
  };
}
