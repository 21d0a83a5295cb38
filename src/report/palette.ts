import { Chalk, type ChalkInstance } from 'chalk';

/** 0 no colour, 1 sixteen colours, 2 256 colours, 3 all. */
export type ColourLevel = 0 | 1 | 2 | 3;

export type Paint = (text: string) => string;

/** Colours by what they say, and marks in the characters that the terminal has. */
export interface Palette {
  readonly good: Paint;
  readonly bad: Paint;
  readonly warn: Paint;
  readonly dim: Paint;
  readonly strong: Paint;
  /** What we say. */
  readonly client: Paint;
  /** What is neither said by us nor by the host. */
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
export function createPalette({
  colour,
  unicode,
}: {
  readonly colour: ColourLevel;
  readonly unicode: boolean;
}): Palette {
  const chalk = new Chalk({ level: colour });
  return {
    good: paint(chalk.green),
    bad: paint(chalk.red),
    warn: paint(chalk.yellow),
    dim: paint(chalk.dim),
    strong: paint(chalk.bold),
    client: paint(chalk.cyan),
    note: paint(chalk.magenta),
    marks: unicode ? drawn : typed,
  };
}

/** Of one text only: chalk would take whatever else it is called with for more text. */
function paint(style: ChalkInstance): Paint {
  return (text) => style(text);
}
