import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parseDocument } from '../../src/datafile/document.ts';
import { readSource } from '../../src/datafile/read-source.ts';
import { renderIssue } from '../../src/datafile/render-issue.ts';
import { sampleSchema } from './sample-schema.ts';

const refused = new URL('../refused/datafile/', import.meta.url);

// Each folder holds one file that must be refused, and what the person who wrote it reads then.
for (const folder of readdirSync(refused).sort()) {
  test(`refused: ${folder}`, async () => {
    const source = await readSource(fileURLToPath(new URL(`${folder}/input.yaml`, refused)));
    const issues = Array.isArray(source) ? source : issuesOf({ ...source, file: 'input.yaml' });
    expect(issues.length).toBeGreaterThan(0);
    const text = Array.isArray(source) ? undefined : source;
    const shown = issues.map((issue) => renderIssue({ ...issue, file: 'input.yaml' }, text)).join('\n\n');
    await expect(`${shown}\n`).toMatchFileSnapshot(fileURLToPath(new URL(`${folder}/expected.txt`, refused)));
  });
}

function issuesOf(source: { file: string; text: string }) {
  const parsed = parseDocument(source, sampleSchema);
  return 'issues' in parsed ? parsed.issues : [];
}
