import type { Finding } from '../../src/evidence/finding.ts';
import { readEvidence } from '../../src/evidence/read-evidence.ts';
import type { Understanding } from '../../src/evidence/understanding.ts';
import type { Answer } from '../../src/report/explain/answer.ts';
import { replyCodes } from '../../src/smtp/reply.ts';
import { describeEnding } from '../../src/transcript/ending.ts';

/** All that is found. */
export async function findingsOf(
  batches: AsyncIterable<readonly string[]>,
): Promise<{ readonly findings: readonly Finding[]; readonly understanding: Understanding }> {
  const findings: Finding[] = [];
  const reading = readEvidence(batches);
  let step = await reading.next();
  for (; !step.done; step = await reading.next()) findings.push(...step.value);
  return { findings, understanding: step.value };
}

/** The same for a text that comes in chunks of this many bytes. */
export function findingsIn(
  text: string,
): Promise<{ readonly findings: readonly Finding[]; readonly understanding: Understanding }> {
  return findingsOf(
    (async function* () {
      yield text.split('\n');
    })(),
  );
}

/** One line: `15 swaks: 550 5.1.1 at rcpt by google, user-unknown`. */
export function describeAnswer(answer: Answer): string {
  const { line, format } = answer.finding;
  return `${line} ${format}: ${whatOf(answer)}`;
}

function whatOf(answer: Answer): string {
  if (answer.kind === 'complaint') return `a client says "${answer.finding.text}"`;
  if (answer.kind === 'ending') {
    const { finding, explanation, provider } = answer;
    return `the host ${describeEnding(finding.ending)}${by(provider?.name ?? finding.provider)}, ${explanation.id}`;
  }
  const { finding, stage, explanation } = answer;
  const { quoted } = finding;
  const what = {
    reply: replyCodes(quoted.reply),
    code: `the code ${quoted.reply.code}`,
    status: `the status ${quoted.reply.enhanced}`,
    words: 'words',
  }[quoted.given];
  const lines = quoted.text.split('\n').length;
  return `${what}${lines > 1 ? ` (${lines} lines)` : ''}${stage === undefined ? '' : ` at ${stage}`}${by(explanation.provider?.name)}, ${answer.understood ? explanation.reason : 'not understood'}`;
}

function by(name: string | undefined): string {
  return name === undefined ? '' : ` by ${name}`;
}
