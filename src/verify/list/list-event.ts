import type { LookupFailure } from '../../dns/resolver.ts';
import type { Reply } from '../../smtp/reply.ts';
import type { Stage } from '../../smtp/stage.ts';
import type { Ending } from '../../transcript/ending.ts';
import type { Verification } from '../verification.ts';
import type { Alert } from './alerts.ts';
import type { Sign } from './signs.ts';

/** What is asked of the name system: `MX` and so on; `A` and `AAAA` by the family of the address. */
export type LookupType = 'MX' | 'A' | 'AAAA' | 'TXT' | 'PTR';

/** Something that happens while a list is verified. `took` is in ms of the clock; operators are named by their domain. */
export type ListEvent =
  /** An entry of the list has been taken up. */
  | { readonly kind: 'read' }
  /** An entry has its result; `unfinished` when the run ended before. */
  | { readonly kind: 'result'; readonly verification: Verification; readonly unfinished: boolean }
  /** An entry waits for a greylist, a limit or an outage until a time, in ms since 1970. What is known so far is no result. */
  | { readonly kind: 'put-off'; readonly verification: Verification; readonly until: number }
  /** An entry waits no more. */
  | { readonly kind: 'taken-up' }
  | { readonly kind: 'connected'; readonly operator: string; readonly took: number }
  | { readonly kind: 'not-connected'; readonly operator: string; readonly ending: Ending }
  | {
      readonly kind: 'replied';
      readonly operator: string;
      readonly stage: Stage;
      readonly reply: Reply;
      readonly took: number;
    }
  /** A connection is over; without an ending it was us who put it down. */
  | { readonly kind: 'disconnected'; readonly operator: string; readonly ending?: Ending }
  /** The pace of an operator has changed, as a share of the full one; `stopped` says why it is asked nothing more. */
  | {
      readonly kind: 'paced';
      readonly operator: string;
      readonly sign: Sign;
      readonly pace: number;
      readonly stopped?: string;
    }
  | {
      readonly kind: 'looked-up';
      readonly type: LookupType;
      readonly result: 'found' | 'no-data' | 'no-such-domain' | LookupFailure;
      readonly took: number;
    }
  | { readonly kind: 'alert'; readonly alert: Alert };

/** Looks on. It is called in the middle of the work, so it must be quick, and must not throw. */
export type Observe = (event: ListEvent) => void;
