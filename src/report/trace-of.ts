import type { Knowledge } from '../knowledge/knowledge.ts';
import type { Difference, ScenarioResult, StepResult } from '../scenario/result.ts';
import { Dialogue, type DialogueEntry } from './dialogue.ts';
import { explainDistrust } from './distrust.ts';
import { shownFile } from './file-name.ts';
import { textOf } from './json-text.ts';
import { hasKey, positionOfCheck } from './place.ts';
import { type Trace, type TracedEntry, type TracedStep, traceFormat } from './trace-format.ts';
import { verdictLines } from './verify/verdict-lines.ts';

type Of<K extends TracedEntry['kind'] & DialogueEntry['kind']> = Extract<DialogueEntry, { kind: K }>;

/** Everything that is needed to show a scenario later. Files are named relative to `directory` where they are below it. */
export function traceOf(result: ScenarioResult, knowledge: Knowledge, directory: string | undefined): Trace {
  const { scenario, steps, simulated, real, passed, defect, differences, simulatedTwin } = result;
  const { file, scenario: title, variant, about, tags, rules } = scenario;
  return {
    format: traceFormat,
    scenario: { title, variant, about, tags, rules, file: shownFile(file, directory) },
    sources: sourcesOf(steps, directory),
    passed,
    defect,
    simulatedMs: simulated,
    realMs: Math.round(real),
    steps: stepsOf(steps, knowledge, directory),
    ...(differences ? { differences: differences.map(differenceOf) } : {}),
    ...(simulatedTwin
      ? { simulatedTwin: { steps: stepsOf(simulatedTwin.steps, knowledge, directory) } }
      : {}),
  };
}

function sourcesOf(steps: readonly StepResult[], directory: string | undefined): Trace['sources'] {
  const texts = new Map(
    steps.map(({ place }) => [shownFile(place.source.file, directory), place.source.text]),
  );
  return [...texts].map(([file, text]) => ({ file, text }));
}

function stepsOf(
  steps: readonly StepResult[],
  knowledge: Knowledge,
  directory: string | undefined,
): TracedStep[] {
  const dialogue = new Dialogue();
  return steps.map((step) => {
    const { number, title, verb, branch, at, took, skipped, passed, place, checks } = step;
    const { line, column } = place.at(place.path);
    return {
      step: number,
      title,
      verb,
      branch,
      named: hasKey(place, 'title'),
      file: shownFile(place.source.file, directory),
      line,
      column,
      atMs: at,
      tookMs: took,
      passed,
      skipped,
      recipients: recipientsOf(step),
      checks: checks.map((check) => ({ ...check, path: [...check.path], ...positionOfCheck(step, check) })),
      dialogue: dialogue.entriesOf(step).map((entry) => traced(entry, knowledge)),
    };
  });
}

function recipientsOf({ recipients }: StepResult): TracedStep['recipients'] {
  if (recipients === undefined) return undefined;
  return [...recipients].map(([recipient, outcome]) => ({
    recipient,
    outcome: outcome.kind,
    stage: outcome.stage,
    ...('reply' in outcome ? { code: outcome.reply.code, enhanced: outcome.reply.enhanced } : {}),
  }));
}

function traced(entry: DialogueEntry, knowledge: Knowledge): TracedEntry {
  const { at: atMs, host } = entry;
  switch (entry.kind) {
    case 'reply':
      return { atMs, ...tracedReply(entry, knowledge) };
    case 'ending':
      return { atMs, host, ...tracedEnding(entry, knowledge) };
    case 'lines': {
      const { kind, by, lines, unshown } = entry;
      return { atMs, host, kind, by, lines: lines.map(textOf), unshown };
    }
    case 'note':
      return { atMs, host, ...tracedNote(entry, knowledge) };
    case 'verdict':
      return { atMs, host, ...tracedVerdict(entry) };
    default:
      return entry satisfies never;
  }
}

function tracedReply(entry: Of<'reply'>, knowledge: Knowledge) {
  const { kind, reply, stage, host, provider, elapsed, unsolicited } = entry;
  const explanation = knowledge.explain(reply, { stage, ...(provider === undefined ? {} : { provider }) });
  const { causes, contradictions, notes, ...rest } = explanation;
  return {
    elapsedMs: elapsed,
    kind,
    host,
    unsolicited,
    provider,
    stage,
    code: reply.code,
    enhanced: reply.enhanced,
    lines: reply.raw.map(textOf),
    oddities: reply.oddities === undefined ? undefined : [...reply.oddities],
    explanation: {
      ...rest,
      causes: [...causes],
      contradictions: [...contradictions],
      notes: [...notes],
    },
  };
}

function tracedEnding({ kind, text, ending, transcript, earlier }: Of<'ending'>, knowledge: Knowledge) {
  return {
    kind,
    text,
    stage: ending.stage,
    ending: ending.kind,
    how: 'how' in ending ? ending.how : undefined,
    certificate: 'certificate' in ending ? ending.certificate : undefined,
    explanation: plain(knowledge.explainEnding(ending, transcript, earlier)),
  };
}

function tracedNote({ kind, text, event }: Of<'note'>, knowledge: Knowledge) {
  const distrust = event?.kind === 'secured' ? explainDistrust(event.facts, knowledge) : undefined;
  return {
    kind,
    text,
    event: event?.kind,
    address: event?.kind === 'connected' ? event.address : undefined,
    how: event?.kind === 'left' ? event.how : undefined,
    tls: event?.kind === 'secured' ? event.facts : undefined,
    explanation: distrust && plain(distrust),
  };
}

function tracedVerdict({ kind, ...one }: Of<'verdict'>) {
  const { address, verdict, subReason, exists, confidence } = one.verification;
  const again = one.again === undefined ? {} : { againMs: one.again };
  return { kind, address, verdict, subReason, exists, confidence, ...again, lines: [...verdictLines(one)] };
}

function plain(explanation: ReturnType<Knowledge['explainEnding']>) {
  const { causes, ...rest } = explanation;
  return { ...rest, causes: causes.map((cause) => ({ ...cause, evidence: [...cause.evidence] })) };
}

function differenceOf({
  step,
  simulated,
  real,
  matters,
  capabilities,
}: Difference): NonNullable<Trace['differences']>[number] {
  return {
    step: step.number,
    title: step.title,
    matters,
    capabilities: [...capabilities],
    simulated: [...simulated],
    real: [...real],
  };
}
