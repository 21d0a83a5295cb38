import type { Finding } from '../../evidence/finding.ts';
import type { Explanation } from '../../knowledge/explanation.ts';
import type { Knowledge } from '../../knowledge/knowledge.ts';
import { type Reply, replyOf } from '../../smtp/reply.ts';
import type { Stage } from '../../smtp/stage.ts';
import type { Answer, FoundComplaint, FoundEnding, FoundReply } from './answer.ts';

/** What the person who asks knows besides the evidence. The provider goes before what the evidence says, the stage behind it. */
export interface Told {
  readonly provider?: string;
  readonly stage?: Stage;
}

type Provider = NonNullable<Explanation['provider']>;

/** How many hosts are remembered as those of a provider or of none. */
const mostHosts = 5_000;
/** What words are worth to us that came without a number, beside the same words with one. */
const withoutNumber = 0.8;
const ungrounded = 0.1;

/** Puts findings to the knowledge. */
export class Asker {
  readonly #knowledge: Knowledge;
  readonly #told: Told;
  readonly #hosts = new Map<string, Provider | undefined>();
  readonly #greetings = new WeakMap<Reply, { readonly provider: Provider | undefined }>();

  constructor(knowledge: Knowledge, told: Told = {}) {
    this.#knowledge = knowledge;
    this.#told = told;
  }

  /** What is told with the question goes before what was told of all of them. */
  ask(finding: Finding, more?: Told): Answer {
    const told = more === undefined ? this.#told : { ...this.#told, ...more };
    switch (finding.kind) {
      case 'reply':
        return this.#askReply(finding, told);
      case 'ending':
        return this.#askEnding(finding, told);
      case 'complaint':
        return this.#askComplaint(finding);
      default:
        return finding satisfies never;
    }
  }

  /** Joins here what the knowledge says of the words of clients. */
  #askComplaint(finding: FoundComplaint): Answer {
    return { kind: 'complaint', finding };
  }

  #askReply(finding: FoundReply, told: Told): Answer {
    const { quoted } = finding;
    const stage = finding.stage ?? told.stage;
    const named = told.provider ?? this.#speaker(finding);
    const found = this.#knowledge.explain(quoted.reply, {
      ...(stage === undefined ? {} : { stage }),
      ...(named === undefined ? {} : { provider: named }),
    });
    const explanation = numbered(quoted.given) ? found : withoutCode(found, quoted.given === 'words');
    return {
      kind: 'reply',
      finding,
      ...(stage === undefined ? {} : { stage }),
      explanation,
      understood: quoted.given !== 'words' || byRule(found),
    };
  }

  #askEnding(finding: FoundEnding, told: Told): Answer {
    const explanation = this.#knowledge.explainEnding(finding.ending, finding.transcript);
    const named = told.provider ?? this.#speaker(finding);
    const provider = named === undefined ? undefined : this.#recognise(named);
    return { kind: 'ending', finding, explanation, ...(provider === undefined ? {} : { provider }) };
  }

  /** Whom the evidence names, if it is a provider we know; or else who greeted. A stranger's words may still tell. */
  #speaker({ provider: host, greeting }: FoundReply | FoundEnding): string | undefined {
    if (host !== undefined && this.#recognise(host) !== undefined) return host;
    return greeting === undefined ? undefined : this.#greeter(greeting)?.name;
  }

  #recognise(host: string): Provider | undefined {
    if (this.#hosts.has(host)) return this.#hosts.get(host);
    if (this.#hosts.size >= mostHosts) this.#hosts.clear();
    const { provider } = this.#knowledge.explain(anyReply, { provider: host });
    this.#hosts.set(host, provider);
    return provider;
  }

  /** By what a greeting says, or the host that it names first. RFC 5321 4.2 */
  #greeter(greeting: Reply): Provider | undefined {
    const known = this.#greetings.get(greeting);
    if (known !== undefined) return known.provider;
    const host = /^([\w-]{1,63}(?:\.[\w-]{1,63}){1,10})(?=\s|$)/.exec(greeting.lines[0] ?? '')?.[1];
    const provider =
      (host === undefined ? undefined : this.#recognise(host)) ?? this.#knowledge.explain(greeting).provider;
    this.#greetings.set(greeting, { provider });
    return provider;
  }
}

const anyReply = replyOf(['250 OK'], []);

function numbered(given: FoundReply['quoted']['given']): boolean {
  return given === 'reply' || given === 'code';
}

function byRule({ rule }: Explanation): boolean {
  return rule !== 'basic-code' && rule !== 'enhanced-code';
}

/** The number that stood in for the missing one must not be told of. */
function withoutCode(found: Explanation, wordsOnly: boolean): Explanation {
  const { confidence, because } = found;
  const unknown = found.rule === 'basic-code' && found.reason !== 'accept';
  return {
    ...found,
    ...(unknown ? { reason: 'other' as const, about: 'unclear' as const } : {}),
    code: undefined,
    contradictions: [],
    confidence: unknown ? ungrounded : wordsOnly ? confidence * withoutNumber : confidence,
    because: unknown ? 'nothing that we know' : because,
  };
}
