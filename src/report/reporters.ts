import { closest } from '../datafile/suggest.ts';
import type { RunListener } from '../scenario/result.ts';
import { GithubReporter } from './github.ts';
import { HtmlReporter } from './html/html.ts';
import { JsonReporter } from './json.ts';
import { JUnitReporter } from './junit.ts';
import { MarkdownReporter } from './markdown.ts';
import type { ReporterOptions } from './reporter-options.ts';
import { TapReporter } from './tap.ts';
import { TerminalReporter } from './terminal/terminal.ts';

/** The only list of reporters: name to factory. */
const reporters = {
  terminal: (options: ReporterOptions): RunListener => new TerminalReporter(options),
  json: (options: ReporterOptions): RunListener => new JsonReporter(options),
  junit: (options: ReporterOptions): RunListener => new JUnitReporter(options),
  html: (options: ReporterOptions): RunListener => new HtmlReporter(options),
  tap: (options: ReporterOptions): RunListener => new TapReporter(options),
  github: (options: ReporterOptions): RunListener => new GithubReporter(options),
  markdown: (options: ReporterOptions): RunListener => new MarkdownReporter(options),
} as const;

export type ReporterName = keyof typeof reporters;

export const reporterNames = Object.keys(reporters) as readonly ReporterName[];

export function isReporterName(name: string): name is ReporterName {
  return Object.hasOwn(reporters, name);
}

/** What to tell a person who asked for a reporter that is not there. */
export function unknownReporter(name: string): string {
  const near = closest(name, reporterNames);
  const known = `known: ${reporterNames.join(', ')}`;
  return `there is no reporter called ${name}; ${near === undefined ? known : `did you mean ${near}? (${known})`}`;
}

/** Throws a RangeError, whose message is `unknownReporter`, for a name that is not in the list. */
export function createReporter(name: string, options: ReporterOptions): RunListener {
  if (!isReporterName(name)) throw new RangeError(unknownReporter(name));
  return reporters[name](options);
}
