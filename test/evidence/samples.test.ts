import { createReadStream, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { formats } from '../../src/evidence/catalogue.ts';
import { linesOf } from '../../src/evidence/lines.ts';
import { loadKnowledge } from '../../src/knowledge/knowledge.ts';
import { Asker } from '../../src/report/explain/asker.ts';
import { describeAnswer, findingsOf } from './told.ts';

const folder = new URL('samples/', import.meta.url);
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(?:txt|log|eml)$/.test(name))
  .sort();

/** Beside each sample stands what is found in it: line, what it is, and the reason. */
test.each(files)('%s', async (name) => {
  const { findings, understanding } = await findingsOf(linesOf(createReadStream(new URL(name, folder))));
  const asker = new Asker(await loadKnowledge());
  const told = findings.map((finding) => describeAnswer(asker.ask(finding)));
  const unread = understanding.samples.map(({ line, text }) => `${line} not understood: ${text}`);
  await expect([...told, ...unread, ''].join('\n')).toMatchFileSnapshot(
    new URL(name.replace(/\.\w+$/, '.found'), folder).pathname,
  );
});

test('every format has a sample', () => {
  const folders = new Set(files.map((name) => name.split('/')[0]));
  expect(formats.map(({ name }) => name).filter((name) => !folders.has(name))).toEqual([]);
});
