/** What the YAML library says, and what we say instead. `$1` stands for what the pattern caught. */
const sayings: readonly (readonly [RegExp, string, string?])[] = [
  [/^Tabs are not allowed/, 'is a tab; only spaces indent'],
  [/^Missing closing ["']quote/, 'is a quote that is never closed'],
  [/end with a (.)/, 'needs a $1 here to close what was opened'],
  [/^Implicit map keys need/, 'needs a colon and a value behind it'],
  [
    /^Implicit keys/,
    'runs over several lines where a key was expected',
    'is a colon or a dash missing, or a line indented too far?',
  ],
  [/^All mapping items/, 'does not start in the same column as the keys above it'],
  [/^All sequence items/, 'does not start in the same column as the entries above it'],
  [/^Sequence item without/, "needs a '- ' in front, as the entries above it have"],
  [/^Nested mappings are not allowed/, 'has a second colon in one line', 'put the value in quotes'],
  [/^Unexpected block-seq-ind on same line/, 'starts a list behind a key', 'begin the list on the next line'],
  [/^A block sequence may not/, 'is a list where a key was expected'],
  [/must be at most 1024 chars/, 'is a key of more than 1024 characters'],
  [
    /^Plain value cannot start with (?:\w+ )*(?:character |indicator )?(.)/,
    'starts with $1, which means something else in YAML',
    'put the value in quotes',
  ],
  [
    /^Invalid escape sequence (.*)/,
    '$1 is not an escape that YAML knows',
    'single quotes take a \\ as it is',
  ],
  [/^Comments must be separated/, 'needs a space in front of the #'],
  [/^Unexpected (?:,|empty item)/, 'is a comma too many'],
  [/^Missing , /, 'needs a comma in front'],
  [/^Missing space after :/, 'needs a space after the colon'],
  [/^Block collections are not allowed/, 'cannot stand like this inside [ ] or { }', 'is a comma missing?'],
  [/^Not a YAML token/, 'cannot stand here'],
  [/at node end/, 'stands behind the end of the value', 'put the whole value in quotes'],
  [/^With stringKeys/, 'is not a key: keys are plain text'],
  [/tag|Tag/, 'is a YAML tag; tags are not used here', 'put the value in quotes'],
  [/^Block scalar header includes/, 'is text behind | or >', 'begin the text on the next line'],
  [/^Block scalar/, 'is text that must be indented further'],
  [/anchor/, 'is not in the right place for an anchor'],
];

/** The library's sentence in plain words. */
export function inPlainWords(sentence: string): { message: string; hint?: string } {
  for (const [pattern, message, hint] of sayings) {
    const caught = pattern.exec(sentence);
    if (caught) return { message: message.replace('$1', () => caught[1] ?? ''), ...(hint && { hint }) };
  }
  return { message: `is not valid YAML: ${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}` };
}
