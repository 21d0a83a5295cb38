import { type Stage, stages } from '../smtp/stage.ts';
import type { Ending } from '../transcript/ending.ts';
import { stageOfDialogue } from './client-stage.ts';
import type { ClientEntry, ClientErrorBook, ErrorEntry } from './schema/client-errors.ts';

/** What may be behind an error, with the scenario that brings it about. */
interface EndingBehind {
  /** Of `endings.yaml`, or of the outcomes of `client-errors.yaml`. */
  readonly id: string;
  /** FIN or RST, where the client tells. */
  readonly how?: 'closed' | 'reset';
  /** For one that stands for several because the text does not tell the stage: their ids. */
  readonly covers: readonly string[];
  readonly says: string;
  /** Why this client prints it then. */
  readonly why?: string;
  readonly advice: string;
  /** A scenario that comes with mxlab. */
  readonly scenario: string;
  readonly command: string;
}

export interface ClientErrorExplanation {
  /** `nodemailer`, `smtplib`, `curl`, … */
  readonly client: string;
  readonly title: string;
  /** The words that were recognised, at most 200 characters. */
  readonly printed: string;
  /** What the client means by them. */
  readonly says: string;
  readonly stage?: Stage;
  /** The likeliest first. */
  readonly endings: readonly EndingBehind[];
  /** Of the likeliest: a scenario that reproduces it, and what to type. */
  readonly scenario: string;
  readonly command: string;
  /** Where it was seen; without it, a test has the real client print it. */
  readonly seen?: string;
}

/** What the index needs to know of endings. */
export interface KnownEndings {
  /** The entry that explains an ending. */
  idOf(ending: Ending): string;
  /** Of an entry, by its id: what it says, and what to do about its likeliest cause. */
  tell(id: string): { readonly says: string; readonly advice: string } | undefined;
}

/** How much of a paste is read: its first and its last part, in characters. */
const readable = 16_000;

/** Explains what a mail client printed; nothing where no client is known to print that. */
export function explainClientError(
  book: ClientErrorBook,
  known: KnownEndings,
  text: string,
): ClientErrorExplanation | undefined {
  const read = text.length <= 2 * readable ? text : `${text.slice(0, readable)}\n${text.slice(-readable)}`;
  const found = search(book, read);
  if (found === undefined) return undefined;
  const { client, error, at, printed } = found;
  const stage = error.stage ?? stageAround(client, read, at);
  const endings = rank(error, stage, book, known);
  const [first] = endings;
  if (first === undefined) throw new Error(`${client.client} has an error without an ending`);
  return {
    client: client.client,
    title: client.title,
    printed,
    says: error.says,
    ...(stage === undefined ? {} : { stage }),
    endings,
    scenario: first.scenario,
    command: first.command,
    ...(error.seen === undefined ? {} : { seen: error.seen }),
  };
}

const expressions = new Map<string, RegExp>();

/** Line by line; made when it is first asked for. */
function expressionOf(source: string): RegExp {
  const made = expressions.get(source) ?? new RegExp(source, 'im');
  expressions.set(source, made);
  return made;
}

interface Found {
  readonly client: ClientEntry;
  readonly error: ErrorEntry;
  readonly at: number;
  readonly printed: string;
}

function search(book: ClientErrorBook, text: string): Found | undefined {
  for (const client of book.clients) {
    for (const error of client.errors) {
      const match = expressionOf(error.prints).exec(text);
      if (match) return { client, error, at: match.index, printed: match[0].slice(0, 200) };
    }
  }
  return undefined;
}

function stageAround(client: ClientEntry, text: string, at: number): Stage | undefined {
  return (
    client.stages.find(({ text: words }) => expressionOf(words).test(text))?.stage ??
    stageOfDialogue(text.slice(0, at))
  );
}

function rank(
  error: ErrorEntry,
  stage: Stage | undefined,
  book: ClientErrorBook,
  known: KnownEndings,
): EndingBehind[] {
  const ranked = error.endings.flatMap((candidate): EndingBehind[] => {
    const tell = (id: string): EndingBehind => ({
      ...behind(id, 'how' in candidate ? candidate.how : undefined, book, known),
      ...('why' in candidate && candidate.why !== undefined ? { why: candidate.why } : {}),
    });
    if ('ending' in candidate) return [tell(candidate.ending)];
    if ('refused' in candidate)
      return (stage === undefined ? candidate.refused : [stage]).map((at) => tell(refusalAt(at, book)));
    return lostAt(candidate, stage, { book, known }).map(({ id, covers }) => ({ ...tell(id), covers }));
  });
  return ranked.filter(({ id }, i) => ranked.findIndex((other) => other.id === id) === i);
}

type Lost = Extract<ErrorEntry['endings'][number], { likely: unknown }>;

/** What a lost or silent connection is called: at its stage, or at every likely one and, second, at any other. */
function lostAt(
  { kind, likely }: Lost,
  stage: Stage | undefined,
  { book, known }: { readonly book: ClientErrorBook; readonly known: KnownEndings },
): { id: string; covers: readonly string[] }[] {
  const idAt = (at: Stage): string => known.idOf(endingAt(at, kind));
  const besides = kind === 'disconnected' ? book.besides : {};
  if (stage !== undefined)
    return [idAt(stage), besides[stage]].flatMap((id) => (id === undefined ? [] : [{ id, covers: [] }]));
  const [first = '', ...others] = likely.map(idAt);
  const any = idAt('command');
  const covered = new Set([...stages.map(idAt), ...Object.values(besides)]);
  const covers = [...covered].filter((id) => id !== first && id !== any);
  return [{ id: first, covers: [] }, { id: any, covers }, ...others.map((id) => ({ id, covers: [] }))];
}

function refusalAt(stage: Stage, { outcomes }: ClientErrorBook): string {
  if (stage === 'starttls') return 'starttls-refused';
  const id = `refused-at-${stage}`;
  return Object.hasOwn(outcomes, id) ? id : 'refused-at-message';
}

/** An ending of which nothing is known but its kind and stage. */
function endingAt(stage: Stage, kind: 'disconnected' | 'timed-out'): Ending {
  const circumstances = { stage, lastSent: '', lastReceived: '', elapsed: 0, tls: false };
  return kind === 'timed-out'
    ? { ...circumstances, kind, after: 0 }
    : { ...circumstances, kind, how: 'closed' };
}

function behind(
  id: string,
  how: 'closed' | 'reset' | undefined,
  { outcomes, reproductions }: ClientErrorBook,
  known: KnownEndings,
): EndingBehind {
  const told = Object.hasOwn(outcomes, id) ? outcomes[id] : known.tell(id);
  const reproduction = reproductions[id];
  if (told === undefined || reproduction === undefined)
    throw new Error(`${id} is no ending that can be told of`);
  const { says, advice } = told;
  const scenario = how === 'reset' ? (reproduction.reset ?? reproduction.scenario) : reproduction.scenario;
  const only = reproduction.only === undefined ? '' : ` --only '${reproduction.only}'`;
  return {
    id,
    ...(how === undefined ? {} : { how }),
    covers: [],
    says,
    advice,
    scenario,
    command: `mxlab run ${scenario}${only}`,
  };
}
