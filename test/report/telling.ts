import type { ReporterOptions } from '../../src/report/reporter-options.ts';
import { createReporter } from '../../src/report/reporters.ts';
import type { RunTotals, ScenarioResult } from '../../src/scenario/result.ts';
import { smallKnowledge } from './small-knowledge.ts';

export const totals: RunTotals = {
  passed: 1,
  failed: 0,
  defects: 0,
  notRun: 0,
  simulated: 94_200_000,
  real: 1_400,
};

/** Tells scenarios to a reporter as the runner does, and gives what it wrote. */
export async function telling(
  name: string,
  results: readonly ScenarioResult[],
  options: Partial<ReporterOptions> = {},
  facts: { readonly totals?: Partial<RunTotals>; readonly target?: string } = {},
): Promise<string> {
  let written = '';
  const reporter = createReporter(name, {
    write: (text) => {
      written += text;
    },
    knowledge: smallKnowledge,
    columns: 80,
    colour: 0,
    unicode: true,
    isTerminal: false,
    ...options,
  });
  const files = new Set(results.map(({ scenario }) => scenario.file)).size;
  reporter.onRunStart?.({
    scenarios: results.length,
    files,
    seed: '1',
    ...(facts.target === undefined ? {} : { target: facts.target }),
  });
  for (const result of results) {
    reporter.onScenarioStart?.(result.scenario);
    for (const step of result.steps) reporter.onStepEnd?.(step, result.scenario);
    reporter.onScenarioEnd?.(result);
  }
  const passed = results.filter((result) => result.passed).length;
  await reporter.onRunEnd?.({ ...totals, passed, failed: results.length - passed, ...facts.totals });
  return written;
}
