import type { Pace } from '../world/start-lab.ts';
import { UsageError } from './exit.ts';

/** What `mxlab exam` may be told. */
export interface ExamFlags {
  readonly self?: boolean;
  readonly command?: string;
  readonly http?: string;
  readonly start?: string;
  readonly module?: string;
  readonly mapping: readonly string[];
  readonly only?: readonly string[];
  readonly cases?: string;
  readonly parallel: number;
  readonly timeLimit: string;
  readonly clock: Pace;
  readonly seed: string;
  readonly baseline?: string;
  readonly update?: boolean;
  readonly reporter?: readonly string[];
}

/** Throws a UsageError for flags that do not go together. */
export function checkTogether({ self, command, http, module, start, baseline, update }: ExamFlags): void {
  const asked = [self, command, http, module].filter((one) => one !== undefined).length;
  if (asked !== 1)
    throw new UsageError(
      "name one validator: --self, --command 'python3 check.py {address}', --http URL or --module file.mjs#function.",
    );
  if (start !== undefined && http === undefined)
    throw new UsageError('--start starts the service of --http.');
  if (http !== undefined && !/^https?:$/.test(protocolOf(http)))
    throw new UsageError(`--http ${http} is no URL such as http://127.0.0.1:8080/validate.`);
  if (update && baseline === undefined)
    throw new UsageError('--update writes the file of --baseline: name it.');
}

function protocolOf(url: string): string {
  const plain = url.replaceAll('{address}', 'x');
  return URL.canParse(plain) ? new URL(plain).protocol : '';
}
