import type { ExchangerSearch } from '../dns/exchangers.ts';
import { type AttemptOptions, type AttemptOutcome, attempt } from '../probe/attempt.ts';
import type { Environment } from '../probe/environment.ts';
import type { Transcript } from '../transcript/transcript.ts';

/** A question to the hosts of a domain: would they take mail from this sender for these recipients? */
export interface Question {
  /** All of one domain. The first is the one that matters. */
  readonly recipients: readonly [string, ...string[]];
  /** Empty for the null reverse-path. */
  readonly sender: string;
  /** The address of the host to ask first. */
  readonly prefer?: string;
  /** In a session of its own, so that what earlier ones met does not touch it. */
  readonly apart?: boolean;
}

/** What they said. */
export interface Heard {
  readonly exchangers: ExchangerSearch;
  readonly host?: string;
  /** The IP address of that host. */
  readonly ip?: string;
  /** In the order of the recipients. */
  readonly outcomes: readonly [AttemptOutcome, ...AttemptOutcome[]];
  /** All hosts of the domain stood in the way alike, with this code in their greeting. */
  readonly everywhere?: number;
  readonly transcripts: readonly Transcript[];
}

/** How questions are put. May share connections between questions; never says DATA. */
export type Ask = (question: Question) => Promise<Heard>;

/** Who asks. */
export interface Asker
  extends Pick<AttemptOptions, 'helo' | 'from' | 'port' | 'tls' | 'patience' | 'limits'> {
  /** Told of every connection, those that failed among them, in the order in which they were made. It may still go on. */
  readonly called?: (transcript: Transcript) => void;
}

/** Puts each question in a session of its own. */
export function askAlone(environment: Environment, asker: Asker): Ask {
  return async ({ recipients, sender, prefer }) => {
    const result = await attempt(environment, {
      ...asker,
      recipients,
      sender,
      ...(prefer === undefined ? {} : { prefer }),
    });
    for (const transcript of result.transcripts) asker.called?.(transcript);
    const [first, ...others] = result.recipients.map(({ outcome }) => outcome);
    const everywhere = greetingOfAll(result.obstacles, result.outcome);
    return {
      exchangers: result.exchangers,
      ...(result.host === undefined ? {} : { host: result.host }),
      ...(result.address === undefined ? {} : { ip: result.address }),
      outcomes: [first ?? result.outcome, ...others],
      ...(everywhere === undefined ? {} : { everywhere }),
      transcripts: result.transcripts,
    };
  };
}

/** The code with which every host refused in its greeting; `last` is what decided. */
export function greetingOfAll(
  obstacles: readonly AttemptOutcome[],
  last: AttemptOutcome,
): number | undefined {
  if (obstacles.length === 0 || obstacles.at(-1) !== last) return undefined;
  const codes = new Set(
    obstacles.map((one) => (one.kind === 'refused' && one.stage === 'greeting' ? one.reply.code : undefined)),
  );
  return codes.size === 1 ? [...codes][0] : undefined;
}
