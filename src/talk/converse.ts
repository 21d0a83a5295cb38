import { escapeControls } from '../text/escape.ts';
import { RealClock } from '../time/real-clock.ts';
import type { Desk, OwnCommand } from './desk.ts';
import { ownCommands, runOwn } from './own-commands.ts';
import type { Talk } from './talk.ts';
import type { Typed } from './typed.ts';
import { isOwn } from './typed-command.ts';

/** How long a host is waited for in silence, in ms. */
const patienceOfPeople = 6_000;

/** How often to look for what a host does while nobody asks it anything, in ms. */
const look = 100;

const verbs = [
  'EHLO ',
  'HELO ',
  'STARTTLS',
  'AUTH ',
  'MAIL FROM:<',
  'RCPT TO:<',
  'DATA',
  'RSET',
  'NOOP',
  'VRFY ',
  'EXPN ',
  'BDAT ',
  'HELP',
  'QUIT',
];

/** The words that tab knows. */
export function wordsFor(more: readonly OwnCommand[] = []): readonly string[] {
  return [
    ...verbs,
    '/help',
    ...[...more, ...ownCommands].map(({ name, takes }) => `/${name}${takes === '' ? '' : ' '}`),
  ];
}

/**
 * The next lines that a person types, while whatever the host does meanwhile is shown above them, with a `remark`. Undefined
 * when there are no more.
 */
export async function nextLines(
  { talk, view }: Desk,
  typed: Typed,
  remark: () => void = () => {},
): Promise<readonly string[] | undefined> {
  const clock = new RealClock();
  const watch = (): void => {
    if (talk.hasNews)
      typed.above(() => {
        talk.tell();
        remark();
      });
    alarm = clock.alarm(look, watch);
  };
  let alarm = clock.alarm(look, watch);
  try {
    return await typed.lines(view.prompt(talk.awaits), { awaits: talk.awaits, hidden: talk.hidden });
  } finally {
    alarm.cancel();
  }
}

/** Hands a line, or several that were pasted, to the host or to our own commands. The first one has been shown already. */
export async function handle(
  lines: readonly string[],
  desk: Desk,
  more: readonly OwnCommand[] = [],
): Promise<'done' | undefined> {
  const { talk, view } = desk;
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? '';
    const asked = talk.awaits === 'command' || talk.awaits === 'group';
    const count = talk.groupOf(lines.slice(at));
    for (const pasted of lines.slice(Math.max(1, at), at + count))
      view.print([view.prompt(talk.awaits) + (talk.hidden ? '' : escapeControls(pasted))]);
    if (asked ? isOwn(line) : namesLessons(line, more)) {
      if ((await runOwn(line, desk, more)) === 'done') return 'done';
    } else if (!asked || line.trim() !== '') await talk.hear(...lines.slice(at, at + count));
    at += count;
  }
  return undefined;
}

/** Talks until the person or the host has had enough: a line at a time, each with what comes back. */
export async function converse(desk: Desk, typed: Typed): Promise<void> {
  const { talk } = desk;
  typed.complete(wordsFor());
  typed.onInterrupt(() => void talk.breakOff());
  if (typed.keyboard) welcome(desk);
  await talk.call();
  const remark = remarkOnEnd(desk, typed);
  for (;;) {
    remark();
    const lines = await nextLines(desk, typed, remark);
    if (lines === undefined) break;
    const wasOver = talk.over;
    if (wasOver && lines.some((line) => /^\s*QUIT\s*$/i.test(line))) {
      if (typed.keyboard) break;
      continue; // a script takes leave of nobody
    }
    if ((await consoled(() => handle(lines, desk), desk, typed)) === 'done') break;
    if (typed.keyboard && !wasOver && saidGoodbye(talk)) break;
  }
  await talk.leave();
}

/** Tells a person who waits what for, and the way out. */
async function consoled<Result>(
  act: () => Promise<Result>,
  { view }: Desk,
  { keyboard }: Typed,
): Promise<Result> {
  const alarm = new RealClock().alarm(patienceOfPeople, () => {
    if (!keyboard) return;
    view.note('Still waiting. Hosts may take minutes for an answer (RFC 5321 4.5.3.2); Ctrl-C hangs up.');
  });
  try {
    return await act();
  } finally {
    alarm.cancel();
  }
}

function welcome({ view, simulated }: Desk): void {
  const help = '/help tells what can be typed here.';
  if (!simulated) return view.note(help);
  const { title, domain } = simulated;
  view.note(`${title}, simulated. It takes mail for ${domain}: /mailboxes tells whose. ${help}`);
}

/** Says once for each connection what can be done when it is over. */
function remarkOnEnd({ talk, view }: Desk, { keyboard }: Typed): () => void {
  let told = 0;
  return () => {
    const connections = talk.transcripts.length;
    if (!keyboard || !talk.over || told === connections || saidGoodbye(talk)) return;
    told = connections;
    view.note('There is no connection any more. /connect calls again, /quit leaves.');
  };
}

function saidGoodbye({ over, last }: Talk): boolean {
  return over && last?.kind === 'reply' && last.stage === 'quit';
}

/** In the middle of a message a line is text, unless a lesson is given: `/skip` must help there, too. */
function namesLessons(line: string, more: readonly OwnCommand[]): boolean {
  return (
    more.length > 0 &&
    [...more.map(({ name }) => name), 'help', 'quit'].some((name) => line.trim() === `/${name}`)
  );
}
