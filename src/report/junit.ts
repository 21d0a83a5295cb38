import type { Issue } from '../datafile/issue.ts';
import { renderIssue } from '../datafile/render-issue.ts';
import type { Check } from '../scenario/check.ts';
import type { RunListener, RunTotals, ScenarioResult, StepResult } from '../scenario/result.ts';
import { escapeControls } from '../text/escape.ts';
import { Dialogue } from './dialogue.ts';
import { dialogueText } from './dialogue-text.ts';
import { shownFile } from './file-name.ts';
import { positionOfCheck } from './place.ts';
import type { ReporterOptions } from './reporter-options.ts';
import { aboutWords } from './words.ts';
import { type Element, renderXml, xmlText } from './xml.ts';

interface Suite {
  readonly file: string;
  readonly cases: Element[];
  failures: number;
  errors: number;
  /** ms */
  real: number;
}

/** A JUnit document, written at the end of the run: a suite for each file, a case for each scenario. Times are real seconds. */
export class JUnitReporter implements RunListener {
  readonly #options: Pick<ReporterOptions, 'write' | 'knowledge' | 'directory'>;
  readonly #suites: Suite[] = [];

  constructor(options: Pick<ReporterOptions, 'write' | 'knowledge' | 'directory'>) {
    this.#options = options;
  }

  onScenarioEnd(result: ScenarioResult): void {
    const { scenario, defect, passed, real } = result;
    const suite = this.#suiteOf(scenario.file);
    suite.real += real;
    if (defect !== undefined) suite.errors++;
    else if (!passed) suite.failures++;
    suite.cases.push(this.#caseOf(result, suite.file));
  }

  onIssues(issues: readonly Issue[]): void {
    for (const issue of issues) {
      const suite = this.#suiteOf(issue.file);
      suite.errors++;
      const text = safe(renderIssue({ ...issue, file: suite.file }));
      suite.cases.push({
        '@name': 'can be read',
        '@classname': suite.file,
        '@time': '0.000',
        error: { '@message': text, '@type': 'issue', '#text': text },
      });
    }
  }

  onRunEnd({ notRun, real }: RunTotals): void {
    const count = (of: (suite: Suite) => number): number =>
      this.#suites.reduce((sum, suite) => sum + of(suite), 0);
    const root = {
      '@name': 'mxlab',
      '@tests': count(({ cases }) => cases.length),
      '@failures': count(({ failures }) => failures),
      '@errors': count(({ errors }) => errors),
      '@skipped': notRun,
      '@time': inSeconds(real),
      testsuite: this.#suites.map(elementOf),
    };
    this.#options.write(renderXml({ testsuites: root }));
  }

  /** The files of a run come one after another. */
  #suiteOf(file: string): Suite {
    const shown = safe(shownFile(file, this.#options.directory));
    const last = this.#suites.at(-1);
    if (last?.file === shown) return last;
    const suite: Suite = { file: shown, cases: [], failures: 0, errors: 0, real: 0 };
    this.#suites.push(suite);
    return suite;
  }

  #caseOf(result: ScenarioResult, file: string): Element {
    const { scenario, steps, defect, real, simulated } = result;
    const failed = steps.flatMap((step) =>
      step.checks.filter(({ passed }) => !passed).map((check) => ({ step, check })),
    );
    return {
      '@name': safe(
        scenario.variant === '' ? scenario.scenario : `${scenario.scenario} (${scenario.variant})`,
      ),
      '@classname': file,
      '@file': file,
      '@time': inSeconds(real),
      properties: { property: [{ '@name': 'simulated-seconds', '@value': inSeconds(simulated) }] },
      ...(failed.length > 0 ? { failure: failed.map((one) => this.#failureOf(one)) } : {}),
      ...(defect === undefined
        ? {}
        : { error: { '@message': safe(defect), '@type': 'defect', '#text': safe(defect) } }),
      'system-out': `\n${this.#dialogueOf(steps)}\n`,
    };
  }

  #failureOf({ step, check }: { readonly step: StepResult; readonly check: Check }): Element {
    const { line, column } = positionOfCheck(step, check);
    const message = safe(`expected ${check.expected}, found ${check.found}`);
    const place = `${safe(shownFile(step.place.source.file, this.#options.directory))}:${line}:${column}`;
    const text = [
      `${place}: ${safe(step.title)}`,
      `expected  ${safe(check.expected)}`,
      `found     ${safe(check.found)}`,
    ].join('\n');
    return { '@message': message, '@type': 'expectation', '#text': text };
  }

  #dialogueOf(steps: readonly StepResult[]): string {
    const dialogue = new Dialogue();
    const { knowledge } = this.#options;
    const lines = steps.flatMap((step) =>
      dialogueText(dialogue.entriesOf(step), ({ reply, stage, provider }) => {
        const { reason, about } = knowledge.explain(reply, {
          stage,
          ...(provider === undefined ? {} : { provider }),
        });
        return reason === 'accept' ? undefined : `${reason}, ${aboutWords[about]}`;
      }),
    );
    return lines.map(xmlText).join('\n');
  }
}

function elementOf({ file, cases, failures, errors, real }: Suite): Element {
  return {
    '@name': file,
    '@file': file,
    '@tests': cases.length,
    '@failures': failures,
    '@errors': errors,
    '@skipped': 0,
    '@time': inSeconds(real),
    testcase: cases,
  };
}

function inSeconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}

/** One line that neither a terminal nor an XML parser minds. */
function safe(text: string): string {
  return xmlText(escapeControls(text));
}
