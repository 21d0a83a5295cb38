import { type Finding, type Format, nothing } from '../finding.ts';
import { quoteReply, replyWithin } from '../quoted-reply.ts';
import { stageNamed } from '../stage-names.ts';

/** A line of any program that quotes a reply: `... said: 550 5.1.1 No such user`, `<<< 550 ...`. */
export const mention: Format = {
  name: 'mention',
  title: 'lines that quote a reply',
  reader: () => ({ take, end: () => nothing }),
};

function take(line: string, number: number): readonly Finding[] | undefined {
  if (!/[2-5]\d\d/.test(line)) return undefined;
  const words = replyWithin(line);
  const quoted = words === undefined ? undefined : quoteReply(words);
  if (quoted === undefined) return undefined;
  const behind = /(?:in reply to|in response to|after) ((?:end of )?[A-Z]{4,8}(?: (?:TO|FROM))?)/.exec(
    line,
  )?.[1];
  const stage = behind === undefined ? undefined : stageNamed(behind);
  return [
    { kind: 'reply', quoted, format: 'mention', line: number, ...(stage === undefined ? {} : { stage }) },
  ];
}
