import { eastAsianWidth } from 'get-east-asian-width';

const plain = /^[\x20-\x7e]*$/;
const paint = /\x1b\[[\d;]*m/g;

let segmenter: Intl.Segmenter | undefined;

/** The characters of a text as a person counts them. Made when first asked for: it costs more than everything else at the start. */
export function graphemesOf(text: string): Iterable<Intl.SegmentData> {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/** The columns that a text takes on a terminal; colours take none. */
export function columnsOf(text: string): number {
  if (plain.test(text)) return text.length;
  let columns = 0;
  for (const { segment } of graphemesOf(text.replace(paint, ''))) columns += columnsOfGrapheme(segment);
  return columns;
}

const invisible =
  /^[\p{Default_Ignorable_Code_Point}\p{Control}\p{Format}\p{Nonspacing_Mark}\p{Enclosing_Mark}\p{Surrogate}]/u;
/** What takes columns of its own behind the first character: signs of Indic scripts, and sound marks of Japanese. */
const spacing = /[\p{Spacing_Mark}\uff00-\uffef]/u;

/** An emoji, however many code points it is put together from, is as wide as two letters. */
function columnsOfGrapheme(segment: string): number {
  if (/^\p{Emoji_Presentation}|\ufe0f|\u20e3$/u.test(segment) || isJoined(segment)) return 2;
  let columns = 0;
  for (const character of segment) {
    const counts = columns === 0 ? !invisible.test(character) : spacing.test(character);
    if (counts) columns += eastAsianWidth(character.codePointAt(0) ?? 0);
  }
  return columns;
}

const isJoined = (segment: string): boolean =>
  segment.length <= 50 && segment.includes('\u200d') && /\p{Extended_Pictographic}/u.test(segment);
