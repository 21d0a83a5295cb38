import { type Note, readNote } from '../../transcript/read-note.ts';
import { readWireText } from '../../transcript/wire-text.ts';
import { aside, dialogueFormat, type Notation, type Said } from '../dialogue.ts';

const mark =
  /^\s{0,12}(?:\d[\d:.]{0,12}(?: ?m?s)?\s{1,4})?(C:|S:|--|CLIENT -> SERVER:|SERVER -> CLIENT:)(?: (.*))?$/;
/** PHPMailer and others put a date in front. */
const dated = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d\S{0,12}\s{1,4}(?=(?:CLIENT|SERVER) -> )/;

/** `C:` and `S:` as the RFCs print dialogues and our own transcripts do, with their `--` notes. */
const notation: Notation = (line) => {
  const more = /^\s{20,40}([2-5]\d\d[ -].*)$/.exec(line)?.[1];
  if (more !== undefined) return { by: 'server', lines: [more] };
  const found = mark.exec(line.replace(dated, ''));
  if (found === null) return /^\s{4,}(?:\|| {0,4}\u00e2\u0094\u0082)/.test(line) ? aside : undefined;
  const [, by = '', text = ''] = found;
  if (by === '--') return fromNote(readNote(text));
  const wire = readWireText(text).replace(/^Array\s*$/, '');
  return by.startsWith('S') ? { by: 'server', lines: [wire] } : { by: 'client', lines: [wire] };
};

function fromNote(note: Note | undefined): Said | undefined {
  if (note === undefined) return undefined;
  if (note.kind === 'ending') {
    const { ending } = note;
    if (ending.kind === 'disconnected') return { by: 'lost', how: ending.how };
    if (ending.kind === 'timed-out') return { by: 'lost', how: 'timed-out' };
    return aside;
  }
  if (note.kind !== 'event') return aside;
  const { event } = note;
  if (event.kind === 'connected') return { by: 'connected', peer: event };
  if (event.kind === 'secured') return { by: 'secured', protocol: event.facts.protocol };
  return event.kind === 'left' ? { by: 'lost', how: event.how } : aside;
}

export const printedDialogue = dialogueFormat('dialogue', 'a dialogue in C: and S: lines', () => notation);
