import type { Knowledge } from '../../knowledge/knowledge.ts';
import type { ScenarioResult } from '../../scenario/result.ts';
import { isPositive } from '../../smtp/reply.ts';
import { Dialogue, type DialogueEntry } from '../dialogue.ts';

/**
 * Tells which scenarios of a large run bring something that has not come up before: a provider, a reason that it gives, a
 * way for a connection to end, a fault of a certificate.
 */
export class Novelty {
  readonly #knowledge: Knowledge;
  readonly #seen = new Set<string>();

  constructor(knowledge: Knowledge) {
    this.#knowledge = knowledge;
  }

  /** Takes notice of the scenario as well. */
  isNew({ steps }: ScenarioResult): boolean {
    const before = this.#seen.size;
    const dialogue = new Dialogue();
    for (const step of steps)
      for (const entry of dialogue.entriesOf(step)) this.#seen.add(this.#subjectOf(entry));
    return this.#seen.size > before;
  }

  #subjectOf(entry: DialogueEntry): string {
    switch (entry.kind) {
      case 'reply': {
        const { reply, stage, provider } = entry;
        const context = provider === undefined ? { stage } : { stage, provider };
        return `${provider} ${isPositive(reply) ? '' : this.#knowledge.reasonOf(reply, context)}`;
      }
      case 'ending': {
        const { ending } = entry;
        return ending.kind === 'disconnected' ? `${ending.how} ${ending.unsolicited === true}` : ending.kind;
      }
      case 'note':
        if (entry.event?.kind === 'left') return `left ${entry.event.how}`;
        return entry.event?.kind === 'secured' ? `secured ${entry.event.facts.why ?? ''}` : '';
      default:
        return '';
    }
  }
}
