import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandsIn, pattern, steady } from './printed-as.ts';
import { type Block, blocks } from './readme.ts';
import { type Printed, Shell } from './shell.ts';

/** Programs that a machine with Node alone does not have. */
const others = /^\$ (?:python3|swaks|curl|npx mxlab exec) /m;

export function needsMoreThanNode({ text }: Block): boolean {
  return others.test(text);
}

const ports = ['2525', '2526', '2527', '8025'];

/** Runs console blocks as somebody would who reads from top to bottom, and compares what they print. Gives the shell's `run`. */
export function testConsole(wanted: readonly Block[]): { run(line: string): Promise<Printed> } {
  let shell: Shell;
  beforeAll(async () => {
    shell = await Shell.open(ports);
    for (const { file, text } of blocks) if (file !== undefined) shell.write(file, text);
  });
  afterAll(() => shell.close());

  test.each(wanted)('line $line', async ({ text }) => {
    let code: number | null = 0;
    for (const { command, output } of commandsIn(text)) {
      const printed = await shell.run(command);
      const realHost = command.includes('--target');
      expect(steady(printed.text, realHost), command).toMatch(pattern(steady(output, realHost)));
      if (code !== 0) expect(command, 'a command that fails is followed by its exit code').toBe('echo $?');
      code = printed.code;
    }
    expect(code).toBe(0);
  });
  return { run: (line) => shell.run(line) };
}
