import type { HostDialogue } from '../sim/host-dialogue.ts';
import { printDialogue } from '../transcript/notation.ts';

/** What an `expect` of vitest or Jest wants to know of a matcher. */
export interface MatcherOutcome {
  readonly pass: boolean;
  readonly message: () => string;
}

/** Of a longer dialogue only the last lines are shown. */
const mostLines = 60;

/** A dialogue as these matchers need it: one of a lab, or one that the control API gave as JSON. */
export type AnyDialogue = Pick<HostDialogue, 'events'> &
  Partial<Pick<HostDialogue, 'end' | 'messages' | 'label' | 'id'>>;

/** Judges a dialogue. `expected` ends the sentence "the dialogue was expected to ...", `found` says what it did instead. */
export function judge(
  received: unknown,
  expected: string,
  look: (dialogue: AnyDialogue) => { readonly pass: boolean; readonly found: string },
): MatcherOutcome {
  if (!isDialogue(received)) {
    const given = `${received === null ? 'null' : Array.isArray(received) ? 'an array' : typeof received}`;
    return {
      pass: false,
      message: () => `a dialogue was expected, such as lab.dialogues[0]; this is ${given}`,
    };
  }
  const { pass, found } = look(received);
  return {
    pass,
    message: () =>
      [
        `the dialogue was expected ${pass ? 'not ' : ''}to ${expected}`,
        `it ${found}`,
        '',
        ...shown(received),
      ].join('\n'),
  };
}

function isDialogue(value: unknown): value is AnyDialogue {
  return typeof value === 'object' && value !== null && 'events' in value && Array.isArray(value.events);
}

function shown({ events }: AnyDialogue): string[] {
  const lines = printDialogue(events).split('\n');
  const left = lines.length - mostLines;
  return left > 0 ? [`(${left} lines before)`, ...lines.slice(-mostLines)] : lines;
}

/** Whether a text is, or has in it, what was asked for. */
export function holds(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string'
    ? text.includes(wanted)
    : new RegExp(wanted.source, wanted.flags.replace(/[gy]/g, '')).test(text);
}

export function quoted(wanted: string | RegExp): string {
  return typeof wanted === 'string' ? JSON.stringify(wanted) : `${wanted}`;
}
