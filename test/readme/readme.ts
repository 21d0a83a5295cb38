import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../cli/mxlab.ts';

export const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** A fenced block of the README. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** Of its first line of text, from 1. */
  readonly line: number;
  /** Given in a comment on its first line, such as `# first.yaml`. */
  readonly file: string | undefined;
  /** The heading of level two above it. */
  readonly section: string | undefined;
}

export const blocks: readonly Block[] = [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(
  ({ 1: language = '', 2: text = '', index }) => ({
    language,
    text,
    line: readme.slice(0, index).split('\n').length + 1,
    file: /^(?:#|\/\/) (\S+\.\w+)\n/.exec(text)?.[1],
    section: [...readme.slice(0, index).matchAll(/^## (.*)$/gm)].at(-1)?.[1],
  }),
);

/** The rows of the table below `<!-- table: name -->`, without its head; `\|` stays as it is. */
export function table(name: string): readonly (readonly string[])[] {
  const [, rows = ''] = new RegExp(`<!-- table: ${name} -->\\n((?:\\|.*\\n)+)`).exec(readme) ?? [];
  return rows
    .trimEnd()
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** What stands in backquotes. */
export function code(cell = ''): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
}
