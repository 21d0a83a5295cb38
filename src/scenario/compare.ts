import { replyCodes } from '../smtp/reply.ts';
import { showBytes } from '../text/escape.ts';
import type { Answer } from '../transcript/ending.ts';
import { describeEnding } from '../transcript/ending.ts';
import { compareCapabilities } from './compare-capabilities.ts';
import type { Difference, ScenarioResult, StepResult } from './result.ts';
import { describeVerdict } from './verified.ts';

/** Puts the steps of two runs of one scenario side by side. */
export function compareRuns(simulated: ScenarioResult, real: ScenarioResult): Difference[] {
  return real.steps.flatMap((step, i) => {
    const twin = simulated.steps[i];
    if (!twin || step.skipped !== undefined) return [];
    const [left, right] = [linesOf(twin), linesOf(step)];
    const matters = coresOf(twin).join() !== coresOf(step).join();
    const same = !matters && left.join('\n') === right.join('\n');
    if (same) return [];
    const capabilities = step.answers.flatMap((answer, n) => {
      const other = twin.answers[n];
      return other ? compareCapabilities(other, answer) : [];
    });
    return [{ step, simulated: left, real: right, matters, capabilities }];
  });
}

/** The answers of a step as a person would write them down. */
function linesOf(step: StepResult): string[] {
  const answers = step.answers.flatMap((answer) =>
    answer.kind === 'reply' ? answer.reply.raw.map(showBytes) : [`(${describeEnding(answer)})`],
  );
  return [...answers, ...verdictsOf(step)];
}

/** What must agree for two answers to be called the same: codes, enhanced codes, endings, verdicts. */
function coresOf(step: StepResult): string[] {
  return [...step.answers.map(coreOf), ...verdictsOf(step)];
}

function verdictsOf({ verified = [] }: StepResult): string[] {
  return verified.map(({ verification }) => `(${verification.address}: ${describeVerdict(verification)})`);
}

function coreOf(answer: Answer): string {
  if (answer.kind === 'reply') return replyCodes(answer.reply);
  return answer.kind === 'disconnected' ? answer.how : answer.kind;
}
