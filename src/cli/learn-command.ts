import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { seededRandom } from '../chance/seeded-random.ts';
import { closest } from '../datafile/suggest.ts';
import { type Knowledge, loadKnowledge } from '../knowledge/knowledge.ts';
import { Session } from '../probe/session.ts';
import { createPalette, type Palette } from '../report/palette.ts';
import { wrap } from '../report/width.ts';
import { ProviderShelf } from '../sim/load-profiles.ts';
import { isDone, type Lesson, type LessonStep, loadLessons } from '../talk/lesson.ts';
import { type QuizQuestion, questions } from '../talk/quiz.ts';
import { Talk } from '../talk/talk.ts';
import { UsageError } from './exit.ts';
import { hostsAsked } from './hosts-asked.ts';
import type { Surroundings } from './surroundings.ts';
import { openTyped, type Typed } from './talk-input.ts';
import { openTalkLab } from './talk-lab.ts';

export interface LearnFlags {
  readonly questions: number;
  readonly seed?: string;
  /** The file of the score; for tests and for several people at one machine. */
  readonly score?: string;
}

/** What somebody has done so far. */
interface Score {
  readonly lessons: readonly string[];
  readonly asked: number;
  readonly right: number;
}

/** After so many tries a hint becomes an example. */
const triesToExample = 2;

/** Lists the lessons, gives one, or asks about the codes. */
export async function learn(
  what: string | undefined,
  flags: LearnFlags,
  surroundings: Surroundings,
): Promise<void> {
  const lessons = await loadLessons();
  const file =
    flags.score ??
    join(process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'mxlab', 'learn.json');
  const score = readScore(file);
  const palette = createPalette({ colour: surroundings.colours, unicode: surroundings.unicode });
  if (what === undefined) return list(lessons, score, palette, surroundings);
  if (what === 'quiz') return quiz(flags, { file, score, palette, surroundings });
  const number = Number(what);
  const lesson = lessons.find(({ name }, i) => name === what || i + 1 === number);
  if (!lesson) {
    const near = closest(what, [...lessons.map(({ name }) => name), 'quiz']);
    throw new UsageError(
      `there is no lesson called ${what}; ${near ? `did you mean ${near}?` : 'mxlab learn lists them.'}`,
    );
  }
  const done = await give(lesson, palette, surroundings, flags);
  if (done) keep(file, { ...score, lessons: [...new Set([...score.lessons, lesson.name])] }, surroundings);
}

function list(
  lessons: readonly Lesson[],
  score: Score,
  palette: Palette,
  { write, columns }: Surroundings,
): void {
  const { good, dim, strong, marks } = palette;
  const lines = lessons.flatMap(({ name, lesson, about }, i) => [
    `${score.lessons.includes(name) ? good(marks.passed) : ' '} ${i + 1}  ${strong(lesson)} ${dim(name)}`,
    ...wrap(about, columns - 5).map((line) => `     ${line}`),
  ]);
  const share = score.asked === 0 ? '' : ` So far ${score.right} of ${score.asked} right.`;
  write(
    `${[...lines, '', ...wrap(`mxlab learn 1 begins the first; mxlab learn quiz asks about codes and replies.${share}`, columns), ''].join('\n')}`,
  );
}

/** A lesson from its first step to its last; false where the person left before. */
async function give(
  lesson: Lesson,
  palette: Palette,
  surroundings: Surroundings,
  { seed = '1' }: LearnFlags,
): Promise<boolean> {
  const typed = openTyped(surroundings);
  const shelf = new ProviderShelf();
  const asked = await hostsAsked([lesson.host], shelf, false);
  if ('issues' in asked) throw new Error(`the host of the lesson ${lesson.name} cannot be had`);
  const { lab, host, environment } = await openTalkLab(asked.hosts, { shelf, seed });
  const { write, columns } = surroundings;
  const knowledge = await loadKnowledge();
  const call = async (): Promise<Talk> => {
    const { session } = await Session.open(environment, {
      host: host.name,
      address: host.address,
      port: host.port,
    });
    const options = { write, knowledge, palette, columns, host: host.name, provider: host.provider };
    const talk = new Talk(session, options);
    talk.tell();
    return talk;
  };
  const tell = (text: string, paint = palette.note): void =>
    write(`\n${wrap(text, columns).map(paint).join('\n')}\n`);
  try {
    tell(lesson.lesson, palette.strong);
    tell(`${lesson.about} /skip shows the way, /quit leaves.`);
    let talk = await call();
    for (const [i, step] of lesson.steps.entries()) {
      if (step.wait !== undefined) {
        await talk.leave();
        lab.advance(step.wait);
        talk = await call();
      }
      tell(`${i + 1} of ${lesson.steps.length}  ${step.say}`);
      if (!(await work(step, talk, typed, tell))) return false;
      if (step.then !== undefined) tell(step.then, palette.good);
      if (talk.over && i + 1 < lesson.steps.length && lesson.steps[i + 1]?.wait === undefined)
        talk = await call();
    }
    if (!talk.over) await talk.leave();
    tell('That was the lesson. mxlab learn lists the others.', palette.strong);
    return true;
  } finally {
    typed.close();
    await lab.close();
  }
}

/** Lets the person try until the step is done. */
async function work(
  step: LessonStep,
  talk: Talk,
  typed: Typed,
  tell: (text: string) => void,
): Promise<boolean> {
  const prompts = { command: 'C: ', message: '.. ', password: 'password: ' } as const;
  for (let tries = 0; ; ) {
    const { awaits } = talk;
    const line = await typed.line(prompts[awaits], awaits === 'password');
    if (line === undefined || line === '/quit') return false;
    if (line === '/skip') for (const own of step.example) await talk.hear(own);
    else if (awaits !== 'command' || line.trim() !== '') await talk.hear(line);
    if (isDone(step, talk.last, talk.over)) return true;
    if (talk.over) return false;
    if (talk.awaits !== 'command' || talk.last === undefined || isOnTheWay(talk)) continue;
    tries++;
    tell(tries < triesToExample ? step.hint : `${step.hint} For example: ${step.example.join('   ')}`);
  }
}

/** A yes is no mistake: the step may take several commands. */
function isOnTheWay({ last }: Talk): boolean {
  return last?.kind === 'reply' && last.reply.code < 400;
}

interface QuizRoom {
  readonly file: string;
  readonly score: Score;
  readonly palette: Palette;
  readonly surroundings: Surroundings;
}

async function quiz(
  { questions: count, seed }: LearnFlags,
  { file, score, palette, surroundings }: QuizRoom,
): Promise<void> {
  const knowledge: Knowledge = await loadKnowledge();
  const typed = openTyped(surroundings);
  const random = seededRandom(seed ?? `${score.asked} ${surroundings.stopwatch()}`);
  const source = questions(knowledge, random);
  let asked = 0;
  let right = 0;
  for (; asked < count; asked++) {
    const answer = await ask(asked + 1, source.next().value, typed, { palette, surroundings });
    if (answer === undefined) break;
    if (answer) right++;
  }
  typed.close();
  if (asked === 0) return;
  surroundings.write(
    `\n${palette.strong(`${right} of ${asked} right.`)} In all ${score.right + right} of ${score.asked + asked}.\n`,
  );
  keep(file, { ...score, asked: score.asked + asked, right: score.right + right }, surroundings);
}

async function ask(
  number: number,
  { asks, choices, right, because }: QuizQuestion,
  typed: Typed,
  { palette, surroundings: { write, columns } }: Pick<QuizRoom, 'palette' | 'surroundings'>,
): Promise<boolean | undefined> {
  const lines = [
    ...asks
      .split('\n')
      .flatMap((line) => wrap(line, columns))
      .map(palette.strong),
    ...choices.flatMap((choice, i) => wrap(`${i + 1}  ${choice}`, columns - 2).map((line) => `  ${line}`)),
  ];
  write(`\n${number}. ${lines.join('\n')}\n`);
  for (;;) {
    const line = await typed.line('? ');
    if (line === undefined || /^(?:\/?quit|q)$/i.test(line.trim())) return undefined;
    const chosen = Number(line.trim());
    if (!Number.isInteger(chosen) || chosen < 1 || chosen > choices.length) {
      write(`A number from 1 to ${choices.length}; q ends it.\n`);
      continue;
    }
    const good = chosen - 1 === right;
    const verdict = good
      ? palette.good(`${palette.marks.passed} Right.`)
      : palette.bad(`${palette.marks.failed} It is ${right + 1}: ${choices[right]}`);
    write(`${verdict}\n${wrap(because, columns).map(palette.dim).join('\n')}\n`);
    return good;
  }
}

const nothing: Score = { lessons: [], asked: 0, right: 0 };

/** A score that cannot be read is a new one. */
function readScore(file: string): Score {
  try {
    const { lessons, asked, right } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Score>;
    return {
      lessons: Array.isArray(lessons) ? lessons.filter((name) => typeof name === 'string') : [],
      asked: typeof asked === 'number' ? asked : 0,
      right: typeof right === 'number' ? right : 0,
    };
  } catch {
    return nothing;
  }
}

function keep(file: string, score: Score, { complain }: Surroundings): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(score)}\n`);
  } catch (error) {
    complain(`mxlab: the score cannot be kept: ${(error as Error).message}.`);
  }
}
