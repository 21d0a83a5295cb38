import { type Knowledge, loadKnowledge } from '../knowledge/knowledge.ts';
import type { PageOptions } from '../report/page.ts';
import { createPalette } from '../report/palette.ts';
import { escapeControls } from '../text/escape.ts';
import { exitCodes } from './exit.ts';
import type { Surroundings } from './surroundings.ts';

export interface CodesFlags {
  readonly format?: 'text' | 'json';
}

/** Tells all about codes, or about those that a text finds; without either, which there are. Exit code 2 where nothing is found. */
export async function codes(
  asked: readonly string[],
  { format = 'text' }: CodesFlags,
  surroundings: Surroundings,
): Promise<void> {
  const { columns, colours: colour, unicode, write } = surroundings;
  const desk: Desk = {
    knowledge: await loadKnowledge(),
    json: format === 'json',
    page: { palette: createPalette({ colour, unicode }), columns },
  };
  const words = asked.flatMap((text) => text.trim().split(/\s+/)).filter((word) => word !== '');
  const lines = await answer(words, desk);
  if (lines.length === 0) {
    surroundings.complain(`mxlab: no code speaks of "${escapeControls(words.join(' '))}".`);
    surroundings.endWith(exitCodes.usage);
    return;
  }
  write(`${lines.join('\n')}\n`);
}

interface Desk {
  readonly knowledge: Knowledge;
  readonly json: boolean;
  readonly page: PageOptions;
}

const basic = /^[1-9]\d\d$/;
const enhanced = /^#?([245X])\.(\d{1,3})\.(\d{1,3})$/i;

async function answer(words: readonly string[], desk: Desk): Promise<string[]> {
  if (words.length === 0) return tables(desk);
  if (words.some((word) => !basic.test(word) && !enhanced.test(word))) return search(words.join(' '), desk);
  const pages: string[][] = [];
  for (const word of words)
    pages.push(await (basic.test(word) ? basicCode(word, desk) : enhancedCode(word, desk)));
  return desk.json ? pages.flat() : pages.flatMap((page, i) => (i === 0 ? page : ['', ...page]));
}

async function tables({ knowledge, json, page }: Desk): Promise<string[]> {
  if (json) {
    const { allEntries } = await import('../report/codes/code-search.ts');
    return allEntries(knowledge).map((entry) => JSON.stringify(entry));
  }
  const { renderTables } = await import('../report/codes/code-table.ts');
  return renderTables(knowledge, page);
}

async function search(text: string, { knowledge, json, page }: Desk): Promise<string[]> {
  const { renderFound, searchCodes } = await import('../report/codes/code-search.ts');
  const found = searchCodes(knowledge, text);
  if (found.length === 0) return [];
  return json ? found.map((entry) => JSON.stringify(entry)) : renderFound(text, found, page);
}

async function basicCode(word: string, { knowledge, json, page }: Desk): Promise<string[]> {
  const known = knowledge.codes.get(Number(word));
  if (known === undefined) {
    const { renderUnknown, unknownBasic } = await import('../report/codes/code-digits.ts');
    const unknown = unknownBasic(word, knowledge);
    return json ? [JSON.stringify(unknown)] : renderUnknown(unknown, page);
  }
  const { basicEntry } = await import('../report/codes/code-entry.ts');
  const entry = basicEntry(knowledge, known);
  if (json) return [JSON.stringify(entry)];
  return (await import('../report/codes/code-page.ts')).renderCode(entry, knowledge, page);
}

async function enhancedCode(word: string, { knowledge, json, page }: Desk): Promise<string[]> {
  const [, digit = '', subject, detail] = enhanced.exec(word.toUpperCase()) ?? [];
  const code = `${digit}.${Number(subject)}.${Number(detail)}`;
  const known = knowledge.enhancedCodes.get(`X${code.slice(1)}`);
  if (known === undefined) {
    const { renderUnknown, unknownEnhanced } = await import('../report/codes/code-digits.ts');
    const unknown = unknownEnhanced(code, knowledge);
    return json ? [JSON.stringify(unknown)] : renderUnknown(unknown, page);
  }
  const { enhancedEntry } = await import('../report/codes/code-entry.ts');
  const entry = enhancedEntry(knowledge, known, digit === 'X' ? undefined : digit);
  if (json) return [JSON.stringify(entry)];
  return (await import('../report/codes/code-page.ts')).renderCode(entry, knowledge, page);
}
