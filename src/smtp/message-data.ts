/** Ends every line with CRLF, whatever ended it before. RFC 5321 2.3.8; done before stuffing (rule DAT-03). */
export function withCrlf(content: string): string {
  const lines = content.replace(/\r\n|\r|\n/g, '\r\n');
  return lines === '' || lines.endsWith('\r\n') ? lines : `${lines}\r\n`;
}

/** Content as it travels after DATA: dots at line starts doubled, the lone dot at the end. RFC 5321 4.5.2 */
export function dotStuffed(content: string): string {
  return `${withCrlf(content).replace(/(^|\n)\./g, '$1..')}.\r\n`;
}
