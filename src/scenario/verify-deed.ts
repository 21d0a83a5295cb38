import type { Knowledge } from '../knowledge/knowledge.ts';
import type { Environment } from '../probe/environment.ts';
import type { Patience } from '../probe/patience.ts';
import { seconds } from '../time/duration.ts';
import type { Answer } from '../transcript/ending.ts';
import type { Transcript } from '../transcript/transcript.ts';
import { usualPriors } from '../verify/belief.ts';
import type { OperatorLimits } from '../verify/list/limits.ts';
import { verifyList } from '../verify/list/verify-list.ts';
import type { Verification } from '../verify/verification.ts';
import { type VerifyOptions, verifyAddress } from '../verify/verify-address.ts';
import { addressOf } from './deeds.ts';
import type { Scenario } from './scenario.ts';
import type { Verified } from './verified.ts';
import type { VerifyObserved } from './verify-check.ts';
import type { VerifyStep } from './verify-step.ts';

/** What a verify step came to. */
export interface VerifyDeed {
  readonly observed: VerifyObserved;
  /** In the order in which the connections were made. */
  readonly transcripts: readonly Transcript[];
  /** What decided about each address, where it was said or done by a host. */
  readonly answers: readonly Answer[];
}

interface Around {
  readonly scenario: Scenario;
  readonly environment: Environment;
  readonly knowledge: Knowledge;
  readonly patience: Patience | undefined;
}

/** Finds out about the addresses of a step: of one in sessions of its own, of a list in shared ones. */
export async function runVerify(step: VerifyStep, around: Around): Promise<VerifyDeed> {
  const { clock } = around.environment;
  const started = clock.now();
  const transcripts: Transcript[] = [];
  const options = optionsOf(step, around, (transcript) => transcripts.push(transcript));
  const verifications =
    typeof step.verify === 'string'
      ? [await verifyAddress(around.environment, step.verify, options)]
      : await verifyAll(step.verify, step, around.environment, options);
  const now = clock.now();
  await settled(transcripts, around.environment);
  return {
    observed: {
      verified: verifications.map((verification) => verifiedAt(now, verification)),
      elapsed: now - started,
      connections: transcripts.length,
    },
    transcripts,
    answers: verifications.flatMap(answerOf),
  };
}

async function verifyAll(
  addresses: readonly string[],
  { manners = {} }: VerifyStep,
  environment: Environment,
  options: VerifyOptions,
): Promise<readonly Verification[]> {
  const found: Verification[] = [];
  const limits = defined<OperatorLimits>({
    parallel: manners.parallel,
    perSecond: manners['per-second'],
    perConnection: manners['per-connection'],
    perTransaction: manners['per-transaction'],
  });
  const entries = addresses.map((address, key) => ({ key, address }));
  for await (const { key, verification } of verifyList(environment, entries, { ...options, manners: limits }))
    found[key] = verification;
  return found;
}

function optionsOf(
  step: VerifyStep,
  { scenario, knowledge, patience }: Around,
  called: (transcript: Transcript) => void,
): VerifyOptions {
  const { retry, tls, priors } = step;
  return {
    helo: step.helo ?? scenario.helo,
    sender: addressOf(step.sender ?? scenario.sender),
    knowledge,
    called,
    ...defined({
      from: step.from ?? scenario.from,
      tls,
      patience,
      controlGap: step['control-gap'],
      priors: priors && {
        exists: priors.exists ?? usualPriors.exists,
        catchAll: priors['catch-all'] ?? usualPriors.catchAll,
      },
    }),
    ...(retry === 'none' ? { wait: 0 } : {}),
    ...(typeof retry === 'object'
      ? { retry: { first: retry.first, factor: retry.factor, atMost: retry['at-most'] } }
      : {}),
  };
}

/** Connections of a list linger a little, in case more is to be asked; their goodbyes belong to the step. */
async function settled(transcripts: readonly Transcript[], { clock }: Environment): Promise<void> {
  for (let i = 0; i < mostLingering && !transcripts.every(isOver); i++) await clock.sleep(seconds(1));
}

const mostLingering = 5;

function isOver({ events }: Transcript): boolean {
  return ['hung-up', 'left', 'ended'].includes(events.at(-1)?.kind ?? '');
}

function verifiedAt(now: number, verification: Verification): Verified {
  const { retryableFrom } = verification;
  return {
    verification,
    ...(retryableFrom === undefined ? {} : { again: Math.max(0, retryableFrom - now) }),
  };
}

function answerOf({ evidence: { reply, ending, stage } }: Verification): readonly Answer[] {
  if (reply && stage) return [{ kind: 'reply', stage, reply, elapsed: 0 }];
  return ending ? [ending] : [];
}

/** The same without the keys whose value is undefined. */
function defined<T extends object>(value: { readonly [K in keyof T]?: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Partial<T>;
}
