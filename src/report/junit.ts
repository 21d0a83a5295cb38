import type { Issue } from '../datafile/issue.ts';
import { renderIssue } from '../datafile/render-issue.ts';
import type { RunListener, RunTotals, ScenarioResult } from '../scenario/result.ts';
import { escapeControls } from '../text/escape.ts';
import { explainedLines, type Failure, failuresOf, titleOf } from './failures.ts';
import { shownFile } from './file-name.ts';
import type { ReporterOptions } from './reporter-options.ts';
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
    const { steps, defect, real, simulated } = result;
    const failed = failuresOf(result, this.#options.directory);
    return {
      '@name': safe(titleOf(result)),
      '@classname': file,
      '@file': file,
      '@time': inSeconds(real),
      properties: { property: [{ '@name': 'simulated-seconds', '@value': inSeconds(simulated) }] },
      ...(failed.length > 0 ? { failure: failed.map(failureElement) } : {}),
      ...(defect === undefined
        ? {}
        : { error: { '@message': safe(defect), '@type': 'defect', '#text': safe(defect) } }),
      'system-out': `\n${explainedLines(steps, this.#options.knowledge).map(xmlText).join('\n')}\n`,
    };
  }
}

function failureElement({ step, expected, found, file, line, column }: Failure): Element {
  const text = [
    `${safe(file)}:${line}:${column}: ${safe(step.title)}`,
    `expected  ${safe(expected)}`,
    `found     ${safe(found)}`,
  ].join('\n');
  return { '@message': safe(`expected ${expected}, found ${found}`), '@type': 'expectation', '#text': text };
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
