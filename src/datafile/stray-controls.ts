import { type Fault, mostFaults } from './fault.ts';

/** What YAML does not allow in a text (YAML 1.2.2 section 5.1), and CR where no LF follows. */
const stray = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]|\r(?!\n)/g;

/** Control characters in a text that should have none. */
export function strayControls(text: string): Fault[] {
  const faults: Fault[] = [];
  for (const { index } of text.matchAll(stray)) {
    faults.push({
      start: index,
      end: index + 1,
      message: 'is a control character, which a text file cannot hold',
      hint: 'in double quotes it can be written as \\xNN',
    });
    if (faults.length === mostFaults) break;
  }
  return faults;
}
