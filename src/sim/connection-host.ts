import type { SecureContext } from 'node:tls';
import type { TlsTrouble } from './behaviour.ts';
import type { RecordedHost } from './dialogue-recorder.ts';
import type { HostSetup, HostSurroundings } from './host-setup.ts';

/** What a connection needs of its host. */
export interface ConnectionHost extends HostSurroundings, RecordedHost {
  /** How the host behaves at the moment, by the member of its pool. */
  setupOf(member: number): HostSetup;
  nextMember(): number;
  /** A connection is gone for good, and its dialogue told. */
  left(connection: object): void;
  /** TLS from the first byte. RFC 8314 3.3 */
  readonly implicitTls: boolean;
  secureContext(trouble: TlsTrouble): Promise<SecureContext>;
}
