import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Lab } from '../../src/sim/lab.ts';
import { isProfile, ProviderShelf } from '../../src/sim/load-profiles.ts';
import { VirtualClock } from '../../src/time/virtual-clock.ts';
import { RawClient } from './raw-client.ts';

/** One command of a recorded dialogue: what the real Postfix answered, and what ours is known to answer instead. */
interface Turn {
  readonly command: string | undefined;
  readonly real: string[];
  readonly ours: string[];
}

interface Dialogue {
  readonly title: string;
  readonly afterEhlo: boolean;
  readonly turns: Turn[];
}

const withLineEnds = (text: string): string =>
  text.replace(/\\([rn\\])/g, (_, c: string) => ({ r: '\r', n: '\n' })[c] ?? c);

function read(text: string): Dialogue[] {
  const dialogues = text.split(/^== /m).slice(1);
  return dialogues.map((part) => {
    const [title = '', ...lines] = part.trimEnd().split('\n');
    const turns: Turn[] = [];
    for (const line of lines) {
      const said = line.slice(3);
      if (line.startsWith('C:')) turns.push({ command: withLineEnds(said), real: [], ours: [] });
      else if (line === '-- closed') turns.push({ command: undefined, real: ['closed'], ours: [] });
      else if (line.startsWith('S: ') && turns.length === 0)
        turns.push({ command: undefined, real: [said], ours: [] });
      else if (line.startsWith('S: ')) turns.at(-1)?.real.push(said);
      else if (line.startsWith('~: ')) turns.at(-1)?.ours.push(said);
    }
    return { title, afterEhlo: lines.includes('-- after EHLO'), turns };
  });
}

const recorded = read(readFileSync(new URL('../dialogues/postfix-3.7.11.txt', import.meta.url), 'utf8'));

const same = (heard: readonly string[] | undefined, said: readonly string[]): boolean =>
  heard?.join('\n') === said.join('\n');

/** Turns in which ours says what the real one says, although a difference is written down. */
const mended: Turn[] = [];

let lab: Lab;

beforeEach(async () => {
  lab = new Lab({ clock: new VirtualClock(), seed: 1 });
  const profile = await new ProviderShelf().get('postfix');
  if (!isProfile(profile)) throw new Error(JSON.stringify(profile));
  await lab.add('mx.example.net', { profile, addresses: ['192.0.2.25'] });
});

afterEach(() => lab.close());

/** A chunk is its own bytes and no more; any other line gets its end. */
const toSend = (command: string): string =>
  /^BDAT \d+/.test(command) && command.includes('\n') ? command : `${command}\r\n`;

test.each(recorded)('the postfix profile speaks as the real one: $title', async ({ afterEhlo, turns }) => {
  const client = await RawClient.to(lab, '192.0.2.25');
  if (afterEhlo || turns[0]?.command !== undefined) await client.reply();
  if (afterEhlo) await client.say('EHLO probe.example.org');
  const heard: string[][] = [];
  for (const { command } of turns) {
    const reply = command === undefined ? await client.reply() : await client.send(toSend(command));
    heard.push(reply.map((line) => line.replace(/queued as [0-9A-F]+/, 'queued as 0000000000')));
  }
  client.close();
  mended.push(...turns.filter(({ real, ours }, i) => ours.length > 0 && same(heard[i], real)));
  const shown = (said: readonly string[][]): string[] =>
    said.map((lines, i) => [turns[i]?.command ?? '', ...lines].join('\n'));
  const expected = turns.map(({ real, ours }, i) => (ours.length > 0 && !same(heard[i], real) ? ours : real));
  expect(shown(heard)).toEqual(shown(expected));
});

test('no difference stays written down in test/dialogues that has been mended', () => {
  expect(mended).toEqual([]);
});
