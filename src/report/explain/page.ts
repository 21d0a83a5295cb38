import type { CodeMeaning, Explanation } from '../../knowledge/explanation.ts';
import { stageFacts } from '../../smtp/stage.ts';
import { showBytes } from '../../text/escape.ts';
import { textOf } from '../json-text.ts';
import { wrap } from '../width.ts';
import { aboutWords, conclusionWords, retryWords, sideWords } from '../words.ts';
import type { Answer } from './answer.ts';
import { harmless, type PageOptions, type Paragraph, renderParagraphs } from './paragraphs.ts';

/** Lines of one reply that are shown, and characters of each. */
const mostLines = 12;
const longestLine = 400;
const mostCauses = 5;

type ReplyAnswer = Extract<Answer, { kind: 'reply' }>;
type EndingAnswer = Extract<Answer, { kind: 'ending' }>;

/** All that is known about one finding. */
export function renderAnswer(answer: Answer, options: PageOptions): string[] {
  switch (answer.kind) {
    case 'reply':
      return [...quote(answer, options), ...explained(answer, options)];
    case 'ending':
      return ended(answer, options);
    case 'complaint':
      return complained(answer, options);
    default:
      return answer satisfies never;
  }
}

function complained(
  { finding, meaning }: Extract<Answer, { kind: 'complaint' }>,
  options: PageOptions,
): string[] {
  const { strong, warn } = options.palette;
  const head = saying(textOf(finding.text), options, warn);
  if (meaning === undefined) {
    const says = 'No reply of a server: a client prints this when none came.';
    return [...head, ...renderParagraphs([['Says', says, strong]], options)];
  }
  const { title, says, endings, command } = meaning;
  return [
    ...head,
    ...renderParagraphs(
      [
        ['Printed by', title],
        ['Says', says, strong],
        ...endings
          .slice(0, mostCauses)
          .map(
            (ending, i): Paragraph => [
              i === 0 ? 'Behind it' : '',
              `${i + 1}. ${ending.says} ${ending.why ?? ''}`,
            ],
          ),
        ['Do', endings[0]?.advice ?? '', strong],
        ['Reproduce', command],
      ],
      options,
    ),
  ];
}

/** The quote alone, of what was explained before. */
export function renderAgain(answer: ReplyAnswer, options: PageOptions): string[] {
  return [
    ...quote(answer, options),
    ...renderParagraphs([['Reason', `${answer.explanation.reason} (explained above)`]], options),
  ];
}

/** The reply and one sentence: of a dialogue's good news no more is needed. */
export function renderBriefly({ finding, explanation }: ReplyAnswer, options: PageOptions): string[] {
  const { palette } = options;
  const [first = '', ...more] = finding.quoted.text.split('\n');
  const rest = more.length === 0 ? '' : ` ${palette.dim(`(and ${more.length} more lines)`)}`;
  const sentence = /^.+?[.!](?=\s|$)/s.exec(explanation.says)?.[0] ?? explanation.says;
  return [
    `${palette.good(palette.marks.passed)} ${showBytes(first.slice(0, longestLine))}${rest}`,
    ...renderParagraphs([['', sentence, palette.dim]], options),
  ];
}

function quote({ finding, explanation }: ReplyAnswer, options: PageOptions): string[] {
  const { palette } = options;
  const lines = finding.quoted.text.split('\n');
  const good = explanation.reason === 'accept';
  const mark = good ? palette.good(palette.marks.passed) : palette.bad(palette.marks.failed);
  const shown = lines.slice(0, mostLines).flatMap((line) => wrapped(line, options));
  const more = lines.length > mostLines ? [palette.dim(`(and ${lines.length - mostLines} more lines)`)] : [];
  return [...shown.map(palette.strong), ...more].map(
    (line, i) => `${i === 0 ? mark : ' '.repeat(palette.marks[good ? 'passed' : 'failed'].length)} ${line}`,
  );
}

function saying(text: string, options: PageOptions, paint: (text: string) => string): string[] {
  return wrap(harmless(text).slice(0, longestLine), options.columns - 2).map(
    (line, i) => `${i === 0 ? paint('!') : ' '} ${line}`,
  );
}

function wrapped(line: string, { columns, palette }: PageOptions): string[] {
  const cut = line.length > longestLine ? `${line.slice(0, longestLine)}${palette.marks.more}` : line;
  const shown = cut === line ? showBytes(line) : showBytes(line.slice(0, longestLine)) + palette.marks.more;
  return wrap(shown, columns - 6).map((part, i) => (i === 0 ? part : `    ${part}`));
}

function explained({ explanation, stage, finding }: ReplyAnswer, options: PageOptions): string[] {
  const { palette } = options;
  const { reason, about, says, causes, advice, adviceFor, verifier, contradictions, notes } = explanation;
  const { dim, strong, warn } = palette;
  return renderParagraphs(
    [
      [
        'Reason',
        [
          reason,
          aboutWords[about],
          ...(stage === undefined ? [] : [`in reply to ${stageFacts[stage].said}`]),
        ].join(` ${palette.marks.dot} `),
        strong,
      ],
      ['Provider', providerOf(explanation)],
      ...codesOf(explanation),
      ['Says', says],
      ...causes
        .slice(0, mostCauses)
        .map((cause, i): Paragraph => [i === 0 ? 'Causes' : '', `${i + 1}. ${cause}`]),
      ...contradictions.map((sentence, i): Paragraph => [i === 0 ? 'But' : '', sentence, warn]),
      ['Do: sender', advice, strong],
      ['administrator', adviceFor.admin ?? ''],
      ['validator', adviceFor.validator ?? ''],
      ['Retry', retryOf(explanation)],
      [
        'Verdict',
        `${conclusionWords[verifier].replace(/^To a validator: /, '').replace(/^./, (c) => c.toUpperCase())}.`,
      ],
      ...notes.map((note, i): Paragraph => [i === 0 ? 'Note' : '', note, dim]),
      ['Because', becauseOf(explanation, finding.quoted.given), dim],
    ],
    options,
  );
}

function codesOf({ code, enhanced }: Explanation): Paragraph[] {
  return [code, enhanced].flatMap((meaning: CodeMeaning<number | string> | undefined): Paragraph[] =>
    meaning === undefined ? [] : [[`${meaning.code}`, `${meaning.title} (${meaning.source})`]],
  );
}

const recognised = { name: 'as you said', host: 'by the name of its host', words: 'by its words' } as const;

function providerOf({ provider }: Explanation): string {
  return provider === undefined ? '' : `${provider.title}, recognised ${recognised[provider.by]}`;
}

function retryOf({ retry, retryNote }: Explanation): string {
  return `${retryWords[retry]}.${retryNote === undefined ? '' : ` ${retryNote}`}`;
}

function becauseOf({ because, rule, confidence }: Explanation, given: string): string {
  const source =
    rule === 'basic-code' && given === 'words'
      ? ''
      : ` ${rule === 'basic-code' || rule === 'enhanced-code' ? 'by the code alone' : rule},`;
  return `${textOf(because)};${source} ${Math.round(confidence * 100)} % sure.`;
}

function ended({ explanation, provider, finding }: EndingAnswer, options: PageOptions): string[] {
  const { palette } = options;
  const { says, causes, advice, verifier, summary } = explanation;
  const { lastReceived, command } = finding.ending;
  const mark = palette.bad(palette.marks.failed);
  return [
    ...wrap(`The host ${harmless(summary)}.`, options.columns - 4).map(
      (line, i) => `${i === 0 ? mark : ' '.repeat(palette.marks.failed.length)} ${palette.strong(line)}`,
    ),
    ...renderParagraphs(
      [
        ['Ended', says, palette.strong],
        ['Provider', provider === undefined ? '' : provider.title],
        ['Unanswered', command === undefined ? '' : textOf(command)],
        ['Last heard', textOf(lastReceived)],
        ...causes
          .slice(0, mostCauses)
          .map(({ side, cause, evidence }): Paragraph => [sideWords[side], [cause, ...evidence].join(' ')]),
        ['Do', advice, palette.strong],
        [
          'Verdict',
          `${conclusionWords[verifier].replace(/^To a validator: /, '').replace(/^./, (c) => c.toUpperCase())}.`,
        ],
      ],
      options,
    ),
  ];
}
