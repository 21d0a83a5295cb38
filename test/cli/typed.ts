import { start } from '../../src/cli/start.ts';
import type { Surroundings } from '../../src/cli/surroundings.ts';
import { type Ended, root } from './mxlab.ts';

/** The program within the test's own process, where its surroundings can be chosen: a terminal, a Ctrl-C. */
export async function typed(
  args: readonly string[],
  surroundings: Partial<Surroundings> = {},
): Promise<Ended & { readonly exits: readonly number[] }> {
  let stdout = '';
  let stderr = '';
  let code = 0;
  const exits: number[] = [];
  await start(args, {
    write: (text) => {
      stdout += text;
    },
    complain: (text) => {
      stderr += `${text}\n`;
    },
    backlog: () => 0,
    drained: async () => {},
    input: async function* () {},
    typing: true,
    terminal: false,
    columns: 80,
    colours: 0,
    unicode: true,
    directory: root,
    endWith: (wanted) => {
      code = wanted;
    },
    exit: (wanted) => void exits.push(wanted),
    onInterrupt: () => () => {},
    stopwatch: () => 0,
    openInBrowser: () => {},
    ...surroundings,
  });
  return { code, stdout, stderr, exits };
}
