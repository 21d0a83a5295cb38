import type { Finding } from '../evidence/finding.ts';
import { latin1, linesOf } from '../evidence/lines.ts';
import { isPlainReply, quoteReply } from '../evidence/quoted-reply.ts';
import { stageNamed } from '../evidence/stage-names.ts';
import { together, type Understanding } from '../evidence/understanding.ts';
import { loadKnowledge } from '../knowledge/knowledge.ts';
import { Asker, type Told } from '../report/explain/asker.ts';
import type { Teller } from '../report/explain/teller.ts';
import { stages } from '../smtp/stage.ts';
import { escapeControls } from '../text/escape.ts';
import { exitCodes, UsageError } from './exit.ts';
import type { Progress } from './explain-progress.ts';
import { type ExplainPart, partsOf, sourceOf } from './explain-source.ts';
import type { Surroundings } from './surroundings.ts';

export interface ExplainFlags {
  readonly provider?: string;
  readonly stage?: string;
  readonly format?: 'text' | 'json';
  readonly input: 'auto' | 'text' | 'jsonl';
}

/** A name is no longer than this. RFC 1035 2.3.4 */
const longestName = 255;

/**
 * Explains what was typed, piped or stands in files. Exit code 2 where nothing of it could be understood.
 * @throws UsageError for wrong arguments and files that cannot be read
 */
export async function explain(
  what: readonly string[],
  flags: ExplainFlags,
  surroundings: Surroundings,
): Promise<void> {
  const told = toldBy(flags);
  const source = sourceOf(what, surroundings);
  const asker = new Asker(await loadKnowledge(), told);
  const teller = await tellerFor(flags, surroundings);
  if (source.kind === 'text' && flags.input !== 'jsonl' && isPlainReply(latin1(source.text))) {
    return finish(explainOne(latin1(source.text), asker, teller), teller, surroundings);
  }
  const { Progress } = await import('./explain-progress.ts');
  const progress = new Progress(surroundings);
  const understandings: Understanding[] = [];
  for (const part of partsOf(source, surroundings)) {
    const read = await explainPart(part, { flags, asker, teller, progress }, surroundings);
    if (read !== undefined) understandings.push(read);
  }
  progress.end();
  if (understandings.length > 0) finish(together(understandings), teller, surroundings);
}

/** Tells all, or that there was nothing to tell. */
function finish(understanding: Understanding, teller: Teller, { complain, endWith }: Surroundings): void {
  if (teller.end(understanding)) return;
  complain(notUnderstood(understanding));
  endWith(exitCodes.usage);
}

/** The shortest way from a reply to its explanation. */
function explainOne(text: string, asker: Asker, teller: Teller): Understanding {
  const quoted = quoteReply(text);
  const findings: Finding[] =
    quoted === undefined ? [] : [{ kind: 'reply', quoted, format: 'reply', line: 1 }];
  for (const finding of findings) teller.tell(asker.ask(finding));
  return { lines: 1, formats: [], unread: 0, samples: [{ line: 1, text }] };
}

interface Desk {
  readonly flags: ExplainFlags;
  readonly asker: Asker;
  readonly teller: Teller;
  readonly progress: Progress;
}

/** What could be read; nothing where all was answered at once. */
async function explainPart(
  { file, chunks }: ExplainPart,
  desk: Desk,
  surroundings: Surroundings,
): Promise<Understanding | undefined> {
  const { flags, asker, teller, progress } = desk;
  const { first, all } = await withFirst(progress.watch(linesOf(chunks)));
  const { isQuestion } = await import('../evidence/jsonl.ts');
  if (flags.input === 'jsonl' || (flags.input === 'auto' && isQuestion(first ?? ''))) {
    const { answerQuestions } = await import('./explain-questions.ts');
    await answerQuestions(
      all,
      { ...desk, asJson: flags.format !== 'text' && (flags.input === 'jsonl' || flags.format === 'json') },
      surroundings,
    );
    return undefined;
  }
  const { readEvidence } = await import('../evidence/read-evidence.ts');
  const reading = readEvidence(all);
  let step = await reading.next();
  for (; !step.done; step = await reading.next()) {
    for (const each of step.value) {
      const finding = file === undefined ? each : { ...each, file };
      teller.tell(Asker.isForIndex(finding) ? await asker.look(finding) : asker.ask(finding));
    }
    await surroundings.drained();
  }
  const { samples, ...read } = step.value;
  return { ...read, samples: file === undefined ? samples : samples.map((sample) => ({ file, ...sample })) };
}

/** The first line with something on it, and all of them. */
async function withFirst(
  batches: AsyncIterable<readonly string[]>,
): Promise<{ readonly first: string | undefined; readonly all: AsyncIterable<readonly string[]> }> {
  const source = batches[Symbol.asyncIterator]();
  const held: (readonly string[])[] = [];
  let first: string | undefined;
  while (first === undefined) {
    const step = await source.next();
    if (step.done) break;
    held.push(step.value);
    first = step.value.find((line) => line.trim() !== '');
  }
  const all = async function* (): AsyncGenerator<readonly string[]> {
    yield* held;
    for (let step = await source.next(); !step.done; step = await source.next()) yield step.value;
  };
  return { first, all: all() };
}

function toldBy({ provider, stage }: ExplainFlags): Told {
  const named = stage === undefined ? undefined : stageNamed(stage);
  if (stage !== undefined && named === undefined)
    throw new UsageError(`there is no stage ${stage}; known: ${stages.join(', ')}.`);
  if (provider !== undefined && (provider.trim() === '' || provider.length > longestName))
    throw new UsageError('--provider takes the name of a provider or of its MX host, such as gmail.');
  return {
    ...(provider === undefined ? {} : { provider: provider.trim() }),
    ...(named === undefined ? {} : { stage: named }),
  };
}

async function tellerFor({ format }: ExplainFlags, surroundings: Surroundings): Promise<Teller> {
  const { write, columns, colours: colour, unicode } = surroundings;
  if (format === 'json') return new (await import('../report/explain/json-teller.ts')).JsonTeller(write);
  const { PageTeller } = await import('../report/explain/page-teller.ts');
  return new PageTeller({ write, columns, colour, unicode });
}

function notUnderstood({ lines, formats, samples }: Understanding): string {
  const looked = formats.map(({ title, lines: count }) => `${count} look like ${title}, and quote no reply`);
  const shown = samples.map(
    ({ file, line, text }) =>
      `  ${file === undefined ? '' : `${file}, `}line ${line}: ${escapeControls(Buffer.from(text, 'latin1').toString('utf8'))}`,
  );
  return [
    lines === 0
      ? 'mxlab: there was nothing to read.'
      : `mxlab: nothing in ${lines === 1 ? 'this line' : `these ${lines} lines`} could be understood${looked.length === 0 ? '' : `; ${looked.join('; ')}`}.`,
    ...shown,
    'Expected: a reply ("550 5.1.1 No such user", 550, 5.7.1), the words of one, a session of swaks, telnet, openssl, nodemailer or',
    'smtplib, a log of Postfix, Exim, Sendmail or Exchange, a bounce (.eml), or a trace of mxlab.',
  ].join('\n');
}
