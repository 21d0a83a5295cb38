import type { DialogueEnd, ReceivedMessage } from '../../sim/host-dialogue.ts';
import { isPositive, type Reply, replyCodes } from '../../smtp/reply.ts';
import { type Stage, stageFacts } from '../../smtp/stage.ts';
import { hangUps } from '../../transcript/note.ts';
import type { DialogueEntry } from '../dialogue.ts';

/** What came of a dialogue, and whether its client will like it. */
export interface Summary {
  readonly text: string;
  readonly mood: 'good' | 'warn' | 'bad';
}

/** Clients with the wrong idea of a port: what they did says more than that it failed. */
const strays = /^(?:CLIENT_HELLO|NO_CLIENT_HELLO|PLAIN_TEXT)$/;

/** Counts what comes of a dialogue while it lasts. */
export class DialogueTally {
  #taken = 0;
  #turnedAway: ReceivedMessage | undefined;
  #refusal: { readonly reply: Reply; readonly stage: Stage } | undefined;
  #broken: string | undefined;

  hear(entry: DialogueEntry): void {
    if (entry.kind === 'reply' && !isPositive(entry.reply)) this.#refusal = entry;
    if (entry.kind === 'ending' && entry.ending.kind === 'tls-failed')
      this.#broken = strays.test(entry.ending.code) ? entry.ending.why : 'the TLS handshake failed';
  }

  receive(message: ReceivedMessage): void {
    if (message.accepted) this.#taken++;
    else this.#turnedAway = message;
  }

  summary(end: DialogueEnd | undefined): Summary {
    const loss = this.#broken ?? (end && lossIn(end));
    const parts = [
      ...(this.#taken > 0 ? [`${this.#taken} ${this.#taken === 1 ? 'message' : 'messages'} taken`] : []),
      ...(this.#refusal ? [refusalIn(this.#refusal)] : []),
      ...(loss === undefined ? [] : [loss]),
    ];
    return { text: parts.length > 0 ? parts.join(', ') : 'no message', mood: this.#mood(end) };
  }

  #mood(end: DialogueEnd | undefined): Summary['mood'] {
    const lost = this.#broken !== undefined || (end?.by === 'host' && end.unanswered);
    if (lost || this.#turnedAway || (this.#refusal && this.#refusal.reply.code >= 500)) return 'bad';
    return this.#refusal || (end && lossIn(end) !== undefined) ? 'warn' : 'good';
  }
}

function refusalIn({ reply, stage }: { readonly reply: Reply; readonly stage: Stage }): string {
  return `${replyCodes(reply)} in reply to ${stageFacts[stage].said}`;
}

/** How a connection was lost; `undefined` when it ended as it should, with QUIT. RFC 5321 4.1.1.10 */
function lossIn({ at, by, how, unanswered }: DialogueEnd): string | undefined {
  const { said } = stageFacts[at];
  if (by === 'host') {
    if (unanswered) return `the host ${hangUps[how]} in reply to ${said}`;
    return at === 'quit' ? undefined : `the host ${hangUps[how]}`;
  }
  if (unanswered) return `the client ${hangUps[how]} without waiting for the reply to ${said}`;
  return at === 'quit' ? undefined : `the client ${hangUps[how]} without QUIT`;
}

/** What stands behind `--` when the client has hung up. */
export function noteOfClientsEnd({ at, how, unanswered }: DialogueEnd): string {
  const unheard = unanswered ? ` without waiting for the reply to ${stageFacts[at].said}` : '';
  return `the client ${hangUps[how]}${unheard}`;
}
