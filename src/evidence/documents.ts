/** Evidence that can only be read as a whole. */
export type DocumentKind = 'message' | 'trace';

/** The largest such document that is read, in bytes. */
export const largestDocument = 32 * 1024 * 1024;

const header =
  /^(?:Return-Path|Received|Delivered-To|Date|From|To|Subject|Message-ID|MIME-Version|Content-Type|Auto-Submitted|DKIM-Signature|Authentication-Results|ARC-[A-Za-z-]{1,40}|X-[A-Za-z][\w-]{1,60}|References|In-Reply-To|Reply-To|Sender): ?\S/i;

/** Tells by its first line with something on it what a document is; `undefined` for text to be read line by line. */
export function documentKind(line: string): DocumentKind | undefined {
  if (/^\{"format":\d{1,3},"scenario":/.test(line)) return 'trace';
  return /^From \S+ .{10,}/.test(line) || header.test(line) ? 'message' : undefined;
}
