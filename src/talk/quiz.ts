import type { Random } from '../chance/seeded-random.ts';
import type { Explanation } from '../knowledge/explanation.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import { aboutWords, retryWords } from '../report/words.ts';
import { isPositive, type Reply, replyFromLines } from '../smtp/reply.ts';
import { stageFacts } from '../smtp/stage.ts';
import { showBytes } from '../text/escape.ts';

/** A question with its choices, of which one is right. */
export interface QuizQuestion {
  /** A reply that the question is about, line by line. */
  readonly quotes?: readonly string[];
  readonly asks: string;
  readonly choices: readonly string[];
  /** Index of the right one. */
  readonly right: number;
  /** Why, with the source. */
  readonly because: string;
}

const choicesShown = 4;

/** Questions without end, drawn from the books of codes and the rules: what a code says, which code says it, what to do about a reply. */
export function* questions(knowledge: Knowledge, random: Random): Generator<QuizQuestion, never> {
  const kinds = [askMeaning, askCode, askEnhanced, askConclusion, askRetry, askAbout];
  for (;;) {
    const kind = kinds[Math.floor(random() * kinds.length)] ?? askMeaning;
    yield kind(knowledge, random);
  }
}

function askMeaning({ codes }: Knowledge, random: Random): QuizQuestion {
  const all = [...codes.values()];
  const chosen = pick(all, random);
  return {
    asks: `What does ${chosen.code} say?`,
    ...choose(
      chosen.title,
      all.map(({ title }) => title),
      random,
    ),
    because: `${chosen.code}: ${chosen.title}. ${chosen.says} (${chosen.source})`,
  };
}

function askCode({ codes }: Knowledge, random: Random): QuizQuestion {
  const all = [...codes.values()];
  const chosen = pick(all, random);
  const others = all.filter(({ title }) => title !== chosen.title).map(({ code }) => `${code}`);
  return {
    asks: `Which code says "${chosen.title}"?`,
    ...choose(`${chosen.code}`, others, random),
    because: `${chosen.code}: ${chosen.says} (${chosen.source})`,
  };
}

function askEnhanced({ enhancedCodes }: Knowledge, random: Random): QuizQuestion {
  const all = [...enhancedCodes.entries()];
  const [code, chosen] = pick(all, random);
  return {
    asks: `What does the enhanced code ${code} say?`,
    ...choose(
      chosen.title,
      all.map(([, { title }]) => title),
      random,
    ),
    because: `${code}: ${chosen.title}. (${chosen.source})`,
  };
}

/** A reply out of the examples of a rule, and what is known of it. */
interface Case {
  readonly quotes: readonly string[];
  /** In reply to what, and by whom. */
  readonly scene: string;
  readonly explanation: Explanation;
}

const doings = {
  deliverable: 'The recipient takes mail.',
  undeliverable: 'The recipient takes no mail: take the address off the list.',
  retry: 'Nothing yet: ask again later.',
  unknown: 'Nothing: it is not about the recipient, or does not say.',
} as const;

function askConclusion(knowledge: Knowledge, random: Random): QuizQuestion {
  const found = caseOf(knowledge, random);
  const { verifier } = found?.explanation ?? { verifier: 'none' };
  if (!found || verifier === 'none') return askMeaning(knowledge, random);
  return {
    quotes: found.quotes,
    asks: `${found.scene}. What may a validator conclude?`,
    ...choose(doings[verifier], Object.values(doings), random),
    because: groundsOf(found.explanation),
  };
}

function askRetry(knowledge: Knowledge, random: Random): QuizQuestion {
  const found = caseOf(knowledge, random);
  if (!found || found.explanation.retry === 'not-needed') return askMeaning(knowledge, random);
  const { retry, retryNote } = found.explanation;
  const { 'not-needed': _, ...choices } = retryWords;
  const note = retryNote === undefined ? '' : ` ${retryNote}`;
  return {
    quotes: found.quotes,
    asks: `${found.scene}. What would you do with the mail?`,
    ...choose(
      `${choices[retry]}.`,
      Object.values(choices).map((choice) => `${choice}.`),
      random,
    ),
    because: `${groundsOf(found.explanation)}${note} ${found.explanation.advice}`,
  };
}

function askAbout(knowledge: Knowledge, random: Random): QuizQuestion {
  const found = caseOf(knowledge, random);
  const about = found?.explanation.about ?? 'unclear';
  if (!found || about === 'unclear') return askMeaning(knowledge, random);
  const { unclear: _, ...choices } = aboutWords;
  return {
    quotes: found.quotes,
    asks: `${found.scene}. Whom or what is it about?`,
    ...choose(capital(choices[about]), Object.values(choices).map(capital), random),
    because: groundsOf(found.explanation),
  };
}

/** A refusal that a rule knows; undefined where the rule that was drawn has none to show. */
function caseOf(knowledge: Knowledge, random: Random): Case | undefined {
  const example = exampleOf(pick(knowledge.rules, random).examples);
  const reply = example && readReply(example.reply);
  if (!example || !reply || isPositive(reply)) return undefined;
  const stage = example.stage ?? 'rcpt';
  const { provider } = example;
  const explanation = knowledge.explain(reply, { stage, ...(provider === undefined ? {} : { provider }) });
  const who = explanation.provider?.title ?? 'A host';
  const scene = `${who} says so in reply to ${stageFacts[stage].said}`;
  return { quotes: reply.raw.map(showBytes), scene, explanation };
}

function groundsOf({ reason, says, rule }: Explanation): string {
  return `${reason}: ${says} (${rule})`;
}

type RuleExample = Knowledge['rules'][number]['examples'][number];

function exampleOf(examples: readonly RuleExample[]): Exclude<RuleExample, string> | undefined {
  const [first] = examples;
  return typeof first === 'string' ? { reply: first } : first;
}

/** Undefined for an example that is words alone. */
function readReply(text: string | readonly string[]): Reply | undefined {
  const lines = [text].flat().flatMap((line) => line.split('\n'));
  if (!lines.every((line) => /^[2-5]\d\d(?:[ -]|$)/.test(line))) return undefined;
  return replyFromLines(lines.map((line) => Buffer.from(line).toString('latin1')));
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** The right choice among others, in an order of chance. */
function choose(
  right: string,
  others: readonly string[],
  random: Random,
): { readonly choices: readonly string[]; readonly right: number } {
  const wrong = [...new Set(others)].filter((one) => one !== right);
  while (wrong.length > choicesShown - 1) wrong.splice(Math.floor(random() * wrong.length), 1);
  const at = Math.floor(random() * (wrong.length + 1));
  return { choices: wrong.toSpliced(at, 0, right), right: at };
}

function pick<T>(all: readonly T[], random: Random): T {
  return all[Math.floor(random() * all.length)] as T;
}
