/** An enhanced status code as sent, such as `5.7.1`. RFC 3463 2 */
export type EnhancedStatusCode = `${2 | 4 | 5}.${number}.${number}`;

/** RFC 3463 2: no leading zeros, each part up to three digits. */
const shape = /^([245])\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})(?=\s|$)/;

/** The code that opens a reply text, if there is one. RFC 2034 3 puts it first and a space behind it. */
export function enhancedStatusOf(text: string): EnhancedStatusCode | undefined {
  return shape.exec(text)?.[0] as EnhancedStatusCode | undefined;
}

/** The text behind an enhanced status code, or all of it where there is none. */
export function withoutEnhancedStatus(text: string): string {
  const code = enhancedStatusOf(text);
  return code === undefined ? text : text.slice(code.length).replace(/^ /, '');
}
