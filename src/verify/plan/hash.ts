/** A whole number below 2^52 that is the same for the same text. Spread evenly enough to sample by; not for secrets. */
export function hashOf(text: string): number {
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b);
  }
  return mixed(a ^ (b >>> 15)) * 2 ** 20 + (mixed(b ^ (a >>> 13)) >>> 12);
}

/** The end of MurmurHash3: every bit touches every other. */
function mixed(h: number): number {
  let x = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
