import { jsonLine } from '../report/json-text.ts';
import { createPalette } from '../report/palette.ts';
import { renderPlan } from '../report/verify/plan.ts';
import { planRecord } from '../report/verify/plan-record.ts';
import { RealClock } from '../time/real-clock.ts';
import { ListError, readEntries } from '../verify/list/read-entries.ts';
import { takeCensus } from '../verify/plan/census.ts';
import { type Plan, planFor } from '../verify/plan/plan.ts';
import { loadVerdicts } from '../verify/rules.ts';
import { UsageError } from './exit.ts';
import { mannersOf, readOptions, type Task, type VerifyRun } from './verify-command.ts';
import type { VerifyDoors } from './verify-doors.ts';

/** Reads a list for a plan of it. Throws a UsageError for a list that is not what it was said to be. */
export async function planOf(
  task: Task,
  {
    flags,
    doors,
    surroundings: { progress = () => {} },
  }: Pick<VerifyRun, 'flags' | 'surroundings'> & { readonly doors?: VerifyDoors | undefined },
): Promise<Plan> {
  const list = 'list' in task ? readEntries(task.list(), readOptions(flags)) : entriesOf(task.addresses);
  try {
    const { clock = new RealClock(), resolver } = doors?.environment ?? {};
    progress(`reading ${nameOf(task)} for a plan`);
    const census = await takeCensus(list);
    if (resolver) progress(`asking who takes the mail of ${census.shares.length} domains`);
    return await planFor(census, {
      clock,
      limits: mannersOf(flags),
      ...(resolver ? { resolver } : {}),
    });
  } catch (error) {
    if (error instanceof ListError) throw new UsageError(`${nameOf(task)}: ${error.message}.`);
    throw error;
  } finally {
    progress('');
  }
}

const entriesOf = (addresses: readonly string[]) => addresses.map((address, i) => ({ key: i + 1, address }));

const nameOf = (task: Task): string => ('list' in task ? task.name : 'the arguments');

/** A plan in lines for people. */
export async function planLines(
  task: Task,
  plan: Plan,
  { options, surroundings }: Pick<VerifyRun, 'options' | 'surroundings'>,
): Promise<readonly string[]> {
  const { columns, colours: colour, unicode } = surroundings;
  const palette = createPalette({ colour, unicode });
  return renderPlan(nameOf(task), plan, { palette, columns, ...(await waitsOf(options)) });
}

/** What being put off adds to a plan, in ms: at the least and at the most. */
async function waitsOf({ wait = 0 }: VerifyRun['options']): Promise<{ greylist: number; wait: number }> {
  const { schedules } = await loadVerdicts();
  return { greylist: schedules.greylist.waits[0] ?? 0, wait };
}

/** `--plan`: the plan, and nobody is asked about addresses. */
export async function showPlan(
  task: Task,
  run: Omit<VerifyRun, 'doors'> & { readonly doors?: VerifyDoors | undefined },
): Promise<void> {
  const { flags, options, surroundings } = run;
  if (flags.format === 'csv') throw new UsageError('a plan is text or JSON: --format text or jsonl.');
  const plan = await planOf(task, run);
  if (flags.format === 'jsonl')
    surroundings.write(`${jsonLine(planRecord(nameOf(task), plan, await waitsOf(options)))}\n`);
  else surroundings.write(`${(await planLines(task, plan, run)).join('\n')}\n`);
}
