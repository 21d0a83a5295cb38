import type { Reply } from '../smtp/reply.ts';
import type { Answer, Ending } from '../transcript/ending.ts';
import type { Command } from './command.ts';

/** Replies due and those that have come, paired by counting. RFC 2920 3.1 */
export class Exchange {
  readonly answers: Answer[] = [];
  readonly sentAt: number;
  /** ms for each reply, instead of what its stage allows. */
  readonly patience: number | undefined;
  /** False while we only listen: whatever comes then was not asked for. */
  readonly asked: boolean;
  /** Our side has not finished writing; until then nothing is late, and the answers wait. */
  writing = false;
  readonly #awaited: readonly Command[];
  readonly #resolve: (answers: readonly Answer[]) => void;

  constructor(
    awaited: readonly Command[],
    about: { readonly sentAt: number; readonly patience?: number | undefined; readonly asked: boolean },
    resolve: (answers: readonly Answer[]) => void,
  ) {
    this.#awaited = awaited;
    this.sentAt = about.sentAt;
    this.patience = about.patience;
    this.asked = about.asked;
    this.#resolve = resolve;
  }

  /** The command whose reply is due. */
  get due(): Command | undefined {
    return this.#awaited[this.answers.length];
  }

  /** Every reply has come. */
  get full(): boolean {
    return this.answers.length >= this.#awaited.length;
  }

  take(reply: Reply, now: number): void {
    const stage = this.due?.stage ?? 'command';
    const answer = { kind: 'reply', stage, reply, elapsed: now - this.sentAt } as const;
    this.answers.push(this.asked ? answer : { ...answer, unsolicited: true });
  }

  /** Gives every command that is still owed a reply its ending instead. */
  breakOff(endingOf: (command: Command) => Ending): void {
    for (let command = this.due; command; command = this.due) this.answers.push(endingOf(command));
  }

  resolve(): void {
    this.#resolve(this.answers);
  }
}

/** One entry for each reply due. */
export function awaitedBy(commands: readonly Command[]): readonly Command[] {
  if (commands.every(({ replies = 1 }) => replies === 1)) return commands;
  return commands.flatMap((command) => new Array<Command>(command.replies ?? 1).fill(command));
}
