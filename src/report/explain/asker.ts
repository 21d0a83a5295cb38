import type { Finding } from '../../evidence/finding.ts';
import type { ClientErrorExplanation } from '../../knowledge/client-errors.ts';
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
/** How many different words of clients are remembered with their meaning. */
const mostWords = 500;
/** What words are worth to us that came without a number, beside the same words with one. */
const withoutNumber = 0.8;
const ungrounded = 0.1;
/** Words with a status among them are those of a server, whoever passes them on. RFC 3463 2 */
const status = /(?<![\d.])[245]\.\d\.\d{1,3}(?![\d.]*\d)/;

/** Puts findings to the knowledge. */
export class Asker {
  readonly #knowledge: Knowledge;
  readonly #told: Told;
  readonly #hosts = new Map<string, Provider | undefined>();
  readonly #words = new Map<string, Promise<ClientErrorExplanation | undefined>>();
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
        return { kind: 'complaint', finding };
      default:
        return finding satisfies never;
    }
  }

  /** Whether it takes the index of what clients print; then `look` answers, and else `ask`. */
  static isForIndex({ kind, format }: Finding): boolean {
    return kind === 'complaint' || (kind === 'reply' && format === 'words');
  }

  /** As `ask`, after a look into the index: words without a number may be those of a client, and no server's. */
  async look(finding: Finding): Promise<Answer> {
    if (finding.kind === 'complaint') return this.#askClient(finding);
    if (finding.kind === 'reply' && finding.quoted.given === 'words' && !status.test(finding.quoted.text)) {
      const { line, format, quoted } = finding;
      const answer = await this.#askClient({ kind: 'complaint', text: quoted.text, line, format });
      if (answer.meaning !== undefined) return answer;
    }
    return this.ask(finding);
  }

  /** The index is read when the first of them is asked about. */
  async #askClient(finding: FoundComplaint): Promise<Extract<Answer, { kind: 'complaint' }>> {
    const own = await this.#lookUp(finding.text);
    const around = finding.around === undefined ? undefined : await this.#lookUp(finding.around);
    // What stands around it tells the stage, and may complain of something else.
    const meaning = around !== undefined && isOf(around, finding.text) ? around : (own ?? around);
    return { kind: 'complaint', finding, ...(meaning === undefined ? {} : { meaning }) };
  }

  #lookUp(text: string): Promise<ClientErrorExplanation | undefined> {
    const known = this.#words.get(text) ?? this.#knowledge.explainClientError(text);
    if (this.#words.size >= mostWords) this.#words.clear();
    this.#words.set(text, known);
    return known;
  }

  #askReply(finding: FoundReply, told: Told): Answer {
    const { quoted } = finding;
    const stage = finding.stage ?? told.stage;
    const named = told.provider ?? this.#speaker(finding);
    const found = this.#knowledge.explain(quoted.reply, {
      ...(stage === undefined ? {} : { stage }),
      ...(named === undefined ? {} : { provider: named }),
    });
    const explanation = this.#explanation(found, quoted);
    return {
      kind: 'reply',
      finding,
      ...(stage === undefined ? {} : { stage }),
      explanation,
      understood: this.#understands(found, quoted),
    };
  }

  #understands(found: Explanation, { given, reply }: FoundReply['quoted']): boolean {
    if (reply.code < 200) return this.#knowledge.codes.has(reply.code);
    return given !== 'words' || byRule(found);
  }

  #explanation(found: Explanation, { given, reply }: FoundReply['quoted']): Explanation {
    if (!numbered(given)) return withoutCode(found, given === 'words');
    const entry = reply.code < 200 ? this.#knowledge.codes.get(reply.code) : undefined;
    if (entry === undefined) return found;
    const { about, says, advice, verifier, confidence, reason } = entry; // a client's own number, and no reply at all
    return {
      ...found,
      about,
      says,
      advice,
      verifier,
      confidence,
      reason,
      causes: [],
      contradictions: [],
      retry: 'minutes',
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

/** Whether what was recognised is this line, or reaches into it. */
function isOf({ printed }: ClientErrorExplanation, line: string): boolean {
  return line.includes(printed) || printed.includes(line.slice(0, 20));
}

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
    ...(unknown
      ? { reason: 'other' as const, about: 'unclear' as const, says: found.enhanced?.says ?? '' }
      : {}),
    code: undefined,
    contradictions: [],
    confidence: unknown ? ungrounded : wordsOnly ? confidence * withoutNumber : confidence,
    because: unknown
      ? found.enhanced === undefined
        ? 'nothing that we know'
        : `the status ${found.enhanced.code}`
      : because,
  };
}
