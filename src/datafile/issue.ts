import type { Source } from './source.ts';

/** A mistake in a file that a person wrote. */
export interface Issue {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, in UTF-16 units as editors do. */
  readonly column: number;
  /** How much of the line is meant, in UTF-16 units; 0 when the file as a whole is meant. */
  readonly length: number;
  /** What is wrong or was expected, as the end of a sentence about the marked text: `is not a duration like 30s`. */
  readonly message: string;
  /** What may help: `did you mean window?` */
  readonly hint?: string;
}

/** An issue about a file as a whole: it cannot be read, or it is not text. */
export function fileIssue(file: string, message: string, hint?: string): Issue {
  return { file, line: 1, column: 1, length: 0, message, ...(hint !== undefined && { hint }) };
}

/** An issue about the text from offset `start` up to `end`. */
export function issueInText(
  source: Source,
  position: Pick<Issue, 'line' | 'column' | 'length'>,
  message: string,
  hint?: string,
): Issue {
  const { line, column, length } = position;
  return { file: source.file, line, column, length, message, ...(hint !== undefined && { hint }) };
}

/** Issues of a file from its top to its end, then those of files that it includes. */
export function inOrder(issues: readonly Issue[], { file }: Source): readonly Issue[] {
  const own = issues
    .filter((issue) => issue.file === file)
    .sort((a, b) => a.line - b.line || a.column - b.column);
  return [...own, ...issues.filter((issue) => issue.file !== file)];
}
