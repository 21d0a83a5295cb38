import { closest } from '../datafile/suggest.ts';
import { padTo, wrap } from '../report/width.ts';
import { replyFromLines } from '../smtp/reply.ts';
import type { Desk, OwnCommand } from './desk.ts';
import { simulationCommands } from './simulation-commands.ts';
import type { TalkView } from './talk-view.ts';

export const ownCommands: readonly OwnCommand[] = [
  {
    name: 'explain',
    takes: '[reply]',
    about: 'the last reply once more and in full, or one that you type, such as 550 5.7.1 Blocked',
    run: explain,
  },
  {
    name: 'pipeline',
    takes: '',
    about: 'gather the lines that follow; /send sends them in one write (RFC 2920)',
    run: (_, { talk, view }) => {
      talk.beginGroup();
      if (talk.awaits === 'group' && !talk.offers.includes('PIPELINING'))
        view.note('The host has not offered PIPELINING. It may refuse this.');
    },
  },
  { name: 'send', takes: '', about: 'send what was gathered', run: (_, { talk }) => talk.sendGroup() },
  { name: 'connect', takes: '', about: 'call again, in a new connection', run: (_, { talk }) => talk.call() },
  ...simulationCommands,
  {
    name: 'save',
    takes: 'FILE',
    about: 'write the dialogue so far into a file',
    run: (file, { view, save }) =>
      view.note(save && file !== '' ? save(file) : 'Name the file to write: /save FILE'),
  },
  { name: 'quit', takes: '', about: 'take leave of the host, and of mxlab', run: () => 'done' },
];

/** Does what a line of ours says. */
export async function runOwn(
  line: string,
  desk: Desk,
  more: readonly OwnCommand[] = [],
): Promise<'done' | undefined> {
  const { name, argument } = readOwn(line);
  const known = [...more, ...ownCommands];
  if (name === 'help') {
    help(desk.view, known);
    return undefined;
  }
  const command = known.find((one) => one.name === name);
  if (command) return (await command.run(argument, desk)) === 'done' ? 'done' : undefined;
  const near = closest(name, ['help', ...known.map((one) => one.name)]);
  desk.view.note(
    `There is no /${name}. ${near === undefined ? '/help tells what there is.' : `Did you mean /${near}?`}`,
  );
  return undefined;
}

/** `?` asks for help, and `?` with something behind it for its explanation. */
function readOwn(line: string): { readonly name: string; readonly argument: string } {
  const text = line.trim();
  if (text.startsWith('?')) {
    const argument = text.slice(1).trim();
    return { name: argument === '' || argument === 'help' ? 'help' : 'explain', argument };
  }
  const [, name = '', argument = ''] = /^\/(\S*)\s*(.*)$/s.exec(text) ?? [];
  return { name: name === '' ? 'help' : name.toLowerCase(), argument };
}

const smtp = [
  'Type SMTP: EHLO me.example.net, MAIL FROM:<me@example.net>, RCPT TO:<somebody@…>, DATA, QUIT. Tab completes the verbs.',
  'STARTTLS does the handshake. AUTH asks for name and password; what you type there is neither shown nor kept. A lone dot ends a message.',
  'Several lines pasted at once travel together where the host offers PIPELINING. Besides, there are:',
];

function help(view: TalkView, commands: readonly OwnCommand[]): void {
  for (const text of smtp) view.note(text);
  const heads = commands.map(({ name, takes }) => `/${name}${takes === '' ? '' : ` ${takes}`}`);
  const width = Math.max(...heads.map((head) => head.length));
  const { strong } = view.palette;
  view.print(
    commands.flatMap(({ about }, i) => {
      const [first = '', ...rest] = wrap(about, view.columns - width - 4);
      return [
        `  ${strong(padTo(heads[i] ?? '', width))}  ${first}`,
        ...rest.map((line) => ' '.repeat(width + 4) + line),
      ];
    }),
  );
}

function explain(argument: string, { talk, view }: Desk): void {
  const { lastReply } = talk;
  if (argument === '') {
    if (lastReply) view.explain(lastReply);
    else view.note('The host has not said anything yet.');
    return;
  }
  if (!/^[2-5]\d\d(?:[ -]|$)/.test(argument)) {
    view.note(`A reply begins with a code, such as 550; mxlab codes ${argument} searches the reference.`);
    return;
  }
  view.explain({
    reply: replyFromLines([Buffer.from(argument).toString('latin1')]),
    stage: lastReply?.stage ?? 'command',
    host: lastReply?.host ?? '',
    provider: lastReply?.provider,
    unsolicited: false,
    elapsed: undefined,
  });
}
