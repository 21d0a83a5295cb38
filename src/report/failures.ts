import type { Knowledge } from '../knowledge/knowledge.ts';
import type { Check } from '../scenario/check.ts';
import type { ScenarioResult, StepResult } from '../scenario/result.ts';
import { Dialogue } from './dialogue.ts';
import { dialogueText } from './dialogue-text.ts';
import { shownFile } from './file-name.ts';
import { positionOfCheck } from './place.ts';
import { aboutWords } from './words.ts';

/** An expectation that did not hold, and where it stands. Texts quote the other side: escape them for where they go. */
export interface Failure {
  readonly step: StepResult;
  readonly expected: string;
  readonly found: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export function failuresOf({ steps }: ScenarioResult, directory: string | undefined): readonly Failure[] {
  return steps.flatMap((step) =>
    step.checks.filter(({ passed }) => !passed).map((check) => failureOf(step, check, directory)),
  );
}

function failureOf(step: StepResult, check: Check, directory: string | undefined): Failure {
  const { line, column } = positionOfCheck(step, check);
  const file = shownFile(step.place.source.file, directory);
  return { step, expected: check.expected, found: check.found, file, line, column };
}

/** The title of a scenario with its variant. */
export function titleOf({ scenario }: ScenarioResult): string {
  return scenario.variant === '' ? scenario.scenario : `${scenario.scenario} (${scenario.variant})`;
}

/** What was said, in the notation of dialogues, with the reason below each refusal. */
export function explainedLines(steps: readonly StepResult[], knowledge: Knowledge): readonly string[] {
  const dialogue = new Dialogue();
  return steps.flatMap((step) =>
    dialogueText(dialogue.entriesOf(step), ({ reply, stage, provider }) => {
      const { reason, about } = knowledge.explain(reply, {
        stage,
        ...(provider === undefined ? {} : { provider }),
      });
      return reason === 'accept' ? undefined : `${reason}, ${aboutWords[about]}`;
    }),
  );
}
