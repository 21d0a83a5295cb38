import { enhancedStatusOf } from '../smtp/enhanced-status.ts';
import { compileTemplate, type Template, type Values } from './template.ts';

/** A reply as a profile words it: the code, and wire lines with placeholders to fill in. */
export interface Wording {
  readonly code: number;
  readonly lines: readonly Template[];
}

/** What is wrong with a reply that a profile wants to send, in words; `undefined` when nothing is. */
export function faultOfWording(lines: readonly string[]): string | undefined {
  const code = lines[0]?.slice(0, 3);
  for (const [i, line] of lines.entries()) {
    if (/[\r\n\0]/.test(line)) return 'has a line break or NUL inside a line; write several lines as a list';
    if (!/^[2-5]\d\d(?:[ -]|$)/.test(line)) return 'is not a reply such as "550 5.1.1 No such user"';
    if (!line.startsWith(code ?? '')) return `has the code ${line.slice(0, 3)} in a line of a ${code} reply`; // RFC 5321 4.2.1
    const last = i === lines.length - 1;
    if (last && line[3] === '-') return 'ends in a line with a hyphen behind the code';
    if (!last && line[3] !== '-')
      return 'goes on after its last line (only the last has a space behind the code)';
    const status = enhancedStatusOf(line.slice(4));
    if (status && status[0] !== line[0]) return `says ${code} and ${status}, which contradict each other`; // RFC 2034 4
  }
  return lines.length === 0 ? 'is empty' : undefined;
}

/** Turns `250 Ok`, a text of several lines or a list of texts into wire lines. */
export function wireLines(text: string | number | readonly string[]): string[] {
  if (typeof text === 'number') return [`${text}`];
  return typeof text === 'string' ? text.replace(/\n$/, '').split('\n') : [...text];
}

/** Compiles a reply. Throws a TypeError when `faultOfWording` has something to say. */
export function wording(text: string | number | readonly string[]): Wording {
  const lines = wireLines(text);
  const fault = faultOfWording(lines);
  if (fault !== undefined) throw new TypeError(`${JSON.stringify(text)} ${fault}`);
  return { code: Number(lines[0]?.slice(0, 3)), lines: lines.map(compileTemplate) };
}

/** The bytes of a reply, CRLF after every line. */
export function renderWording({ lines }: Wording, values: Values): string {
  let bytes = '';
  for (const line of lines) bytes += `${line.fixed ?? line.fill(values)}\r\n`;
  return bytes;
}

/** The same reply without enhanced status codes, for hosts that offer no ENHANCEDSTATUSCODES. */
export function withoutEnhancedCodes(text: string): string {
  return text.replace(/^(\d{3}[ -])[245]\.\d+\.\d+ /gm, '$1');
}
