import { homedir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../chance/seeded-random.ts';
import { closest } from '../datafile/suggest.ts';
import { loadKnowledge } from '../knowledge/knowledge.ts';
import { createPalette } from '../report/palette.ts';
import { ProviderShelf } from '../sim/load-profiles.ts';
import { type Lesson, loadLessons } from '../talk/lesson.ts';
import { LessonRun } from '../talk/lesson-run.ts';
import { keepProgress, type Progress, readProgress } from '../talk/progress.ts';
import { questions } from '../talk/quiz.ts';
import { runQuiz } from '../talk/quiz-run.ts';
import { simulatedPartner } from '../talk/simulated-partner.ts';
import { TalkView } from '../talk/talk-view.ts';
import { UsageError } from './exit.ts';
import { hostsAsked } from './hosts-asked.ts';
import type { Surroundings } from './surroundings.ts';
import { openTyped } from './talk-input.ts';

export interface LearnFlags {
  readonly questions: number;
  readonly seed?: string;
  /** The file of the score; for tests and for several people at one machine. */
  readonly score?: string;
}

interface Room {
  readonly flags: LearnFlags;
  readonly view: TalkView;
  readonly surroundings: Surroundings;
  readonly progress: Progress;
  readonly keep: (progress: Progress) => void;
}

/** Lists the lessons, gives one, or asks about the codes. */
export async function learn(
  what: string | undefined,
  flags: LearnFlags,
  surroundings: Surroundings,
): Promise<void> {
  const lessons = await loadLessons();
  const lesson = what === undefined || what === 'quiz' ? undefined : lessonCalled(what, lessons);
  const file = flags.score ?? usualFile();
  const { write, colours: colour, unicode } = surroundings;
  const palette = createPalette({ colour, unicode });
  const room: Room = {
    flags,
    view: new TalkView({
      write,
      knowledge: await loadKnowledge(),
      palette,
      columns: () => surroundings.columns,
    }),
    surroundings,
    progress: readProgress(file),
    keep: (progress) => keep(file, progress, surroundings),
  };
  if (lesson) return give(lesson, room);
  if (what === 'quiz') return quiz(room);
  list(lessons, room);
}

/** By its number or name. Throws a UsageError for one that is not there. */
function lessonCalled(what: string, lessons: readonly Lesson[]): Lesson {
  const found = lessons.find(({ name }, i) => name === what || `${i + 1}` === what);
  if (found) return found;
  const near = closest(what, [...lessons.map(({ name }) => name), 'quiz']);
  throw new UsageError(
    `there is no lesson called ${what}; ${near ? `did you mean ${near}?` : 'mxlab learn lists them.'}`,
  );
}

/** https://specifications.freedesktop.org/basedir-spec: what a program remembers from one run to the next. */
function usualFile(): string {
  const { XDG_STATE_HOME } = process.env;
  return join(XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'mxlab', 'learn.json');
}

function list(lessons: readonly Lesson[], { view, progress }: Room): void {
  const { good, dim, strong, marks } = view.palette;
  const done = new Set(progress.lessons);
  for (const [i, { name, lesson, about }] of lessons.entries()) {
    const mark = done.has(name) ? good(marks.passed) : ' '.repeat(marks.passed.length);
    view.print([`${mark} ${`${i + 1}`.padStart(2)}  ${strong(lesson)}  ${dim(name)}`]);
    view.print(view.hang(' '.repeat(marks.passed.length + 5), about));
  }
  const count = lessons.filter(({ name }) => done.has(name)).length;
  const { asked, right } = progress;
  const quizzed = asked === 0 ? '' : ` Of ${asked} questions you had ${right} right.`;
  view.print(['']);
  view.say(`${count} of ${lessons.length} done.${quizzed}`, strong);
  const next = lessons.findIndex(({ name }) => !done.has(name));
  view.say(
    `mxlab learn ${next < 0 ? 1 : next + 1} begins a lesson; mxlab learn quiz asks about codes and replies.`,
  );
}

/** A lesson, from its first step to its last. */
async function give(lesson: Lesson, { flags, view, surroundings, progress, keep }: Room): Promise<void> {
  const shelf = new ProviderShelf();
  const asked = await hostsAsked([lesson.host], shelf, false);
  if ('issues' in asked) throw new Error(`the host of the lesson ${lesson.name} cannot be had`);
  const partner = await simulatedPartner(asked.hosts, { shelf, seed: flags.seed ?? '1' });
  const typed = openTyped(surroundings);
  try {
    const done = await new LessonRun(lesson, partner, { view, typed }).run();
    if (done) keep({ ...progress, lessons: [...new Set([...progress.lessons, lesson.name])] });
  } finally {
    typed.close();
    await partner.close();
  }
}

async function quiz({ flags, view, surroundings, progress, keep }: Room): Promise<void> {
  const random = seededRandom(flags.seed ?? `${progress.asked} ${surroundings.stopwatch()}`);
  const typed = openTyped(surroundings);
  const { asked, right } = await runQuiz(questions(await loadKnowledge(), random), flags.questions, {
    view,
    typed,
  });
  typed.close();
  if (asked === 0) return;
  const all = { asked: progress.asked + asked, right: progress.right + right };
  view.print(['']);
  view.say(`${right} of ${asked} right. In all ${all.right} of ${all.asked}.`, view.palette.strong);
  keep({ ...progress, ...all });
}

function keep(file: string, progress: Progress, { complain }: Surroundings): void {
  try {
    keepProgress(file, progress);
  } catch (error) {
    complain(`mxlab: the score cannot be kept: ${(error as Error).message}.`);
  }
}
