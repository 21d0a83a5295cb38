import type { Knowledge } from '../../knowledge/knowledge.ts';
import type { EnhancedCode } from '../../knowledge/schema/enhanced-codes.ts';
import type { ReplyCode } from '../../knowledge/schema/reply-codes.ts';
import type { About, Conclusion, Reason } from '../../knowledge/vocabulary.ts';
import { type Sample, samplesOf } from './code-samples.ts';

/** What a code says in a certain place: at a stage, or in a class. */
interface Variant {
  readonly where: string;
  readonly says: string;
  readonly about?: About;
  readonly reason?: Reason;
  readonly verifier?: Conclusion;
}

/** How a provider reads a code, or a range of codes. */
export interface Reading {
  readonly provider: string;
  readonly codes: string;
  readonly says: string;
  readonly reason?: Reason;
}

/** Everything that the reference knows about one code. As JSON, this is what `codes --format json` prints. */
export interface CodeEntry {
  /** `450`, or `X.7.1` for every class. */
  readonly code: string;
  readonly kind: 'basic' | 'enhanced';
  readonly title: string;
  /** RFC and section, or that no standard has it. */
  readonly source: string;
  /** Of basic codes: standard, extension, folklore and so on. */
  readonly standing?: ReplyCode['standing'];
  /** Of basic codes: what a standard allows it in answer to. */
  readonly stages?: readonly string[];
  readonly says: string;
  readonly about: About;
  /** What the code alone most likely amounts to. */
  readonly reason: Reason;
  readonly confidence: number;
  readonly verifier?: Conclusion;
  readonly advice: string;
  readonly oftenWrong?: string;
  /** The enhanced code that it may be without its dots. */
  readonly dotless?: string;
  /** Of enhanced codes: the basic codes that the registry puts beside it. */
  readonly goesWith?: readonly string[];
  readonly variants: readonly Variant[];
  readonly readings: readonly Reading[];
  /** What our rules make of replies with this code, the most frequent first. */
  readonly reasons: readonly { readonly reason: Reason; readonly title: string; readonly samples: number }[];
  readonly samples: readonly Sample[];
}

export function basicEntry(knowledge: Knowledge, code: ReplyCode): CodeEntry {
  const wanted = String(code.code);
  const { stages, standing, title, source, says, about, reason, confidence, verifier, advice } = code;
  return {
    code: wanted,
    kind: 'basic',
    title,
    source,
    standing,
    stages,
    says,
    about,
    reason,
    confidence,
    verifier,
    advice,
    ...(code['often-wrong'] === undefined ? {} : { oftenWrong: code['often-wrong'] }),
    ...(code.dotless === undefined ? {} : { dotless: code.dotless }),
    variants: Object.entries(code.at ?? {}).flatMap(([stage, here]) =>
      here?.says === undefined ? [] : [variant(`at ${stage}`, here.says, here)],
    ),
    readings: [],
    ...samplesOf(knowledge, ({ reply }) => reply.code === code.code),
  };
}

const classNames = { 2: 'success', 4: 'passing', 5: 'final' } as const;

/** `digit` narrows it to one class: 5.7.1 instead of X.7.1. */
export function enhancedEntry(knowledge: Knowledge, entry: EnhancedCode, digit?: string): CodeEntry {
  const { title, source, says, about, reason, confidence, advice } = entry;
  const goesWith = entry['goes-with'];
  const tail = entry.code.slice(1);
  const code = `${digit ?? 'X'}${tail}`;
  const variants = Object.entries(entry.class)
    .filter(([each]) => digit === undefined || digit === each)
    .map(([each, here]) =>
      variant(`${each}${tail}, ${classNames[each as '2']}`, here?.says ?? '', here ?? {}),
    );
  return {
    code,
    kind: 'enhanced',
    title,
    source,
    says,
    about,
    reason,
    confidence,
    advice,
    ...(entry['often-wrong'] === undefined ? {} : { oftenWrong: entry['often-wrong'] }),
    ...(goesWith === undefined ? {} : { goesWith: [goesWith].flat().map(String) }),
    variants,
    readings: readingsOf(knowledge, code, entry),
    ...samplesOf(knowledge, ({ enhanced = '' }) =>
      digit === undefined ? enhanced.slice(1) === tail : enhanced === code,
    ),
  };
}

function readingsOf(knowledge: Knowledge, code: string, entry: EnhancedCode): Reading[] {
  const asked = code.startsWith('X') ? ['2', '4', '5'].map((digit) => digit + code.slice(1)) : [code];
  const vendor = new Set(asked.flatMap((each) => knowledge.enhancedBook.vendorsOf(each)));
  return [
    ...[...vendor].map(({ provider, codes, says, reason }) => ({ provider, codes, says, reason })),
    ...(entry.elsewhere ?? []).map(({ provider, says }) => ({ provider, codes: entry.code, says })),
  ];
}

function variant(
  where: string,
  says: string,
  {
    about,
    reason,
    verifier,
  }: {
    readonly about?: About | undefined;
    readonly reason?: Reason | undefined;
    readonly verifier?: Conclusion | undefined;
  },
): Variant {
  return {
    where,
    says,
    ...(about === undefined ? {} : { about }),
    ...(reason === undefined ? {} : { reason }),
    ...(verifier === undefined ? {} : { verifier }),
  };
}
