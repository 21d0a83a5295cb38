/** What a line is taken for: an SMTP command, a member of a group, a line of a message, an answer to a login. */
export type Awaited = 'command' | 'group' | 'message' | 'chunk' | 'user' | 'password' | 'response';

/** Lines that a person types, or that are piped in. */
export interface Typed {
  /** A person is at a keyboard, and may come back after an end. */
  readonly keyboard: boolean;
  /**
   * The next line, or several that were pasted at once, of which only the first is shown; undefined when there are no more. A
   * `hidden` one is neither shown nor remembered.
   */
  lines(
    prompt: string,
    asked: { readonly awaits: Awaited; readonly hidden: boolean },
  ): Promise<readonly string[] | undefined>;
  /** Prints above the prompt, while a line is being typed. */
  above(print: () => void): void;
  /** Hears of Ctrl-C while nothing is asked for. */
  onInterrupt(interrupt: () => void): void;
  /** What tab offers to complete a command with. */
  complete(words: readonly string[]): void;
  close(): void;
}
