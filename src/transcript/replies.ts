import { type Reply, replyFromLines } from '../smtp/reply.ts';

/** Received lines as they belong together: a reply, or lines that make none. */
export type Heard =
  | { readonly kind: 'reply'; readonly lines: readonly string[]; readonly reply: Reply }
  | { readonly kind: 'scraps'; readonly lines: readonly string[] };

/** Groups received lines into replies. What is left at the end, or cannot be read, comes out as scraps. RFC 5321 4.2.1 */
export function groupReplies(lines: readonly string[]): Heard[] {
  const heard: Heard[] = [];
  let open: string[] = [];
  const scrap = (): void => {
    if (open.length > 0) heard.push({ kind: 'scraps', lines: open });
    open = [];
  };
  for (const line of lines) {
    open.push(line);
    if (!/^[2-5]\d\d(?:[ -]|$)/.test(line)) scrap();
    else if (line[3] !== '-') {
      heard.push({ kind: 'reply', lines: open, reply: replyFromLines(open) });
      open = [];
    }
  }
  scrap();
  return heard;
}
