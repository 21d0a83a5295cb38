import type { LabHost } from '../../world/running-lab.ts';

/** What stands open once everything listens. */
export interface Served {
  readonly hosts: readonly LabHost[];
  readonly dns: { readonly address: string; readonly port: number } | null;
  readonly control: {
    readonly address: string;
    readonly port: number;
    readonly url: string;
    readonly token: boolean;
  } | null;
  /** Clients have to begin with a PROXY line. */
  readonly proxy: boolean;
  /** Where the root certificate of the hosts stands. */
  readonly caFile?: string;
  /** `real`, `60x`, `manual`. */
  readonly clock: string;
}
