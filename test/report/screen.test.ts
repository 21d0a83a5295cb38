import { expect, test } from 'vitest';
import { Screen } from '../../src/report/terminal/screen.ts';
import { VirtualClock } from '../../src/time/virtual-clock.ts';

/** A terminal that understands what log-update says to it. */
class Terminal {
  readonly rows: string[] = [''];
  readonly #written: string[] = [];

  readonly write = (text: string): void => {
    this.#written.push(text);
    for (const [part, code] of text.matchAll(/\x1b\[\??\d*([A-Za-z])|[^\x1b]/g)) {
      if (code === 'A') this.rows.pop();
      else if (code === 'K' || part === '\r') this.rows[this.rows.length - 1] = '';
      else if (part === '\n') this.rows.push('');
      else if (code === undefined) this.rows[this.rows.length - 1] += part;
    }
  };

  get written(): string {
    return this.#written.join('');
  }
}

const options = { columns: 40, isTerminal: true, spinner: ['1', '2', '3'], more: '…', clock: undefined };

test('the status stays below what scrolls, and goes at the end', () => {
  const terminal = new Terminal();
  const screen = new Screen({ ...options, write: terminal.write });
  screen.print(['first']);
  screen.status('0 of 2: something that is much too long for the terminal');
  expect(terminal.rows).toEqual(['first', '2 0 of 2: something that is much too l…', '']);
  screen.print(['second', 'third']);
  expect(terminal.rows).toEqual(['first', 'second', 'third', '2 0 of 2: something that is much too l…', '']);
  screen.status('1 of 2');
  expect(terminal.rows.at(-2)).toBe('3 1 of 2');
  screen.close();
  screen.print(['last']);
  expect(terminal.rows).toEqual(['first', 'second', 'third', 'last', '']);
});

test('a clock turns the spinner until the end', () => {
  const terminal = new Terminal();
  const clock = new VirtualClock();
  const screen = new Screen({ ...options, clock, write: terminal.write });
  screen.status('busy');
  const pictures = [0, 100, 100, 100].map((ms) => {
    clock.advance(ms);
    return terminal.rows.at(-2);
  });
  expect(pictures).toEqual(['1 busy', '2 busy', '3 busy', '1 busy']);
  screen.close();
  const before = terminal.written;
  clock.advance(10_000);
  expect(terminal.written).toBe(before);
});

test('where there is no terminal, nothing is written over', () => {
  const terminal = new Terminal();
  const screen = new Screen({ ...options, isTerminal: false, write: terminal.write });
  screen.status('0 of 1');
  screen.print(['first']);
  screen.close();
  expect(terminal.written).toBe('first\n');
});
