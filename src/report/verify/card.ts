import { replyCodes, replyText } from '../../smtp/reply.ts';
import { stageFacts } from '../../smtp/stage.ts';
import { escapeControls } from '../../text/escape.ts';
import { formatDuration } from '../../time/duration.ts';
import type { ControlProbe, Verification, VerifyEvidence } from '../../verify/verification.ts';
import type { Verdict } from '../../verify/vocabulary.ts';
import type { Paint, Palette } from '../palette.ts';
import { wrap } from '../width.ts';
import { verdictTitle, whyOf } from './words.ts';

interface CardOptions {
  readonly palette: Palette;
  readonly columns: number;
}

/** One result as a person reads it: the verdict, why, what it rests on, and what to do next. */
export function renderCard(verification: Verification, { palette, columns }: CardOptions): string[] {
  const { address, verdict, notes } = verification;
  const paint = paintOf(verdict, palette);
  const title = verdictTitle(verification, palette.marks.dot).replace(
    verdict,
    paint(palette.strong(verdict)),
  );
  const lines = [
    whyOf(verification),
    ...groundsOf(verification),
    ...nextOf(verification),
    ...notes,
    ...ageOf(verification),
  ];
  const body = lines.filter((line) => line !== '');
  return [
    palette.strong(escapeControls(address)),
    `  ${title}`,
    ...body.flatMap((line) => wrap(escapeControls(line), columns - 4).map((text) => `    ${text}`)),
  ];
}

/** The colour of a verdict. */
export function paintOf(verdict: Verdict, { good, bad, warn, note }: Palette): Paint {
  return { deliverable: good, undeliverable: bad, 'accept-all': note, unknown: warn }[verdict];
}

function groundsOf({ evidence, exists, verdict }: Verification): string[] {
  const { reply, stage, host, ip, event, says, tries, elapsed } = evidence;
  const where = host === undefined ? '' : `${host}${ip === undefined ? '' : ` (${ip})`}`;
  const said = stage ? stageFacts[stage].said : '';
  return [
    reply
      ? `${where || 'The host'} said to ${said}: ${replyCodes(reply)} ${shortened(replyText(reply))}`
      : '',
    !reply && event && where ? `${where}: ${event}${said ? ` at ${said}` : ''}.` : '',
    reply && says && verdict !== 'deliverable' && verdict !== 'accept-all' ? says : '',
    ...controlLines(evidence),
    ...postmasterLine(evidence),
    verdict !== 'deliverable' && exists === 'yes' ? 'The mailbox exists.' : '',
    tries > 1 ? `Asked ${tries} times in ${formatDuration(elapsed)}.` : '',
  ];
}

/** What became of control addresses, a sentence each. */
export function controlLines({ controls }: VerifyEvidence): readonly string[] {
  return unique(controls)
    .filter(({ result }) => result !== 'none')
    .map(controlLine);
}

export function postmasterLine({ postmaster }: VerifyEvidence): readonly string[] {
  if (!postmaster) return [];
  return [`The postmaster of the domain got ${replyCodes(postmaster)} ${shortened(replyText(postmaster))}`];
}

/** Of a control that was asked several times, the last answer. */
function unique(controls: readonly ControlProbe[]): readonly ControlProbe[] {
  return [...new Map(controls.map((control) => [control.address, control])).values()];
}

function controlLine({ address, result, reply }: ControlProbe): string {
  const got = reply ? `${replyCodes(reply)} ${shortened(replyText(reply))}` : 'no answer';
  const what = { accepted: 'was accepted', refused: 'was refused', deferred: 'was put off', none: 'got' }[
    result
  ];
  return `Control ${address} ${what}: ${got}`;
}

function nextOf({ retryableFrom, expires, verdict }: Verification): string[] {
  const lines = retryableFrom === undefined ? [] : [`Ask again from ${minute(retryableFrom)} on.`];
  return verdict === 'unknown' ? lines : [...lines, `Holds until ${minute(expires).slice(0, 10)}.`];
}

function ageOf({ cached }: Verification): string[] {
  if (!cached) return [];
  const ago = cached.age < 60_000 ? 'just now' : `${formatDuration(cached.age)} ago`;
  return [`From the cache: found out ${ago}, ${minute(cached.at)}.`];
}

const minute = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

const shortened = (text: string): string => (text.length <= 160 ? text : `${text.slice(0, 160)}...`);
