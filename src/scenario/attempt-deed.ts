import { describeSearch } from '../dns/describe-search.ts';
import { type Attempt, attempt } from '../probe/attempt.ts';
import type { Patience } from '../probe/conversation.ts';
import type { Environment } from '../probe/environment.ts';
import type { Answer, Outcome } from '../transcript/ending.ts';
import type { Transcript } from '../transcript/transcript.ts';
import type { Observed } from './check.ts';
import { addressOf } from './deeds.ts';
import { sampleMessage } from './sample-message.ts';
import type { Scenario } from './scenario.ts';
import type { FlatStep } from './step.ts';

type AttemptStep = Extract<FlatStep, { attempt: unknown }>;

/** What an attempt step came to, its last try deciding. */
export interface AttemptDeed {
  readonly observed: Observed;
  readonly transcripts: readonly Transcript[];
  readonly answers: readonly Answer[];
}

/** Tries until it is let in or finally refused, as often as the step says; waits longer after each try. */
export async function runAttempt(
  step: AttemptStep,
  scenario: Scenario,
  environment: Environment,
  patience: Patience | undefined,
): Promise<AttemptDeed> {
  const { clock } = environment;
  const started = clock.now();
  const options = optionsOf(step, scenario, patience, started);
  const transcripts: Transcript[] = [];
  let wait = step.retry?.first ?? 0;
  for (let tries = 1; ; tries++) {
    const result = await attempt(environment, options);
    transcripts.push(...result.transcripts);
    if (tries >= (step.retry?.['at-most'] ?? 1) || !isPassing(result.outcome)) {
      return {
        observed: observe(result, tries, clock.now() - started),
        transcripts,
        answers: answersOf(result),
      };
    }
    await clock.sleep(wait);
    wait *= step.retry?.factor ?? 1;
  }
}

function optionsOf(
  step: AttemptStep,
  scenario: Scenario,
  patience: Patience | undefined,
  now: number,
): Parameters<typeof attempt>[1] {
  const recipients = typeof step.attempt === 'string' ? [step.attempt] : step.attempt;
  const sender = addressOf(step.sender ?? scenario.sender);
  const from = step.from ?? scenario.from;
  return {
    recipients,
    sender,
    helo: step.helo ?? scenario.helo,
    ...(from === undefined ? {} : { from }),
    ...(step.tls === undefined ? {} : { tls: step.tls }),
    ...(step.message === undefined
      ? {}
      : { message: sampleMessage(step.message, { sender, recipient: recipients[0] ?? '', now }) }),
    ...(patience ? { patience } : {}),
  };
}

/** Worth another try: a 4xx, a connection that broke off, or DNS that gave no answer either way. */
function isPassing(outcome: Attempt['outcome']): boolean {
  if (outcome.kind === 'no-host') return outcome.search.kind === 'dns-trouble';
  if (outcome.kind === 'completed' || outcome.kind === 'withheld') return false;
  return outcome.kind !== 'refused' || outcome.reply.code < 500;
}

function observe({ outcome, recipients }: Attempt, attempts: number, elapsed: number): Observed {
  const got = recipients.flatMap((recipient): [string, Outcome][] =>
    'outcome' in recipient ? [[recipient.address, recipient.outcome as Outcome]] : [],
  );
  const result =
    outcome.kind === 'no-host' ? { kind: outcome.kind, why: describeSearch(outcome.search) } : outcome;
  return { result, elapsed, attempts, recipients: new Map(got) };
}

/** The decisive answer, for comparisons. */
function answersOf({ outcome }: Attempt): readonly Answer[] {
  if (outcome.kind === 'no-host' || outcome.kind === 'withheld') return [];
  return [
    outcome.kind === 'completed' || outcome.kind === 'refused'
      ? { kind: 'reply', stage: outcome.stage, reply: outcome.reply, elapsed: 0 }
      : outcome,
  ];
}
