import { excerpt } from '../../datafile/excerpt.ts';
import { escapeControls } from '../../text/escape.ts';
import { differenceWords } from '../difference-words.ts';
import type { Trace, TracedStep } from '../trace-format.ts';
import type { ExplanationPool } from './explanation-pool.ts';
import type { AnswerKind, PageEntry, PageExcerpt, PageScenario, PageStep } from './page-data.ts';
import { PageRows } from './page-rows.ts';
import { safeProse } from './safe-text.ts';

/** Lines of the file shown above the one that is meant. */
const linesBefore = 2;

/** Verbs whose title says more than what then goes over the wire. */
const telling: readonly string[] = ['attempt', 'verify', 'switch', 'include'];

/** A scenario as the page shows it; its explanations go into the pool. */
export function pageScenario(id: number, trace: Trace, pool: ExplanationPool): PageScenario {
  const { scenario, passed, defect, steps, simulatedTwin, differences } = trace;
  return {
    id,
    title: safeProse(scenario.title),
    variant: safeProse(scenario.variant),
    about: safeProse(scenario.about ?? ''),
    tags: scenario.tags.map(safeProse),
    rules: scenario.rules.map(safeProse),
    file: safeProse(scenario.file),
    verdict: passed ? 'passed' : defect === undefined ? 'failed' : 'defect',
    ...(defect === undefined ? {} : { defect: defect.split('\n').map(escapeControls).join('\n') }),
    simulatedMs: trace.simulatedMs,
    realMs: trace.realMs,
    steps: pageSteps(steps, trace, pool),
    ...(simulatedTwin ? { simulated: pageSteps(simulatedTwin.steps, trace, pool) } : {}),
    ...(differences
      ? {
          differences: differences.map(({ step, title, matters, capabilities, simulated, real }) => ({
            step,
            title: safeProse(title),
            matters,
            how: safeProse(differenceWords({ matters, capabilities })),
            simulated: simulated.map(escapeControls),
            real: real.map(escapeControls),
          })),
        }
      : {}),
  };
}

/** What the list shows of it, and what is searched. */
export function pageEntry(scenario: PageScenario): PageEntry {
  const {
    id,
    title,
    variant,
    file,
    tags,
    verdict,
    simulatedMs,
    steps,
    simulated = [],
    differences,
  } = scenario;
  return {
    id,
    title,
    variant,
    file,
    tags,
    verdict,
    simulatedMs,
    ...(differences ? { differences: differences.length } : {}),
    answers: answersOf([...steps, ...simulated]),
  };
}

function answersOf(steps: readonly PageStep[]): AnswerKind[] {
  const kinds = new Map<string, AnswerKind>();
  const providers = new Map<string, string>();
  for (const row of steps.flatMap(({ rows }) => rows)) {
    if (row.kind === 'reply' && row.host !== undefined) providers.set(row.host, row.provider);
    const provider = providers.get(row.host ?? '') ?? '';
    const kind =
      row.kind === 'reply'
        ? { code: String(row.code), enhanced: row.enhanced, reason: row.reason, provider: row.provider }
        : row.kind === 'ending'
          ? { code: '', enhanced: '', reason: row.ending, provider }
          : row.kind === 'verdict'
            ? { code: '', enhanced: '', reason: row.verdict, provider }
            : undefined;
    if (kind) kinds.set(Object.values(kind).join(' '), kind);
  }
  return [...kinds.values()];
}

function pageSteps(steps: readonly TracedStep[], trace: Trace, pool: ExplanationPool): PageStep[] {
  const rows = new PageRows(pool);
  return steps.map((step) => ({
    number: step.step,
    title: safeProse(step.title),
    verb: safeProse(step.verb),
    named: step.named === true || telling.includes(step.verb),
    branch: safeProse(step.branch),
    place: `${safeProse(step.file)}:${step.line}:${step.column}`,
    atMs: step.atMs,
    passed: step.passed,
    ...(step.skipped === undefined ? {} : { skipped: safeProse(step.skipped) }),
    recipients: (step.recipients ?? []).map(({ recipient, outcome, code, enhanced }) => ({
      recipient: safeProse(recipient),
      outcome: safeProse(code === undefined ? outcome : `${outcome} ${code} ${enhanced ?? ''}`),
    })),
    checks: step.checks.map(({ passed, path, expected, found, ...position }) => ({
      passed,
      path: safeProse(path.join(' ')),
      expected: safeProse(expected),
      found: safeProse(found),
      ...(passed ? {} : { excerpt: excerptOf(step.file, position, trace) }),
    })),
    rows: rows.rowsOf(step),
  }));
}

function excerptOf(
  file: string,
  { line, column, length }: { readonly line: number; readonly column: number; readonly length: number },
  { sources }: Trace,
): PageExcerpt {
  const lines = (sources.find((source) => source.file === file)?.text ?? '').split(/\r?\n/);
  const first = Math.max(1, line - linesBefore);
  return {
    place: `${safeProse(file)}:${line}:${column}`,
    before: lines
      .slice(first - 1, line - 1)
      .map((text, i) => ({ number: first + i, text: excerpt(text, 1, 1).text })),
    number: line,
    ...excerpt(lines[line - 1] ?? '', column, length),
  };
}
