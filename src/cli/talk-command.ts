import { writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { seededRandom } from '../chance/seeded-random.ts';
import { SystemResolver } from '../dns/system-resolver.ts';
import { loadKnowledge } from '../knowledge/knowledge.ts';
import type { Environment } from '../probe/environment.ts';
import { isLoopback, liveDial } from '../probe/live-dial.ts';
import { Session } from '../probe/session.ts';
import { createPalette } from '../report/palette.ts';
import { Talk } from '../talk/talk.ts';
import { parseDuration } from '../time/duration.ts';
import { RealClock } from '../time/real-clock.ts';
import { printDialogue } from '../transcript/notation.ts';
import { readEndpoint } from '../world/endpoint.ts';
import { exitCodes, UsageError } from './exit.ts';
import { hostsAsked } from './hosts-asked.ts';
import { shelfOf } from './provider-shelf.ts';
import { renderIssues } from './render-issues.ts';
import type { Surroundings } from './surroundings.ts';
import { openTyped, type Typed } from './talk-input.ts';
import { openTalkLab, type TalkLab } from './talk-lab.ts';

/** What `mxlab talk` may be told. */
export interface TalkFlags {
  readonly live?: boolean;
  readonly sendData?: boolean;
  readonly tls?: 'implicit';
  readonly from?: string;
  readonly save?: string;
  readonly seed?: string;
  readonly providers?: readonly string[];
}

/** A host to talk to. */
interface Partner {
  readonly environment: Environment;
  readonly host: string;
  readonly address: string;
  readonly port: number;
  readonly provider?: string;
  readonly lab?: TalkLab;
}

/** Talks to a host, or to a simulated one: a line at a time, explained. */
export async function talk(who: string, flags: TalkFlags, surroundings: Surroundings): Promise<void> {
  const partner = await partnerOf(who, flags, surroundings);
  if (!partner) return surroundings.endWith(exitCodes.usage);
  const typed = openTyped(surroundings);
  const { environment, host, address, port, provider, lab } = partner;
  try {
    const { session } = await Session.open(environment, {
      host,
      address,
      port,
      ...(flags.tls ? { tls: flags.tls } : {}),
      ...(flags.from === undefined ? {} : { from: flags.from }),
    });
    const { columns, colours: colour, unicode, write } = surroundings;
    const conversation = new Talk(session, {
      write,
      knowledge: await loadKnowledge(),
      palette: createPalette({ colour, unicode }),
      columns,
      host,
      ...(provider === undefined ? {} : { provider }),
      ...(lab || flags.sendData || isLoopback(address)
        ? {}
        : { withholdMessages: 'Not sent: messages go to real hosts only with --send-data.' }),
    });
    conversation.tell();
    await converse(conversation, typed, partner, surroundings);
    if (flags.save !== undefined) save(flags.save, printDialogue(session.transcript.events));
  } finally {
    typed.close();
    await lab?.close();
  }
}

async function partnerOf(
  who: string,
  flags: TalkFlags,
  surroundings: Surroundings,
): Promise<Partner | undefined> {
  const shelf = await shelfOf(flags.providers ?? []);
  const [name = ''] = who.split(':');
  if ((await shelf.names()).includes(name)) {
    const asked = await hostsAsked([who], shelf, flags.tls === 'implicit');
    if ('issues' in asked) {
      surroundings.complain(await renderIssues(asked.issues, ' Nobody was called.'));
      return undefined;
    }
    const seed = flags.seed === undefined ? {} : { seed: flags.seed };
    const { lab, host, environment } = await openTalkLab(asked.hosts, { shelf, ...seed });
    return { environment, host: host.name, address: host.address, port: host.port, provider: name, lab };
  }
  return realPartner(who, flags);
}

async function realPartner(who: string, { live = false, tls, seed = 'talk' }: TalkFlags): Promise<Partner> {
  const { address, port } = readEndpoint(who);
  const named = /:\d+$/.test(who) ? port : tls ? 465 : 25;
  if (!live && !isLoopback(address))
    throw new UsageError(
      `${address} is neither a provider nor on this machine: nobody was called. Add --live to talk to real hosts.`,
    );
  const clock = new RealClock();
  const resolver = new SystemResolver();
  const environment = { clock, resolver, dial: liveDial({ live, clock }), random: seededRandom(seed) };
  if (isIP(address) !== 0) return { environment, host: address, address, port: named };
  const found = await resolver.addresses(address, 4);
  const [first] = found.kind === 'found' ? found.records : [];
  if (first === undefined) throw new UsageError(`${address} has no address.`);
  return { environment, host: address, address: first, port: named };
}

const help = [
  'Type SMTP: EHLO me.example.net, MAIL FROM:<me@example.net>, RCPT TO:<alice@…>, DATA, QUIT.',
  'STARTTLS does the handshake; AUTH LOGIN name asks for the password and shows it nowhere; a lone dot ends a message.',
  '/help  /wait 5m (simulated hosts: time passes)  /switch NAME, /switch -NAME (situations)  /situations  /quit',
];

async function converse(
  conversation: Talk,
  typed: Typed,
  partner: Partner,
  surroundings: Surroundings,
): Promise<void> {
  const prompts = { command: 'C: ', message: '.. ', password: 'password: ' } as const;
  if (surroundings.typing) conversation.note('/help tells what can be typed here.');
  while (!conversation.over) {
    const { awaits } = conversation;
    const line = await typed.line(prompts[awaits], awaits === 'password');
    if (line === undefined || line === '/quit') break;
    if (awaits === 'command' && line.startsWith('/')) command(line, conversation, partner);
    else if (awaits !== 'command' || line.trim() !== '') await conversation.hear(line);
  }
  if (!conversation.over) await conversation.leave();
}

/** What is not SMTP. */
function command(line: string, conversation: Talk, { lab, host }: Partner): void {
  const [, verb = '', rest = ''] = /^\/(\S*)\s*(.*?)\s*$/.exec(line) ?? [];
  try {
    if (verb === 'help') for (const text of help) conversation.note(text);
    else if (!lab) conversation.note('This is a real host: its time and its moods are its own. /help');
    else if (verb === 'wait') wait(rest, conversation, lab);
    else if (verb === 'switch') lab.switch(host, rest.replace(/^-/, ''), !rest.startsWith('-'));
    else if (verb === 'situations')
      conversation.note(
        `On: ${lab.host(host).situations.join(', ') || 'none'}. mxlab providers ${lab.host(host).provider} lists them all.`,
      );
    else conversation.note(`There is no /${verb}. /help`);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    conversation.note(`${error.message}.`);
  }
}

function wait(text: string, conversation: Talk, lab: TalkLab): void {
  const time = parseDuration(text);
  if (time === undefined) return conversation.note(`${text || 'That'} is no time such as 30s, 5m or 2h.`);
  lab.advance(time);
  conversation.tell();
  conversation.note(`${text} later`);
}

function save(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${(error as Error).message}.`);
  }
}
