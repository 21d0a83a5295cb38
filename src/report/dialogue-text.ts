import { escapeControls } from '../text/escape.ts';
import { printLines } from '../transcript/notation.ts';
import type { DialogueEntry, SpokenReply } from './dialogue.ts';
import { verdictLines } from './verify/verdict-lines.ts';
import { verdictTitle } from './verify/words.ts';

/**
 * A dialogue in the notation that `parseDialogue` reads back, with an explanation behind a bar below each reply where
 * `explain` has one.
 */
export function dialogueText(
  entries: readonly DialogueEntry[],
  explain: (reply: SpokenReply) => string | undefined,
): string[] {
  return entries.flatMap((entry) => {
    switch (entry.kind) {
      case 'lines':
        return printLines(entry.by, entry.lines, entry.unshown);
      case 'reply': {
        const explanation = explain(entry);
        return [
          ...printLines('server', entry.reply.raw),
          ...(explanation === undefined ? [] : [`|  ${explanation}`]),
        ];
      }
      case 'verdict': {
        const { verification } = entry;
        const title = `-- ${escapeControls(verification.address)}: ${verdictTitle(verification, '·')}`;
        return [title, ...verdictLines(entry).map((line) => `|  ${escapeControls(line)}`)];
      }
      case 'note':
      case 'ending':
        return [`-- ${entry.text}`];
      default:
        return entry satisfies never;
    }
  });
}
