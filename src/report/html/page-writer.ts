import { jsonLine } from '../json-text.ts';
import type { Trace } from '../trace-format.ts';
import { ExplanationPool } from './explanation-pool.ts';
import type { PageEntry, PageRun } from './page-data.ts';
import { pageEntry, pageScenario } from './page-scenario.ts';
import { type PageTemplate, readTemplate } from './page-template.ts';

/** Writes the page from its first to its last byte; what has been written is not kept. */
export class PageWriter {
  readonly #write: (text: string) => void;
  readonly #template: PageTemplate = readTemplate();
  readonly #pool = new ExplanationPool();
  readonly #entries: PageEntry[] = [];
  #begun = false;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  add(trace: Trace): void {
    const scenario = pageScenario(this.#entries.length + 1, trace, this.#pool);
    this.#entries.push(pageEntry(scenario));
    this.#data(`scenario-${scenario.id}`, scenario);
  }

  end(run: PageRun): void {
    this.#data('explanations', this.#pool.all);
    this.#data('entries', this.#entries);
    this.#data('run', run);
    this.#write(this.#template.after);
  }

  #data(id: string, value: object): void {
    if (!this.#begun) this.#write(this.#template.before);
    this.#begun = true;
    this.#write(`<script type="application/json" id="${id}">${dataText(value)}</script>\n`);
  }
}

/** JSON that cannot end the element it stands in, nor begin a comment there. HTML 4.12.1.3 */
export function dataText(value: object): string {
  return jsonLine(value).replaceAll('<', '\\u003c');
}
