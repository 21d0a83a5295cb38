import { readFile } from 'node:fs/promises';
import { parseDocument } from '../datafile/document.ts';
import { fileIssue, type Issue, issueInText } from '../datafile/issue.ts';
import { LineIndex, type Source } from '../datafile/source.ts';
import { type Trace, traceFormat, traceSchema } from './trace-format.ts';

/** Of a longer file that is no trace only the path to the mistake is told, not its line and column. */
const longestSearched = 1024 * 1024;

/** Reads what `--trace` wrote. Whatever is wrong with the file comes back as issues. */
export async function readTrace(file: string): Promise<Trace | Issue[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return [fileIssue(file, `cannot be read: ${(error as Error).message}`)];
  }
  const source = { file, text };
  const value = parseJson(source);
  if ('issue' in value) return [value.issue];
  const format = formatOf(value.json);
  if (format === undefined)
    return [fileIssue(file, 'is not a trace', 'traces come from mxlab run --trace DIR')];
  if (format !== traceFormat)
    return [fileIssue(file, `is a trace of format ${format}; this mxlab reads format ${traceFormat}`)];
  const parsed = traceSchema.safeParse(value.json);
  return parsed.success ? parsed.data : mistakesIn(source, parsed.error.issues);
}

function parseJson(source: Source): { readonly json: unknown } | { readonly issue: Issue } {
  try {
    return { json: JSON.parse(source.text) };
  } catch (error) {
    const { message } = error as Error;
    // V8 says where, unless it is at the end.
    const offset = Number(/at position (\d+)/.exec(message)?.[1] ?? source.text.trimEnd().length);
    const position = new LineIndex(source.text).position(
      Math.max(0, Math.min(offset, source.text.length - 1)),
    );
    const cut = offset >= source.text.trimEnd().length;
    return { issue: issueInText(source, position, cut ? 'is where the file breaks off' : 'is not JSON') };
  }
}

/** The number that every trace has; `undefined` for JSON of another kind. */
function formatOf(json: unknown): number | undefined {
  if (typeof json !== 'object' || json === null || !('format' in json) || !('steps' in json))
    return undefined;
  return typeof json.format === 'number' ? json.format : undefined;
}

/** JSON is YAML as well, so that mistakes have their place in the text. */
function mistakesIn(
  source: Source,
  found: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): Issue[] {
  const parsed = source.text.length <= longestSearched ? parseDocument(source, traceSchema) : undefined;
  if (parsed !== undefined && 'issues' in parsed) return [...parsed.issues];
  return found.map(({ path, message }) =>
    fileIssue(source.file, `${path.map(String).join('.')}: ${message}`),
  );
}
