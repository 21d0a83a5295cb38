import { Chalk, type ChalkInstance } from 'chalk';

/** 0 no colour, 1 sixteen colours, 2 256 colours, 3 all. */
export type ColourLevel = 0 | 1 | 2 | 3;

type Paint = (text: string) => string;

/** Colours by what they say, and marks in the characters that the terminal has. */
export interface Palette {
  readonly good: Paint;
  readonly bad: Paint;
  readonly warn: Paint;
  readonly dim: Paint;
  readonly strong: Paint;
  readonly heading: Paint;
  /** What we say, and what the host says. */
  readonly client: Paint;
  readonly server: Paint;
  readonly note: Paint;
  readonly marks: Marks;
}

interface Marks {
  readonly passed: string;
  readonly failed: string;
  readonly defect: string;
  /** In front of an explanation. */
  readonly bar: string;
  /** Between two columns. */
  readonly between: string;
  /** In front of a title inside a scenario. */
  readonly step: string;
  readonly rule: string;
  readonly dot: string;
  readonly more: string;
  readonly differs: string;
  /** Pictures of the spinner, in turn. */
  readonly spinner: readonly string[];
}

const drawn: Marks = {
  passed: '✓',
  failed: '✗',
  defect: '!',
  bar: '│',
  between: '│',
  step: '▸',
  rule: '─',
  dot: '·',
  more: '…',
  differs: '≠',
  spinner: ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'],
};

const typed: Marks = {
  passed: 'ok',
  failed: 'FAIL',
  defect: '!!',
  bar: '|',
  between: '|',
  step: '>',
  rule: '-',
  dot: '-',
  more: '...',
  differs: '#',
  spinner: ['|', '/', '-', '\\'],
};

/** The only place that knows colours. With level 0 every paint gives its text back as it is. */
export function createPalette({ colour, unicode }: { readonly colour: ColourLevel; readonly unicode: boolean }): Palette {
  const chalk: ChalkInstance = new Chalk({ level: colour });
  return {
    good: chalk.green,
    bad: chalk.red,
    warn: chalk.yellow,
    dim: chalk.dim,
    strong: chalk.bold,
    heading: chalk.bold.underline,
    client: chalk.cyan,
    server: (text) => text,
    note: chalk.magenta,
    marks: unicode ? drawn : typed,
  };
}
