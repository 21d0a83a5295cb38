/** The entries of a mapping that was read and not judged; none of anything else. */
export function entriesOf(tree: unknown): Readonly<Record<string, unknown>> {
  return tree !== null && typeof tree === 'object' && !Array.isArray(tree)
    ? (tree as Record<string, unknown>)
    : {};
}
