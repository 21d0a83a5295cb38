const short: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t', '0': '\0', '\\': '\\' };

/** Bytes as people write them in a file: `\r`, `\n`, `\t`, `\0`, `\\` and `\xNN`; everything else as UTF-8. */
export function rawBytes(text: string): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (const found of text.matchAll(/\\(x[0-9a-f]{2}|[rnt0\\])/gi)) {
    parts.push(Buffer.from(text.slice(from, found.index)));
    const code = found[1] ?? '';
    parts.push(
      code.length > 1 ? Buffer.from(code.slice(1), 'hex') : Buffer.from(short[code] ?? code, 'latin1'),
    );
    from = found.index + found[0].length;
  }
  parts.push(Buffer.from(text.slice(from)));
  return Buffer.concat(parts);
}
