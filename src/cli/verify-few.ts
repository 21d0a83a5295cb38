import { createPalette } from '../report/palette.ts';
import { renderCard } from '../report/verify/card.ts';
import { redact, redactAddress } from '../report/verify/redact.ts';
import { rowOf } from '../report/verify/row.ts';
import { formatDuration } from '../time/duration.ts';
import { DomainMemory } from '../verify/domain-memory.ts';
import type { Pending } from '../verify/inquirer.ts';
import type { Verification } from '../verify/verification.ts';
import { verifyAddress } from '../verify/verify-address.ts';
import { exitCodes } from './exit.ts';
import type { VerifyRun } from './verify-command.ts';
import { csvHeading, lineOf } from './verify-results.ts';

/** Verifies addresses one after the other, each in sessions of its own. Ctrl-C shows what is known of the one that waits. */
export async function fewAddresses(
  addresses: readonly string[],
  { doors, options, flags, surroundings }: VerifyRun,
): Promise<void> {
  const { columns, colours: colour, unicode, terminal } = surroundings;
  const palette = createPalette({ colour, unicode });
  const memory = new DomainMemory(undefined, options.cache);
  const format = flags.format ?? 'text';
  const show = (n: number, verification: Verification): void => {
    const shown = flags.redact ? redact(verification) : verification;
    if (format === 'text')
      surroundings.write(`${[...renderCard(shown, { palette, columns }), ''].join('\n')}\n`);
    else surroundings.write(lineOf(rowOf(n, shown), format));
  };
  const patience = interruptible(surroundings.onInterrupt);
  if (format === 'csv') surroundings.write(csvHeading);
  for (const [i, address] of addresses.entries()) {
    let last: Pending | undefined;
    const waiting = (pending: Pending): void => {
      last = pending;
      if (!terminal || doors.simulated) return;
      const wait = formatDuration(pending.next - doors.environment.clock.now());
      const who = flags.redact ? redactAddress(address) : address;
      surroundings.complain(
        `${who}: ${pending.verification.subReason}; asking again in ${wait}. Ctrl-C to leave it at that.`,
      );
    };
    const done = verifyAddress(doors.environment, address, { ...options, memory, waiting });
    const result = await Promise.race([done, patience.interrupted]);
    if (result === undefined) {
      if (last) show(i + 1, last.verification);
      surroundings.exit(exitCodes.interrupted);
      return;
    }
    show(i + 1, result);
  }
  patience.stop();
}

function interruptible(onInterrupt: VerifyRun['surroundings']['onInterrupt']): {
  readonly interrupted: Promise<undefined>;
  readonly stop: () => void;
} {
  let stop = (): void => {};
  const interrupted = new Promise<undefined>((resolve) => {
    stop = onInterrupt(() => resolve(undefined));
  });
  return { interrupted, stop: () => stop() };
}
