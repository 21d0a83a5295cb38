import { ModuleError } from '../exam/adapters/module.ts';
import { type Baseline, baselineOf, changesSince, type ScoreCard } from '../exam/score-card.ts';
import { NetworkError } from '../netns/network.ts';
import { renderChanges } from '../report/exam/terminal.ts';
import { createPalette } from '../report/palette.ts';
import { chosenCases, readBaseline, readMappings } from './exam-files.ts';
import { checkTogether, type ExamFlags } from './exam-flags.ts';
import { readReporters, save, write } from './exam-reporters.ts';
import { examineOthers, examineOurselves } from './examine.ts';
import { enter, isInside } from './exec-command.ts';
import { exitCodes, UsageError } from './exit.ts';
import type { Surroundings } from './surroundings.ts';

/** Puts a validator through the exam. Exit codes: 0 nothing wrong, or nothing changed since the baseline; 1 otherwise; 2 usage. */
export async function exam(flags: ExamFlags, surroundings: Surroundings): Promise<void> {
  checkTogether(flags);
  const wishes = readReporters(flags.reporter ?? []);
  const cases = await chosenCases(flags, surroundings);
  const mappings = await readMappings(flags, surroundings);
  if (!cases || !mappings) return surroundings.endWith(exitCodes.usage);
  const baseline = readBaseline(flags);
  if (!flags.self && !isInside()) return enter(surroundings);
  try {
    const card = await (flags.self ? examineOurselves : examineOthers)(cases, mappings, flags, surroundings);
    write(card, wishes, surroundings);
    const code = conclude(card, baseline, flags, surroundings);
    if (flags.module === undefined) surroundings.endWith(code);
    else surroundings.exit(code); // a module's sockets and timers may outlive its answers
  } catch (error) {
    if (error instanceof ModuleError || error instanceof NetworkError)
      throw new UsageError(`${error.message}.`);
    throw error;
  }
}

function conclude(
  card: ScoreCard,
  baseline: Baseline | undefined,
  flags: ExamFlags,
  surroundings: Surroundings,
): number {
  if (flags.update && flags.baseline !== undefined) {
    save(flags.baseline, `${JSON.stringify(baselineOf(card), null, 2)}\n`);
    surroundings.complain(`mxlab: ${flags.baseline} is the baseline now.`);
    return exitCodes.passed;
  }
  if (baseline) {
    const { columns, colours: colour, unicode } = surroundings;
    const changes = changesSince(baseline, card);
    const lines = renderChanges(changes, { palette: createPalette({ colour, unicode }), columns });
    surroundings.complain(
      changes.length === 0 ? 'mxlab: nothing has changed since the baseline.' : lines.join('\n'),
    );
    return changes.length === 0 ? exitCodes.passed : exitCodes.failed;
  }
  const { wrong, dangerous, hung, crashed } = card.counts;
  return wrong + dangerous + hung + crashed === 0 ? exitCodes.passed : exitCodes.failed;
}
