import type { Knowledge } from '../../knowledge/knowledge.ts';
import type { Conclusion } from '../../knowledge/vocabulary.ts';
import { Page, type PageOptions } from '../page.ts';
import type { CodeEntry } from './code-entry.ts';

const standings: Readonly<Record<NonNullable<CodeEntry['standing']>, string>> = {
  standard: 'standard',
  extension: 'an extension of the standard',
  experimental: 'experimental',
  historic: 'historic: no longer in any standard',
  registry: 'only in the registry of enhanced codes',
  vendor: 'of some vendors, in no standard',
  dotless: 'in no standard: an enhanced code without its dots',
  folklore: 'in no standard; lists on the web have it',
  client: 'made up by sending programs; no server says it',
};

const conclusions: Readonly<Record<Conclusion, string>> = {
  deliverable: 'the recipient was accepted',
  undeliverable: 'undeliverable',
  retry: 'ask again later',
  unknown: 'nothing about the recipient',
  none: 'it has no bearing on a recipient',
};

/** All about one code, in the order of the questions: what it says, what it means here, what people get wrong, how it looks. */
export function renderCode(entry: CodeEntry, knowledge: Knowledge, options: PageOptions): string[] {
  const page = new Page(options);
  page.title(`${entry.code}  ${entry.title}`);
  page.text(entry.says);
  page.lines.push('');
  page.facts(factsOf(entry, knowledge));
  page.section('What to do', () => page.text(entry.advice));
  page.section('Often taken wrong', () => entry.oftenWrong !== undefined && page.text(entry.oftenWrong));
  page.section(entry.kind === 'basic' ? 'By stage' : 'By class', () => page.facts(variantsOf(entry)));
  page.section('As some providers mean it', () => page.facts(readingsOf(entry)));
  page.section('What our rules make of such replies', () => page.facts(reasonsOf(entry)));
  page.section('As it is seen', () => tellSamples(page, entry));
  return page.lines;
}

function factsOf(entry: CodeEntry, knowledge: Knowledge): [string, string][] {
  const { reason, confidence, about, verifier, stages, standing, source } = entry;
  const sure = `${knowledge.reasons[reason].title}, ${sureness(confidence)}`;
  return [
    [
      'source',
      standing === undefined || standing === 'standard' ? source : `${source} (${standings[standing]})`,
    ],
    ...(stages === undefined || stages.length === 0
      ? []
      : [
          ['allowed', stages[0] === 'any' ? 'at every stage' : `at ${stages.join(', ')}`] as [string, string],
        ]),
    ...(entry.goesWith === undefined
      ? []
      : [
          ['goes with', entry.goesWith[0] === 'any' ? 'any code' : entry.goesWith.join(', ')] as [
            string,
            string,
          ],
        ]),
    ...(entry.dotless === undefined
      ? []
      : [['may be', `${entry.dotless} without its dots`] as [string, string]]),
    ['speaks of', about === 'unclear' ? 'nobody in particular; the words tell' : `the ${about}`],
    ['by itself', sure],
    ...(verifier === undefined ? [] : [['validator', conclusions[verifier]] as [string, string]]),
  ];
}

function sureness(confidence: number): string {
  if (confidence >= 0.85) return 'mostly';
  return confidence >= 0.5 ? 'often' : 'at a guess: read the words';
}

function variantsOf({ variants }: CodeEntry): [string, string][] {
  return variants.map(({ where, says, verifier, reason }) => {
    const notes = [
      reason === undefined ? '' : reason,
      verifier === undefined ? '' : `for a validator: ${conclusions[verifier]}`,
    ].filter((note) => note !== '');
    const note = notes.length === 0 ? '' : `(${notes.join('; ')})`;
    return [where, [says, note].filter((part) => part !== '').join(' ')];
  });
}

function readingsOf({ readings }: CodeEntry): [string, string][] {
  return readings.map(({ provider, codes, says, reason }) => [
    `${provider} ${codes}`,
    reason === undefined ? says : `${says} (${reason})`,
  ]);
}

function reasonsOf({ reasons }: CodeEntry): [string, string][] {
  return reasons.map(({ reason, title, samples }) => [
    reason,
    `${title} (${samples} ${samples === 1 ? 'example' : 'examples'})`,
  ]);
}

function tellSamples(page: Page, { samples }: CodeEntry): void {
  for (const { reply, stage, reason, source } of samples) {
    for (const line of reply) page.quote(line);
    const where = [stage === undefined ? '' : `at ${stage}`, source ?? ''].filter((part) => part !== '');
    page.below(() => page.aside(`${reason}; ${where.join('; ')}`));
  }
}
