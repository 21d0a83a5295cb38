import type { Manners } from '../../exam/manners.ts';
import { type Mark, marks } from '../../exam/mark.ts';
import type { ExamAnswer } from '../../exam/run-exam.ts';
import type { Change, ScoreCard } from '../../exam/score-card.ts';
import { escapeControls } from '../../text/escape.ts';
import { formatDuration } from '../../time/duration.ts';
import type { Paint, Palette } from '../palette.ts';
import { cutTo, padTo, wrap } from '../width.ts';

interface CardOptions {
  readonly palette: Palette;
  readonly columns: number;
}

/** The score card as a person reads it: every answer that is not right, with what is true and why, then the sums. */
export function renderScoreCard(card: ScoreCard, { palette, columns }: CardOptions): string[] {
  const faults = card.answers.filter(({ mark }) => mark !== 'right');
  return [
    ...faults.flatMap((answer) => renderAnswer(answer, { palette, columns })),
    palette.strong(escapeControls(card.validator)),
    ...marks
      .filter((mark) => card.counts[mark] > 0 || mark === 'right')
      .map((mark) => countLine(mark, card, palette)),
    ...wrap(mannersLine(card.manners), columns - 2).map((line) => `  ${palette.dim(line)}`),
    `  ${palette.dim(`${card.answers.length} questions in ${new Set(card.answers.map(({ exam }) => exam)).size} cases, ${formatDuration(card.took)} of asking`)}`,
  ];
}

/** One answer in a line or some. */
function renderAnswer(answer: ExamAnswer, { palette, columns }: CardOptions): string[] {
  const { exam, question, mark, verdict, said, took } = answer;
  const title = `${padTo(mark, 9)} ${exam.name}  ${escapeControls(question.address)}`;
  const truth = `right: ${question.verdict.join(' or ')}${question.mailbox === 'live' ? '; somebody reads mail there' : '; nobody is there'}`;
  const told = verdict === undefined ? escapeControls(said) : `said ${verdict}: ${escapeControls(said)}`;
  const lines = [
    exam.exam,
    truth,
    cutTo(told.replace(/\s+/g, ' '), (columns - 12) * 2, palette.marks.more),
    formatDuration(took),
  ];
  return [
    paintOf(mark, palette)(cutTo(title, columns, palette.marks.more)),
    ...lines.flatMap((line) => wrap(line, columns - 12)).map((line) => `          ${palette.dim(line)}`),
  ];
}

function paintOf(mark: Mark, { good, bad, warn, strong }: Palette): Paint {
  const paints = {
    right: good,
    harmless: warn,
    wrong: bad,
    dangerous: (text: string) => bad(strong(text)),
    hung: bad,
    crashed: bad,
  };
  return paints[mark];
}

const meanings: Readonly<Record<Mark, string>> = {
  right: '',
  harmless: 'said unknown where more could be known',
  wrong: 'said what it had no ground for',
  dangerous: 'gave up a live mailbox, or trusted a dead one',
  hung: 'gave no answer in time',
  crashed: 'failed, or was not understood',
};

function countLine(mark: Mark, { counts, answers }: ScoreCard, palette: Palette): string {
  const share =
    mark === 'right' ? `${Math.round((counts.right / Math.max(1, answers.length)) * 100)} %` : meanings[mark];
  return `  ${paintOf(mark, palette)(`${String(counts[mark]).padStart(4)} ${padTo(mark, 9)}`)} ${palette.dim(share)}`;
}

export function mannersLine(manners: Manners): string {
  const { connections, recipients, retriesTooSoon, talkedAfter421, dataSent, talkedEarly, leftWithoutQuit } =
    manners;
  const faults = [
    [retriesTooSoon, 'came back too soon'],
    [talkedAfter421, 'went on after 421'],
    [dataSent, 'began a message'],
    [talkedEarly, 'spoke before the greeting'],
    [leftWithoutQuit, 'left without QUIT'],
  ] as const;
  const told = faults
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${what} ${count} ${count === 1 ? 'time' : 'times'}`);
  return `${connections} connections, ${recipients} recipients named${told.length > 0 ? `; ${told.join(', ')}` : '; good manners'}`;
}

/** What changed since the baseline. */
export function renderChanges(changes: readonly Change[], { palette, columns }: CardOptions): string[] {
  return changes.flatMap(({ question, before = 'not asked', now = 'not asked' }) =>
    wrap(`${escapeControls(question)}: ${before} before, ${now} now`, columns).map(palette.warn),
  );
}
