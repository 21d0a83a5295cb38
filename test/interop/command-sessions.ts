import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { parseDocument } from '../../src/datafile/document.ts';
import { readSource } from '../../src/datafile/read-source.ts';
import { renderIssue } from '../../src/datafile/render-issue.ts';
import type { Source } from '../../src/datafile/source.ts';

const stepSchema = z.union([
  z.string().describe('one line, sent with CRLF'),
  z.strictObject({ raw: z.string().describe('bytes as they are; one reply') }),
  z.strictObject({ message: z.string().describe('sent only where the host has said 354') }),
  z
    .strictObject({ again: z.string(), times: z.number().int() })
    .describe('a line so many times; the last reply counts'),
  z.strictObject({ together: z.array(z.string()).min(2).describe('lines in one write; a reply for each') }),
]);

const fileSchema = z.strictObject({
  sessions: z.array(
    z.strictObject({
      name: z.string().min(1),
      greeted: z.literal(true).optional().describe('says EHLO first'),
      early: z.string().optional().describe('a line that is sent before the host has greeted'),
      only: z
        .array(z.string())
        .min(1)
        .optional()
        .describe('hosts of mta-hosts.ts; everybody who is asked everything'),
      except: z
        .record(z.string(), z.string().min(20))
        .optional()
        .describe('hosts that cannot be compared, and why'),
      say: z.array(stepSchema),
    }),
  ),
});

/** What goes out in one write, and how many replies it asks for. */
export interface SaidStep {
  readonly title: string;
  /** One character for each byte. */
  readonly bytes: string;
  readonly replies: number;
  /** How often it is said; only the last answer is told. */
  readonly times: number;
  readonly onlyAfter354: boolean;
}

export interface CommandSession {
  readonly name: string;
  /** Only these hosts. */
  readonly only: readonly string[] | undefined;
  /** Why hosts are left out. */
  readonly except: Readonly<Record<string, string>>;
  readonly early: string | undefined;
  readonly steps: readonly SaidStep[];
}

/** Reads a YAML file beside this one. Throws an Error on a mistake in it. */
export async function readList<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  const source = await readSource(fileURLToPath(new URL(file, import.meta.url)));
  const parsed = Array.isArray(source) ? { issues: source } : parseDocument(source as Source, schema);
  if ('issues' in parsed) throw new Error(parsed.issues.map((issue) => renderIssue(issue)).join('\n'));
  return parsed.value;
}

/** The sessions of commands.yaml. `domain` is that of the hosts. */
export async function commandSessions(domain: string): Promise<readonly CommandSession[]> {
  const { sessions } = await readList('commands.yaml', fileSchema);
  return sessions.map(({ name, only, except = {}, early, greeted, say }) => ({
    name,
    only,
    except,
    early,
    steps: [...(greeted ? ['EHLO probe.example.org'] : []), ...say].map((step) => toStep(step, domain)),
  }));
}

function toStep(step: z.output<typeof stepSchema>, domain: string): SaidStep {
  const fill = (text: string): string =>
    Buffer.from(
      text
        .replace(/\{domain\}/g, domain)
        .replace(/\{(.)\*(\d+)\}/g, (_, c: string, n) => c.repeat(Number(n))),
    ).toString('latin1');
  const said = (lines: readonly string[], end: string): SaidStep => ({
    title: lines.join(' + ').replace(/[\r\n]+/g, ' '),
    bytes: fill(lines.map((line) => `${line}${end}`).join('')),
    replies: lines.length,
    times: 1,
    onlyAfter354: false,
  });
  if (typeof step === 'string') return said([step], '\r\n');
  if ('together' in step) return said(step.together, '\r\n');
  if ('again' in step) return { ...said([step.again], '\r\n'), times: step.times };
  if ('raw' in step) return said([step.raw], '');
  return { ...said([step.message], ''), title: '(message)', onlyAfter354: true };
}
