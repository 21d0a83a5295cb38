import type { QuizQuestion } from './quiz.ts';
import type { TalkView } from './talk-view.ts';
import type { Typed } from './typed.ts';

/** How a quiz went. */
export interface QuizScore {
  readonly asked: number;
  readonly right: number;
}

/** Asks so many questions, says after each what is right and why, and counts. Ends early where the person has had enough. */
export async function runQuiz(
  source: Iterator<QuizQuestion>,
  count: number,
  { view, typed }: { readonly view: TalkView; readonly typed: Typed },
): Promise<QuizScore> {
  let [asked, right] = [0, 0];
  for (; asked < count; asked++) {
    const { value, done } = source.next();
    if (done) break;
    const answer = await ask(`${asked + 1} of ${count}`, value, view, typed);
    if (answer === undefined) break;
    if (answer) right++;
  }
  return { asked, right };
}

async function ask(
  number: string,
  { asks, quotes = [], choices, right, because }: QuizQuestion,
  view: TalkView,
  typed: Typed,
): Promise<boolean | undefined> {
  const { strong, dim, good, bad, client, marks } = view.palette;
  view.print(['', dim(number)]);
  for (const quote of quotes) view.print(view.hang('S: ', quote));
  view.say(asks, strong);
  for (const [i, choice] of choices.entries()) view.print(view.hang(`  ${i + 1}  `, choice));
  const letters = choices.map((_, i) => `${i + 1}`);
  for (;;) {
    const lines = await typed.lines(client('? '), { awaits: 'command', hidden: false });
    const answer = lines?.[0]?.trim().toLowerCase();
    if (answer === undefined || /^(?:[/?]?quit|q|exit)$/.test(answer)) return undefined;
    if (!letters.includes(answer)) {
      view.say(`A number from 1 to ${choices.length}; q ends it.`);
      continue;
    }
    const isRight = Number(answer) - 1 === right;
    if (isRight) view.say(`${marks.passed} Right.`, good);
    else view.say(`${marks.failed} It is ${right + 1}: ${choices[right]}`, bad);
    view.say(because, dim);
    return isRight;
  }
}
