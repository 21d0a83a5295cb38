import { eastAsianWidth } from 'get-east-asian-width';

/** Letters of Latin, punctuation, arrows, frames and marks that we draw: a column each, and nothing joins them. */
const plain =
  /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2500-\u259f\u25b8\u2713\u2717]*$/;
const paint = /\x1b\[[\d;]*m/g;

let segmenter: Intl.Segmenter | undefined;

/** The characters of a text as a person counts them. Made when first asked for: it costs more than everything else at the start. */
export function graphemesOf(text: string): Iterable<Intl.SegmentData> {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/** Every character of it takes one column, so that columns are characters. */
export function isPlain(text: string): boolean {
  return plain.test(text);
}

/** The columns that a text takes on a terminal; colours take none. */
export function columnsOf(text: string): number {
  if (isPlain(text)) return text.length;
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
