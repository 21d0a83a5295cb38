import type { PhraseIndex } from './phrase-index.ts';
import type { RuleFiles } from './rulebook.ts';
import type { ClientErrorBook } from './schema/client-errors.ts';
import type { EndingBook } from './schema/endings.ts';
import type { EnhancedCodesData } from './schema/enhanced-codes.ts';
import type { ProvidersData } from './schema/providers.ts';
import type { ReasonsData } from './schema/reasons.ts';
import type { ReplyCodesData } from './schema/reply-codes.ts';

/** What stands on a shelf of knowledge, by name. */
export interface Volumes {
  readonly rules: { readonly files: RuleFiles; readonly index: PhraseIndex };
  readonly 'reply-codes': ReplyCodesData;
  readonly 'enhanced-codes': EnhancedCodesData;
  readonly providers: ProvidersData;
  readonly reasons: ReasonsData;
  readonly endings: EndingBook;
  readonly 'client-errors': ClientErrorBook;
}

/** Where knowledge is read from: a folder of YAML, or what a build has made of it. Everything on it is plain data. */
export interface Shelf {
  /** @throws Error naming every mistake with file, line and column */
  read<Name extends keyof Volumes>(name: Name): Promise<Volumes[Name]>;
}
