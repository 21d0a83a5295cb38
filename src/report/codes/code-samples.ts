import type { Knowledge } from '../../knowledge/knowledge.ts';
import { exampleOf } from '../../knowledge/rulebook.ts';
import type { Reason } from '../../knowledge/vocabulary.ts';
import type { Reply } from '../../smtp/reply.ts';

/** A reply that was seen, and what it meant. */
export interface Sample {
  readonly reply: readonly string[];
  readonly stage?: string;
  readonly reason: Reason;
  readonly source?: string;
}

interface Seen extends Sample {
  readonly code: number;
  readonly enhanced?: string;
}

const mostSamples = 6;

/** The rules' own examples, read once. */
const seenBy = new WeakMap<Knowledge, readonly Seen[]>();

/** What the rules make of the replies that a question is asked about: reasons by frequency, and one sample of each. */
export function samplesOf(
  knowledge: Knowledge,
  asked: (of: { readonly reply: Pick<Reply, 'code'>; readonly enhanced?: string }) => boolean,
): {
  readonly reasons: readonly { readonly reason: Reason; readonly title: string; readonly samples: number }[];
  readonly samples: readonly Sample[];
} {
  const found = seen(knowledge).filter(({ code, enhanced }) =>
    asked({ reply: { code }, ...(enhanced === undefined ? {} : { enhanced }) }),
  );
  const counts = new Map<Reason, number>();
  for (const { reason } of found) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const ranked = [...counts].sort(([, a], [, b]) => b - a);
  const first = ranked.map(([reason]) => found.find((each) => each.reason === reason));
  const rest = found.filter((each) => !first.includes(each));
  return {
    reasons: ranked.map(([reason, samples]) => ({ reason, title: knowledge.reasons[reason].title, samples })),
    samples: [...first, ...rest]
      .filter((each) => each !== undefined)
      .slice(0, mostSamples)
      .map(({ code: _, enhanced: __, ...sample }) => sample),
  };
}

function seen(knowledge: Knowledge): readonly Seen[] {
  const known =
    seenBy.get(knowledge) ??
    knowledge.rules.flatMap(({ reason, examples }) =>
      examples.map((example): Seen => {
        const { reply, stage } = exampleOf(example);
        const data = typeof example === 'string' ? { reply: example } : example;
        return {
          reply: [data.reply].flat(),
          ...(stage === undefined ? {} : { stage }),
          reason,
          ...('source' in data && data.source !== undefined ? { source: data.source } : {}),
          code: reply.code,
          ...(reply.enhanced === undefined ? {} : { enhanced: reply.enhanced }),
        };
      }),
    );
  seenBy.set(knowledge, known);
  return known;
}
