import type { Paint } from '../report/palette.ts';
import { stageFacts } from '../smtp/stage.ts';
import { escapeControls } from '../text/escape.ts';
import { handle, nextLines, wordsFor } from './converse.ts';
import type { Desk, OwnCommand } from './desk.ts';
import { isDone, type Lesson, type LessonStep } from './lesson.ts';
import type { SimulatedPartner } from './simulated-partner.ts';
import { Talk } from './talk.ts';
import type { TalkView } from './talk-view.ts';
import type { Typed } from './typed.ts';
import { isOwn } from './typed-command.ts';

/** After so many tries a hint becomes an example. */
const triesToExample = 2;
/** How long a host may take to hang up behind its last words, in ms of its own time. */
const lastWords = 2_000;

/** Gives lessons: says what is to be done, lets the person do it, and helps who is stuck. */
export class LessonRun {
  readonly #lesson: Lesson;
  readonly #view: TalkView;
  readonly #typed: Typed;
  readonly #desk: Desk & { readonly simulated: SimulatedPartner };
  /** The step that is under way, and the first one of its connection. */
  #at = 0;
  #first = 0;
  #skip = false;

  constructor(
    lesson: Lesson,
    partner: SimulatedPartner,
    { view, typed }: { readonly view: TalkView; readonly typed: Typed },
  ) {
    this.#lesson = lesson;
    this.#view = view;
    this.#typed = typed;
    this.#desk = { talk: new Talk(partner, view), view, simulated: partner };
  }

  /** From the first step to the last; false where the person left before. */
  async run(): Promise<boolean> {
    const { lesson, about, steps } = this.#lesson;
    const { talk } = this.#desk;
    const { strong, dim } = this.#view.palette;
    this.#typed.complete(wordsFor(this.#commands));
    this.#typed.onInterrupt(() => void talk.breakOff());
    this.#view.print(['']);
    this.#view.say(lesson, strong);
    this.#view.say(about);
    this.#view.say(
      '/hint helps, /skip does the step for you, /help tells what else there is, /quit leaves.',
      dim,
    );
    for (const [i, step] of steps.entries()) {
      this.#at = i;
      await this.#prepare(step);
      this.#paragraph(`${i + 1} of ${steps.length}  ${step.say}`, this.#view.palette.note);
      if (!(await this.#work(step))) {
        await talk.leave();
        return false;
      }
      if (step.then !== undefined) this.#paragraph(step.then, this.#view.palette.good);
    }
    await talk.leave();
    this.#paragraph('That was the lesson. mxlab learn lists the others.', strong);
    return true;
  }

  /** A connection to begin the step with. */
  async #prepare({ wait, switch: situation }: LessonStep): Promise<void> {
    const { talk, simulated } = this.#desk;
    if (situation !== undefined) simulated.put(situation, true);
    if (wait === undefined && !talk.over) return;
    await talk.leave();
    if (wait !== undefined) simulated.pass(wait);
    this.#first = this.#at;
    this.#view.print(['']);
    await talk.call();
  }

  /** Lets the person try until the step is done. */
  async #work(step: LessonStep): Promise<boolean> {
    const { talk } = this.#desk;
    talk.forgetLast();
    for (let tries = 0; ; ) {
      const lines = await nextLines(this.#desk, this.#typed);
      if (lines === undefined || (await handle(lines, this.#desk, this.#commands)) === 'done') return false;
      const skipped = this.#skip;
      if (skipped) await this.#do(step);
      if (await this.#isDone(step)) return true;
      if (skipped || talk.over) {
        await this.#callAgain();
        if (skipped) await this.#do(step);
        if (await this.#isDone(step)) return true;
      } else if (talk.awaits === 'command' && isAmiss(step, talk) && !lines.every(isOwn)) {
        tries++;
        this.#help(step, tries >= triesToExample);
      }
    }
  }

  async #isDone(step: LessonStep): Promise<boolean> {
    const { talk } = this.#desk;
    if (step.until === 'closed' && isRefused(talk)) await talk.listen(lastWords);
    return isDone(step, talk.last, talk.over);
  }

  /** The host hung up too early, or the step cannot be done from here: a new connection, on which the steps before this one are done again. */
  async #callAgain(): Promise<void> {
    const { talk } = this.#desk;
    const why = talk.over ? 'The host has hung up.' : 'From here this step cannot be done.';
    this.#paragraph(`${why} You are connected again; what led here is repeated.`, this.#view.palette.note);
    await talk.call();
    for (const step of this.#lesson.steps.slice(this.#first, this.#at)) await this.#do(step);
    talk.forgetLast();
  }

  #help(step: LessonStep, full: boolean): void {
    const { note, client } = this.#view.palette;
    const { hint, example } = step;
    this.#paragraph(`${wantedBy(step)} ${hint}${full ? ' For example:' : ''}`, note);
    if (full) this.#view.print(example.map((line) => `  ${client(escapeControls(line))}`.trimEnd()));
  }

  #paragraph(text: string, paint: Paint): void {
    this.#view.print(['']);
    this.#view.say(text, paint);
  }

  get #commands(): readonly OwnCommand[] {
    return [
      {
        name: 'hint',
        takes: '',
        about: 'help with this step, with an example',
        run: () => {
          const step = this.#lesson.steps[this.#at];
          if (step) this.#help(step, true);
        },
      },
      {
        name: 'skip',
        takes: '',
        about: 'do this step for me',
        run: () => {
          this.#skip = true;
        },
      },
    ];
  }

  async #do({ example }: LessonStep): Promise<void> {
    this.#skip = false;
    const { talk } = this.#desk;
    for (const line of example) {
      const prompt = this.#view.prompt(talk.awaits);
      this.#view.print([prompt + (talk.hidden ? '(hidden)' : line)]);
      await handle([line], this.#desk, this.#commands);
    }
  }
}

/** What ends the step, as a sentence. */
function wantedBy({ until, at }: LessonStep): string {
  if (until === 'closed') return 'This step ends with the connection.';
  const code = until.replace('xx', ' and any two digits');
  return `This step wants ${code}${at === undefined ? '' : ` in reply to ${stageFacts[at].said}`}.`;
}

/** A yes is no mistake, since a step may take several commands; unless it answers what should have been refused. */
function isAmiss({ at }: LessonStep, talk: Talk): boolean {
  return isRefused(talk) || (talk.last?.kind === 'reply' && talk.last.stage === at);
}

function isRefused({ last }: Talk): boolean {
  return last !== undefined && (last.kind !== 'reply' || last.reply.code >= 400);
}
