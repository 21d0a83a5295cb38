import type { CommandSession } from './command-sessions.ts';
import type { Heard } from './spoken-session.ts';

/** What the simulated and the real host answered to one step. */
export interface Pair {
  readonly session: string;
  readonly step: string;
  /** Lines joined by ` | `; what changes from one run to the next made alike. */
  readonly simulated: string;
  readonly real: string;
}

export function pairUp(session: CommandSession, simulated: readonly Heard[], real: readonly Heard[]): Pair[] {
  return Array.from({ length: Math.max(simulated.length, real.length) }, (_, i) => ({
    session: session.name,
    step: real[i]?.step ?? simulated[i]?.step ?? '',
    simulated: shown(simulated[i]),
    real: shown(real[i]),
  }));
}

function shown(heard: Heard | undefined): string {
  return heard ? masked(heard.lines.join(' | ')) : 'nothing';
}

/** Without queue ids, dates, the client's address, and the middle of what is longer than anybody reads. */
function masked(text: string): string {
  return text
    .replace(/queued as [0-9A-F]+/g, 'queued as {id}')
    .replace(/(.)\1{39,}/g, '$1$1$1...')
    .replace(/\bid=[\w-]+/g, 'id={id}')
    .replace(/\b[0-9a-f]{8} Message accepted/g, '{id} Message accepted')
    .replace(/\w{3}, \d\d? \w{3} \d{4} [\d:]{8} [+-]\d{4}/g, '{date}')
    .replace(/\[(?:127\.\d+\.\d+\.\d+|203\.0\.113\.10)\]/g, '[{client}]');
}

/** Code and enhanced code of the last line, such as `550 5.1.1`; or how it ended. */
export function codesOf(answer: string): string {
  const last = answer.split(' | ').at(-1) ?? '';
  return /^\d{3}(?:[ -][245]\.\d{1,3}\.\d{1,3}\b)?/.exec(last)?.[0].replace('-', ' ') ?? last;
}

export const sameCodes = ({ simulated, real }: Pair): boolean => codesOf(simulated) === codesOf(real);
const sameWords = ({ simulated, real }: Pair): boolean => simulated === real;

/** What a host's answers have in common, and below it each one that differs: ours behind -, the real one's behind +. */
export function renderDiff(host: string, pairs: readonly Pair[]): string {
  const head = `${host}: ${pairs.length} answers, ${count(pairs, sameCodes)} alike in their codes, ${count(pairs, sameWords)} to the letter`;
  return [head, ...differing(pairs).map(renderPair)].join('\n');
}

/** The pairs that differ, of several that say the same the first. */
export function differing(pairs: readonly Pair[]): Pair[] {
  const seen = new Map<string, Pair>();
  for (const pair of pairs.filter((each) => !sameWords(each))) {
    const key = JSON.stringify([pair.step, pair.simulated, pair.real]);
    if (!seen.has(key)) seen.set(key, pair);
  }
  return [...seen.values()];
}

function count(pairs: readonly Pair[], kind: (pair: Pair) => boolean): number {
  return pairs.filter(kind).length;
}

function renderPair(pair: Pair): string {
  const title = `  ${sameCodes(pair) ? ' ' : '!'} ${pair.session}: ${shortened(pair.step)}`;
  return [title, ...lines('-', pair.simulated), ...lines('+', pair.real)].join('\n');
}

function lines(sign: string, answer: string): string[] {
  return answer.split(' | ').map((line) => `      ${sign} ${shortened(line)}`);
}

function shortened(text: string): string {
  return text.length <= 110 ? text : `${text.slice(0, 100)}... (${text.length} octets)`;
}
