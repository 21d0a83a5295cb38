const consonants = 'bdfghklmnprstvz';
const vowels = 'aeiou';
const digits = '0123456789';

const pick = (letters: string, random: () => number): string =>
  letters[Math.floor(random() * letters.length)] as string;

const repeat = (count: number, piece: () => string): string => Array.from({ length: count }, piece).join('');

/** Longer than any number that QQ and its like give to mailboxes. */
const numberLength = 16;
/** Seven syllables and four digits: 57 bits, so that nobody has it, and it reads like a name to filters of random strings. */
const syllables = 7;

/**
 * A local part that cannot exist, shaped like the target: all digits beside a number, otherwise syllables and digits. No dot, hyphen
 * or plus, behind which a real mailbox may be found.
 */
export function controlFor(local: string, random: () => number): string {
  if (/^\d+$/.test(local))
    return pick('123456789', random) + repeat(numberLength - 1, () => pick(digits, random));
  const name = repeat(syllables, () => pick(consonants, random) + pick(vowels, random));
  return name + repeat(4, () => pick(digits, random));
}
