import type { Explanation } from '../../knowledge/explanation.ts';
import type { Knowledge } from '../../knowledge/knowledge.ts';
import { isPositive } from '../../smtp/reply.ts';
import { escapeControls } from '../../text/escape.ts';
import type { DialogueEntry, SpokenReply } from '../dialogue.ts';
import { aboutWords, conclusionWords, retryWords, sideWords } from '../words.ts';
import type { Layout } from './layout.ts';

/** Causes of an ending that are named. */
const mostCauses = 3;

type Ended = Extract<DialogueEntry, { kind: 'ending' }>;

/** Puts explanations below what the host did. What was explained before in the same run is only named again. */
export class Explainer {
  readonly #knowledge: Knowledge;
  readonly #explained = new Set<string>();

  constructor(knowledge: Knowledge) {
    this.#knowledge = knowledge;
  }

  below(entry: DialogueEntry, layout: Layout): string[] {
    if (entry.kind === 'reply') return this.#belowReply(entry, layout);
    return entry.kind === 'ending' ? this.#belowEnding(entry, layout) : [];
  }

  #belowReply({ reply, stage, provider }: SpokenReply, layout: Layout): string[] {
    const explanation = this.#knowledge.explain(reply, { stage, ...(provider === undefined ? {} : { provider }) });
    const { dim } = layout.palette;
    if (isPositive(reply)) {
      const odd = explanation.contradictions.filter((sentence) => this.#isNew(sentence));
      return [firstSentence(explanation.says), ...odd.map((sentence) => `But: ${sentence}`)].flatMap((text) => layout.aside(safe(text), dim));
    }
    const { reason, about, says } = explanation;
    const title = `${reason}: ${this.#knowledge.reasons[reason].title}, ${aboutWords[about]}`;
    if (this.#isNew(`${reason} ${about} ${says}`)) return [...layout.aside(safe(title), layout.palette.strong), ...this.#inFull(explanation, layout)];
    return layout.aside(safe(`${title} (explained above)`), dim);
  }

  #inFull(explanation: Explanation, layout: Layout): string[] {
    const { code, enhanced, says, causes, advice, retry, retryNote, verifier, contradictions, notes } = explanation;
    const codes = [code, enhanced].flatMap((meaning) => (meaning ? [`${meaning.code} ${meaning.title}`] : []));
    const paragraphs = [
      codes.join('; '),
      says,
      ...causes.slice(0, 2).map((cause, i) => `${i === 0 ? 'Often: ' : 'Or: '}${cause}`),
      `Do: ${advice}`,
      [`${retryWords[retry]}${retryNote === undefined ? '' : ` (${retryNote.replace(/\.$/, '')})`}.`, `${conclusionWords[verifier]}.`].join(' '),
      ...contradictions.map((sentence) => `But: ${sentence}`),
      ...notes.slice(0, 1).map((note) => `Note: ${note}`),
    ];
    return paragraphs.filter((text) => text !== '').flatMap((text) => layout.aside(safe(text), layout.palette.dim));
  }

  #belowEnding({ ending, transcript }: Ended, layout: Layout): string[] {
    const { id, says, causes, advice, verifier } = this.#knowledge.explainEnding(ending, transcript);
    const { dim } = layout.palette;
    const words = [
      ...causes.slice(0, mostCauses).map(({ side, cause, evidence }) => `${sideWords[side]}: ${[cause, ...evidence].join(' ')}`),
      `Do: ${advice}`,
      `${conclusionWords[verifier]}.`,
    ];
    if (!this.#isNew([id, ...words].join())) return layout.aside(safe(`${says} (explained above)`), dim);
    return [safe(says), ...words.map(safe)].flatMap((text, i) => layout.aside(text, i === 0 ? layout.palette.strong : dim));
  }

  #isNew(text: string): boolean {
    const known = this.#explained.has(text);
    this.#explained.add(text);
    return !known;
  }
}

function firstSentence(text: string): string {
  return /^.+?[.!](?=\s|$)/s.exec(text)?.[0] ?? text;
}

/** Explanations are ours, and may quote the other side. */
function safe(text: string): string {
  return escapeControls(text.replace(/\s+/g, ' ').trim());
}
