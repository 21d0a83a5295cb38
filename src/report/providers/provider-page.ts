import { commonSituations } from '../../sim/common-situations.ts';
import type { Coverage } from '../../sim/coverage.ts';
import { magicNames } from '../../sim/magic-recipients.ts';
import type { ProviderProfile, Situation } from '../../sim/profile.ts';
import { escapeControls } from '../../text/escape.ts';
import type { Palette } from '../palette.ts';
import { wrap } from '../width.ts';
import { behaviourWords } from './behaviour-words.ts';
import { ageOfEvidence, coverageOf, type Observation, observationsOf } from './evidence.ts';
import { linesOf, type NamedReply, repliesIn } from './replies-in.ts';

interface PageOptions {
  readonly palette: Palette;
  readonly columns: number;
}

type BehaviourEntry = ProviderProfile['behaviours'][number];

const step = 2;

/** Everything about one provider, in the order in which a person asks: who it is, how it talks, what it does, what can go wrong. */
export function renderProvider(
  profile: ProviderProfile,
  coverage: readonly Coverage[],
  options: PageOptions,
): string[] {
  const page = new Page(options);
  page.title(`${profile.provider}: ${profile.title}`);
  if (profile.about) page.text(profile.about);
  page.facts(factsOf(profile, coverage));
  page.section('Accent', () => page.facts(accentOf(profile)));
  page.section('Mailboxes', () => page.facts(mailboxesOf(profile)));
  page.section('Always', () => tellBehaviours(page, profile.behaviours));
  page.section('Magic recipients', () => tellMagic(page, profile));
  page.section(`Situations (${Object.keys(profile.situations).length})`, () => {
    for (const [name, situation] of Object.entries(profile.situations)) tellSituation(page, name, situation);
  });
  page.section('Situations of every provider', () => {
    page.facts(Object.entries(commonSituations).map(([name, { about }]) => [name, about]));
  });
  page.section('Sources', () => tellSources(page, profile.observed));
  return page.lines;
}

/** Lines of a page, sections indented below their titles. */
class Page {
  readonly lines: string[] = [];
  readonly #options: PageOptions;
  #indent = 0;

  constructor(options: PageOptions) {
    this.#options = options;
  }

  title(text: string): void {
    this.#add(text, this.#options.palette.strong);
  }

  text(text: string): void {
    this.#add(text.trim().replace(/\s+/g, ' '), (line) => line);
  }

  aside(text: string): void {
    this.#add(text.trim().replace(/\s+/g, ' '), this.#options.palette.dim);
  }

  reply({ name, lines }: NamedReply): void {
    this.below(() => {
      for (const line of lines) this.#add(name === '' ? line : `${name}: ${line}`, (part) => part);
    });
  }

  /** Names beside texts of one or more lines. */
  facts(facts: readonly (readonly [name: string, text: string])[]): void {
    const width = Math.max(0, ...facts.map(([name]) => name.length)) + step;
    for (const [name, text] of facts) {
      const [first = '', ...rest] = text
        .split('\n')
        .flatMap((line) => wrap(escapeControls(line), this.#room - width));
      this.lines.push(`${this.#margin}${this.#options.palette.dim(name.padEnd(width))}${first}`);
      for (const line of rest) this.lines.push(`${this.#margin}${' '.repeat(width)}${line}`);
    }
  }

  /** Left out when it says nothing. */
  section(title: string, tell: () => void): void {
    const before = this.lines.length;
    this.lines.push('', this.#options.palette.strong(title));
    const heading = this.lines.length;
    this.below(tell);
    if (this.lines.length === heading) this.lines.length = before;
  }

  below(tell: () => void): void {
    this.#indent += step;
    tell();
    this.#indent -= step;
  }

  get #margin(): string {
    return ' '.repeat(this.#indent);
  }

  get #room(): number {
    return this.#options.columns - this.#indent;
  }

  #add(text: string, paint: (line: string) => string): void {
    const [first = '', ...rest] = wrap(escapeControls(text), this.#room - step);
    this.lines.push(`${this.#margin}${paint(first)}`);
    for (const line of rest) this.lines.push(`${this.#margin}${' '.repeat(step)}${paint(line)}`);
  }
}

function factsOf(profile: ProviderProfile, coverage: readonly Coverage[]): [string, string][] {
  const own = coverageOf(profile, coverage);
  const observations = observationsOf(profile);
  const undated = observations.filter(({ on }) => !/^\d{4}/.test(on)).length;
  const sources = `${ageOfEvidence(profile)}; ${observations.length} sources${undated > 0 ? `, ${undated} of them undated` : ''}`;
  const suffixes = profile['mx-suffixes'];
  return [
    ...(suffixes.length > 0
      ? [['MX names', suffixes.map((suffix) => `*${suffix}`).join(', ')] as [string, string]]
      : []),
    ...(profile.extends ? [['builds on', profile.extends] as [string, string]] : []),
    ['evidence', profile.invented ? 'invented: modelled on nobody' : sources],
    ...(own
      ? [
          [
            'coverage',
            `gives ${own.reached} of the ${own.refusals} refusals known of ${profile.covers.join(', ')}`,
          ] as [string, string],
        ]
      : []),
  ];
}

/** What is left to plain words is not told. */
function accentOf({ accent }: ProviderProfile): [string, string][] {
  const { greeting, ehlo = [], helo, ...others } = accent;
  const keywords = ehlo.map((line) =>
    typeof line === 'string' ? line : `${line.keyword} (${line.when === 'tls' ? 'under TLS' : 'in clear'})`,
  );
  const worded = Object.entries(others).flatMap(([occasion, wording]): [string, string][] =>
    wording ? [[occasion, linesOf(wording).join('\n')]] : [],
  );
  return [
    ...(greeting ? [['greeting', linesOf(greeting).join('\n')] as [string, string]] : []),
    ...(keywords.length > 0 ? [['EHLO', keywords.join('\n')] as [string, string]] : []),
    ...(helo === undefined ? [] : [['HELO', helo] as [string, string]]),
    ...worded,
  ];
}

function mailboxesOf({ mailboxes }: ProviderProfile): [string, string][] {
  const states = new Map<string, string[]>();
  for (const [local, state] of Object.entries(mailboxes))
    states.set(state, [...(states.get(state) ?? []), local === '*' ? 'everybody else' : local]);
  return [...states].map(([state, locals]) => [state, locals.join(', ')]);
}

function tellBehaviours(page: Page, entries: readonly BehaviourEntry[]): void {
  for (const [name, options] of entries.flatMap((entry) => Object.entries(entry))) {
    if (options === undefined) continue;
    const then = (options as { then?: 'close' | 'reset' }).then;
    const end = then === undefined ? '' : `, then ${then === 'close' ? 'FIN' : 'RST'}`;
    page.text(`${behaviourWords(name, options)}${end}`);
    for (const reply of repliesIn(options)) page.reply(reply);
  }
}

function tellMagic(page: Page, { magic, mailboxes }: ProviderProfile): void {
  for (const [name, meaning] of Object.entries(magicNames)) {
    if (Object.hasOwn(mailboxes, name)) {
      page.text(`${name}@: not here, where it is a mailbox that is ${mailboxes[name]}`);
      continue;
    }
    const own = magic[name as keyof typeof magic];
    page.text(`${name}@: ${meaning}${own?.at === 'message' ? ', after the message' : ''}`);
    if (own) page.reply({ name: '', lines: linesOf(own.reply) });
  }
  page.text(
    'code-451-4.7.1@, code-550@ and so on: refused with this code; code-554-later@: after the message',
  );
}

function tellSituation(
  page: Page,
  name: string,
  { about, behaviours, accent = {}, mailboxes, observed }: Situation,
): void {
  page.title(name);
  page.below(() => {
    page.aside(about);
    tellBehaviours(page, behaviours);
    for (const reply of repliesIn(accent)) page.reply(reply);
    if (mailboxes)
      page.text(
        `Mailboxes: ${Object.entries(mailboxes)
          .map(([local, state]) => `${local} ${state}`)
          .join(', ')}`,
      );
    tellSources(page, observed);
  });
}

function tellSources(page: Page, observed: readonly Observation[] = []): void {
  for (const { on, source, note } of observed)
    page.aside(`${on}: ${source}${note === undefined ? '' : ` (${note.trim()})`}`);
}
