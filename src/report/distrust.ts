import type { EndingExplanation } from '../knowledge/endings.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import type { TlsFacts } from '../transcript/transcript.ts';

/** What it means that the certificate of a session does not prove the host's name; `undefined` where it does. */
export function explainDistrust(
  { trusted, why = '' }: TlsFacts,
  knowledge: Knowledge,
): EndingExplanation | undefined {
  if (trusted !== false) return undefined;
  const circumstances = {
    stage: 'starttls',
    lastSent: '',
    lastReceived: '',
    elapsed: 0,
    tls: false,
  } as const;
  return knowledge.explainEnding({ ...circumstances, kind: 'tls-failed', code: why, why });
}
