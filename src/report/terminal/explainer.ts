import type { EndingExplanation } from '../../knowledge/endings.ts';
import type { Explanation } from '../../knowledge/explanation.ts';
import type { Knowledge } from '../../knowledge/knowledge.ts';
import { isPositive } from '../../smtp/reply.ts';
import { escapeControls } from '../../text/escape.ts';
import type { TlsFacts } from '../../transcript/transcript.ts';
import type { DialogueEntry, SpokenReply } from '../dialogue.ts';
import { explainDistrust } from '../distrust.ts';
import { aboutWords, conclusionWords, describeCertificate, retryWords, sideWords } from '../words.ts';
import type { Asides } from './layout.ts';

/** How many of the causes are named. */
const mostCausesOfReply = 2;
const mostCausesOfEnding = 3;

/** A label, which may be empty, and what stands behind it. */
type Paragraph = readonly [label: string, text: string];

type Ended = Extract<DialogueEntry, { kind: 'ending' }>;

/** Puts explanations below what the host did. What was explained before in the same run is only named again. */
export class Explainer {
  readonly #knowledge: Knowledge;
  readonly #explained = new Set<string>();

  constructor(knowledge: Knowledge) {
    this.#knowledge = knowledge;
  }

  below(entry: DialogueEntry, layout: Asides): string[] {
    if (entry.kind === 'reply') return this.#belowReply(entry, layout);
    if (entry.kind === 'ending') return this.#belowEnding(entry, layout);
    return entry.kind === 'note' && entry.event?.kind === 'secured'
      ? this.#belowTls(entry.event.facts, layout)
      : [];
  }

  #belowReply({ reply, stage, provider, unsolicited }: SpokenReply, layout: Asides): string[] {
    const explanation = this.#knowledge.explain(reply, {
      stage,
      ...(provider === undefined ? {} : { provider }),
    });
    const { dim, strong, marks } = layout.palette;
    const { reason, about, says, contradictions } = explanation;
    if (isPositive(reply)) {
      if (unsolicited) return layout.aside('Nobody had asked for this.', dim);
      const odd = contradictions.filter((sentence) => this.#isNew(sentence));
      return [
        ...layout.aside(safe(firstSentence(says)), dim),
        ...odd.flatMap((sentence) => layout.aside(safe(sentence), dim, 'But')),
      ];
    }
    const title = `${reason} ${marks.dot} ${aboutWords[about]}`;
    if (!this.#isNew(`${title} ${says}`)) return layout.aside(`${title} (explained above)`, dim);
    return [...layout.aside(title, strong), ...this.#inFull(explanation, layout)];
  }

  #inFull(explanation: Explanation, layout: Asides): string[] {
    const { code, enhanced, says, causes, advice, retry, retryNote, verifier, contradictions, notes, rule } =
      explanation;
    const codes = [code, enhanced].flatMap((meaning) =>
      meaning ? [`${meaning.code} ${meaning.title}`] : [],
    );
    const again = `${retryWords[retry]}${retryNote === undefined ? '' : ` (${retryNote.replace(/\.$/, '')})`}. ${conclusionWords[verifier]}.`;
    return paragraphs(layout, [
      ['', codes.join('; ')],
      ['', says],
      ...causes.slice(0, mostCausesOfReply).map((cause, i): Paragraph => [i === 0 ? 'Often' : 'Or', cause]),
      ...contradictions.map((sentence): Paragraph => ['But', sentence]),
      // What is said of a code at large does not help where a rule knows the very words.
      ...(isGuess(rule) ? notes.slice(0, 1) : []).map((note): Paragraph => ['Note', note]),
      ['Do', advice],
      ['', again],
    ]);
  }

  #belowEnding({ ending, transcript, earlier }: Ended, layout: Asides): string[] {
    const { id, says, causes, advice, verifier } = this.#knowledge.explainEnding(ending, transcript, earlier);
    const named = causes.slice(0, mostCausesOfEnding);
    const known = [id, ...named.flatMap(({ cause, evidence }) => [cause, ...evidence])].join('\n');
    if (!this.#isNew(known)) return layout.aside(safe(`${says} (explained above)`), layout.palette.dim);
    return [
      ...layout.aside(safe(says), layout.palette.strong),
      ...paragraphs(layout, [
        ...(ending.kind === 'tls-failed' && ending.certificate
          ? [['', describeCertificate(ending.certificate)] as const]
          : []),
        ...named.map(
          ({ side, cause, evidence }): Paragraph => [sideWords[side], [cause, ...evidence].join(' ')],
        ),
        ['Do', advice],
        ...experimentOf(named),
        ['', `${conclusionWords[verifier]}.`],
      ]),
    ];
  }

  /** Why the certificate is not trusted, and what it says. */
  #belowTls(facts: TlsFacts, layout: Asides): string[] {
    const distrust = explainDistrust(facts, this.#knowledge);
    if (distrust === undefined) return [];
    const { says } = distrust;
    const lines = facts.certificate ? [says, describeCertificate(facts.certificate)] : [says];
    return this.#isNew(lines.join())
      ? lines.flatMap((line) => layout.aside(safe(line), layout.palette.dim))
      : [];
  }

  #isNew(text: string): boolean {
    const known = this.#explained.has(text);
    this.#explained.add(text);
    return !known;
  }
}

/** The experiment that would tell the likeliest cause from the others; its command stands alone, to be copied. */
function experimentOf([first]: EndingExplanation['causes']): Paragraph[] {
  if (first === undefined) return [];
  return [
    ['To tell', first.experiment.tells],
    ['', first.experiment.command],
  ];
}

/** Explained by the code alone. */
function isGuess(rule: string): boolean {
  return rule === 'enhanced-code' || rule === 'basic-code';
}

/** What to do stands out; the rest stays behind what was said. */
function paragraphs(layout: Asides, list: readonly Paragraph[]): string[] {
  const { dim } = layout.palette;
  const shown = list.filter(([, text]) => text !== '');
  return shown.flatMap(([label, text]) =>
    layout.aside(safe(text), label === 'Do' ? (line) => line : dim, label),
  );
}

function firstSentence(text: string): string {
  return /^.+?[.!](?=\s|$)/s.exec(text)?.[0] ?? text;
}

/** Explanations are ours, and may quote the other side. */
function safe(text: string): string {
  return escapeControls(text.replace(/\s+/g, ' ').trim());
}
