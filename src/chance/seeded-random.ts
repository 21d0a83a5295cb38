/** A source of numbers in [0, 1): the only kind of chance that the program knows. */
export type Random = () => number;

/** The same numbers for the same seed, on every machine. Not for secrets. Hash: FNV-1a; generator: mulberry32. */
export function seededRandom(seed: string | number): Random {
  let state = 0x811c9dc5;
  for (const character of String(seed)) {
    state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
