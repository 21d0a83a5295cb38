import { classOf, type Reply, replyFromLines } from '../smtp/reply.ts';
import type { Stage } from '../smtp/stage.ts';
import { type Matcher, matcherOf, phrasesOf, type Question } from './matcher.ts';
import { type Candidates, candidatesIn, indexOf, type PhraseIndex } from './phrase-index.ts';
import type { ExampleData, RuleData, RulesData } from './schema/rule.ts';
import type { Wording } from './wording.ts';

/** How sure a rule is that does not say; a provider's own words leave less room for doubt. */
const usualTrust = { provider: 0.95, general: 0.9 };

export interface Rule extends Omit<RuleData, 'confidence'> {
  /** File and name, such as `rules/provider/yahoo.yaml#first-contact`. */
  readonly place: string;
  readonly confidence: number;
  readonly matches: Matcher;
}

/** A reply that a rule was written for, with what it takes to ask about it. */
export interface Example {
  readonly reply: Reply;
  readonly stage?: Stage;
  readonly provider?: string;
}

/** Files of rules in the order in which they are tried. */
export type RuleFiles = readonly { readonly file: string; readonly data: RulesData }[];

/** The index that a book of these rules needs. */
export function indexRules(files: RuleFiles): PhraseIndex {
  return indexOf(files.flatMap(({ data }) => data.rules.flatMap(({ match }) => phrasesOf(match))));
}

/** A rule in its place: the phrases that are its own among all those of the book. */
interface Entry {
  readonly rule: Rule;
  readonly first: number;
  readonly behind: number;
}

/** All rules in order. The first that matches wins. */
export class Rulebook {
  readonly rules: readonly Rule[];
  readonly #index: PhraseIndex;
  readonly #entries: readonly Entry[];
  readonly #byClass = new Map<number, readonly Entry[]>();

  /** `index` is what `indexRules` made of the same files. */
  constructor(files: RuleFiles, index: PhraseIndex) {
    let first = 0;
    const entries: Entry[] = [];
    for (const { file, data } of files) {
      for (const each of data.rules) {
        const behind = first + phrasesOf(each.match).length;
        entries.push({ rule: readyRule(each, file, data.provider, first), first, behind });
        first = behind;
      }
    }
    this.#index = index;
    this.#entries = entries;
    this.rules = entries.map(({ rule }) => rule);
  }

  /** Which phrases of rules may be in these words. */
  candidates({ text, places }: Wording): Candidates {
    return candidatesIn(this.#index, `${text}\n${places}`);
  }

  /** The first rule that matches, of those that `admits` lets in. */
  find(
    question: Question,
    admits: (rule: Rule) => boolean,
  ): { readonly rule: Rule; readonly because: string } | undefined {
    for (const entry of this.#holding(classOf(question.reply))) {
      const { rule } = entry;
      const because = mayMatch(entry, question) && admits(rule) ? rule.matches(question) : undefined;
      if (because !== undefined) return { rule, because };
    }
    return undefined;
  }

  #holding(digit: number): readonly Entry[] {
    const known = this.#byClass.get(digit) ?? this.#entries.filter(({ rule }) => mayHold(rule, digit));
    this.#byClass.set(digit, known);
    return known;
  }
}

/** A rule without phrases goes by the circumstances alone. */
function mayMatch({ first, behind }: Entry, { candidates }: Question): boolean {
  for (let number = first; number < behind; number++) if (candidates(number)) return true;
  return first === behind;
}

/** Its matcher is made when it is first asked: of some three hundred rules a reply needs a few. */
function readyRule(rule: RuleData, file: string, owner: string | undefined, firstPhrase: number): Rule {
  const providers = [rule.match.provider ?? owner ?? []].flat();
  let matcher: Matcher | undefined;
  return {
    ...rule,
    place: `${file}#${rule.id}`,
    confidence: rule.confidence ?? usualTrust[file.includes('/provider/') ? 'provider' : 'general'],
    matches: (question) => {
      matcher ??= matcherOf(rule.match, providers, firstPhrase);
      return matcher(question);
    },
  };
}

/** Whether a rule can match a reply with this first digit at all. */
function mayHold({ match }: Rule, digit: number): boolean {
  const classes = [match.class ?? []].flat();
  const codes = [match.code ?? []].flat();
  if (classes.length > 0 && !classes.includes(digit as 2)) return false;
  return codes.length === 0 || codes.some((code) => Math.floor(code / 100) === digit);
}

/** Bytes above ASCII are held as Latin-1, as they would come off the wire. */
export function exampleOf(data: ExampleData): Example {
  const { reply, ...rest } = typeof data === 'string' ? { reply: data } : data;
  const lines = [reply].flat().map((line) => Buffer.from(line, 'utf8').toString('latin1'));
  const { stage, provider } = rest as Omit<Exclude<ExampleData, string>, 'reply'>;
  return {
    reply: replyFromLines(lines),
    ...(stage === undefined ? {} : { stage }),
    ...(provider === undefined ? {} : { provider }),
  };
}
