import { padTo, wrap } from '../report/width.ts';
import { escapeControls } from '../text/escape.ts';
import { parseDuration } from '../time/duration.ts';
import { noteOfPause } from '../transcript/note.ts';
import type { Desk, OwnCommand } from './desk.ts';

/** How long a host may take to be done with what was before, and to act on time that has passed, in ms. */
const settling = 20;
const reaction = 100;

const onlySimulated = 'This is a real host: its time, its mailboxes and its situations are its own.';

/** What can be done to a simulated host, and to no other. */
export const simulationCommands: readonly OwnCommand[] = [
  { name: 'wait', takes: '5m', about: 'let time pass at a simulated host: 30s, 5m, 2h, 1d', run: wait },
  {
    name: 'mailboxes',
    takes: '',
    about: 'who has a mailbox at a simulated host, and names that ask for an answer',
    run: mailboxes,
  },
  { name: 'situations', takes: '', about: 'what a simulated host can be put in', run: situations },
  {
    name: 'switch',
    takes: 'NAME [off]',
    about: 'put a simulated host in a situation, or out of it',
    run: switchTo,
  },
];

async function wait(argument: string, { talk, view, simulated }: Desk): Promise<void> {
  if (!simulated) return view.note(onlySimulated);
  const time = parseDuration(argument.replaceAll(' ', ''));
  if (time === undefined) return view.note(`${argument || 'Nothing'} is no time such as 30s, 5m or 2h.`);
  await talk.listen(settling);
  simulated.pass(time);
  view.note(noteOfPause(time));
  await talk.listen(reaction);
}

function mailboxes(_: string, { view, simulated }: Desk): void {
  if (!simulated) return view.note(onlySimulated);
  const names = simulated.names();
  const width = Math.max(...names.map(({ local }) => local.length));
  const { strong } = view.palette;
  view.print(
    names.flatMap(({ local, about }) =>
      wrap(escapeControls(about), view.columns - width - 4).map(
        (line, i) => `  ${i === 0 ? strong(padTo(local, width)) : ' '.repeat(width)}  ${line}`,
      ),
    ),
  );
  view.note(
    `All at ${simulated.domain}; * is everybody else. code-451-4.7.1 asks for that code, code-550-later for one after the message.`,
  );
}

function situations(_: string, { view, simulated }: Desk): void {
  if (!simulated) return view.note(onlySimulated);
  const moods = simulated.moods();
  const { good, strong, marks } = view.palette;
  view.print(
    moods.flatMap(({ name, about, on }) => [
      `  ${on ? good(marks.passed) : ' '} ${strong(name)}`,
      ...wrap(escapeControls(about), view.columns - 6).map((line) => `      ${line}`),
    ]),
  );
  const now = moods.filter(({ on }) => on).map(({ name }) => name);
  view.note(`On: ${now.join(', ') || 'none'}.`);
}

function switchTo(argument: string, { view, simulated }: Desk): void {
  if (!simulated) return view.note(onlySimulated);
  const [, minus, name = '', how] = /^(-?)(\S*)\s*(on|off)?$/i.exec(argument) ?? [];
  const on = minus !== '-' && how?.toLowerCase() !== 'off';
  try {
    simulated.put(name, on);
    view.note(
      `${name} is ${on ? 'on' : 'off'}. Some situations show only from the next connection on: /connect`,
    );
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    view.note(`${error.message}.`);
  }
}
