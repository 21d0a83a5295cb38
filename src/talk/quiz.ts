import type { Random } from '../chance/seeded-random.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import { replyFromLines } from '../smtp/reply.ts';

/** A question with its choices, of which one is right. */
export interface QuizQuestion {
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
  const kinds = [askMeaning, askCode, askEnhanced, askWhatToDo];
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

const doings = {
  deliverable: 'The recipient takes mail.',
  undeliverable: 'The recipient takes no mail: take the address off the list.',
  retry: 'Nothing yet: ask again later.',
  unknown: 'Nothing: it is not about the recipient, or does not say.',
} as const;

function askWhatToDo(knowledge: Knowledge, random: Random): QuizQuestion {
  const example = exampleOf(pick(knowledge.rules, random).examples);
  const reply = example && safely(example.reply);
  if (!example || !reply) return askMeaning(knowledge, random);
  const explanation = knowledge.explain(reply, {
    stage: example.stage ?? 'rcpt',
    ...(example.provider === undefined ? {} : { provider: example.provider }),
  });
  if (explanation.verifier === 'none') return askMeaning(knowledge, random);
  return {
    asks: `In reply to ${example.stage ?? 'RCPT TO'}: ${reply.raw.join(' / ')}\nWhat may a validator conclude?`,
    ...choose(doings[explanation.verifier], Object.values(doings), random),
    because: `${explanation.says} (${explanation.reason}; ${explanation.rule})`,
  };
}

type RuleExample = Knowledge['rules'][number]['examples'][number];

function exampleOf(examples: readonly RuleExample[]): Exclude<RuleExample, string> | undefined {
  const [first] = examples;
  return typeof first === 'string' ? { reply: first } : first;
}

function safely(text: string | readonly string[]): ReturnType<typeof replyFromLines> | undefined {
  try {
    return replyFromLines([text].flat() as string[]);
  } catch {
    return undefined; // the example is words alone
  }
}

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
