import { seededRandom } from '../../chance/seeded-random.ts';
import { type Exchanger, type ExchangerSearch, findExchangers } from '../../dns/exchangers.ts';
import type { AttemptOutcome } from '../../probe/attempt.ts';
import type { Environment } from '../../probe/environment.ts';
import { minutes } from '../../time/duration.ts';
import type { Ask, Asker, Heard, Question } from '../asking.ts';
import { Recent } from '../recent.ts';
import { Calls } from './calls.ts';
import { ExchangerGroup } from './exchanger-group.ts';
import type { OperatorLimits } from './limits.ts';
import type { Observe } from './list-event.ts';
import { Operator } from './operator.ts';
import { operatorName } from './operator-name.ts';

export interface PoolOptions {
  readonly asker: Asker;
  /** Our own addresses, among which recipients are shared out. */
  readonly sources: readonly string[];
  readonly limits: OperatorLimits;
  /** Ends the asking: questions that have not had their turn are rejected with TurnedAway. */
  readonly signal?: AbortSignal;
  /** Told of every connection and of what is said there. */
  readonly observe?: Observe | undefined;
}

/** How long an answer of the name system is kept. */
const searchKept = minutes(10);
/** Domains whose exchangers are remembered, and groups of exchangers. */
const most = 10_000;

/** Puts questions about many domains: connections, limits and look-ups are shared by all that have the same exchangers. */
export class Pool {
  readonly #environment: Environment;
  readonly #options: PoolOptions;
  readonly #searches = new Recent<{ search: Promise<ExchangerSearch>; until: number }>(most);
  readonly #groups = new Map<string, ExchangerGroup>();
  readonly #operators = new Map<string, Operator>();

  constructor(environment: Environment, options: PoolOptions) {
    this.#environment = environment;
    this.#options = options;
  }

  readonly ask: Ask = async (question) => {
    const domain = domainOf(question);
    const search = await this.#search(domain);
    if (search.kind !== 'found') {
      const none: AttemptOutcome = { kind: 'no-host', search };
      return heard(
        search,
        question.recipients.map(() => none),
      );
    }
    const answer = await this.#group(search.exchangers, this.#sourceFor(question)).ask(question, domain);
    const { outcomes, ...where } = answer;
    return heard(search, outcomes, where);
  };

  /** The operator of a domain's exchangers; undefined where there are none. */
  async operatorOf(domain: string): Promise<Operator | undefined> {
    const search = await this.#search(domain);
    return search.kind === 'found' ? this.#operator(search.exchangers) : undefined;
  }

  #search(domain: string): Promise<ExchangerSearch> {
    const { clock, resolver, random } = this.#environment;
    const known = this.#searches.get(domain);
    if (known && known.until > clock.now()) return known.search;
    const search = findExchangers(resolver, domain, random);
    this.#searches.set(domain, { search, until: clock.now() + searchKept });
    search.then(
      ({ kind }) => kind === 'dns-trouble' && this.#searches.delete(domain), // ask again the next time
      () => this.#searches.delete(domain),
    );
    return search;
  }

  /** A recipient is asked about from the same address every time: to a greylist, another one is somebody new (RFC 6647 2.3). */
  #sourceFor({ recipients: [recipient] }: Question): string | undefined {
    const { asker, sources } = this.#options;
    if (sources.length < 2) return sources[0] ?? asker.from;
    return sources[Math.floor(seededRandom(recipient)() * sources.length)];
  }

  #group(exchangers: readonly Exchanger[], source: string | undefined): ExchangerGroup {
    const places = exchangers.flatMap(({ host, preference, addresses }) =>
      addresses.map((ip) => ({ host, ip, preference })),
    );
    const key = [
      source,
      ...places.map(({ host, ip, preference }) => `${preference} ${host} ${ip}`).sort(),
    ].join('|');
    const known = this.#groups.get(key);
    if (known) return known;
    if (this.#groups.size >= most) this.#forgetIdle();
    const operator = this.#operator(exchangers);
    const { observe } = this.#options;
    const calls = observe && new Calls(operator.name, this.#environment.clock, observe);
    const asker = { ...this.#options.asker, ...(source === undefined ? {} : { from: source }) };
    const group = new ExchangerGroup(this.#environment, {
      ...this.#options,
      asker,
      operator,
      places,
      calls,
    });
    this.#groups.set(key, group);
    return group;
  }

  /** A group and its operator go together, or an operator would be there twice, and asked twice as much. */
  #forgetIdle(): void {
    const busy = new Set<Operator>();
    for (const { idle, operator } of this.#groups.values()) if (!idle || !operator.idle) busy.add(operator);
    for (const [key, { operator }] of this.#groups) if (!busy.has(operator)) this.#groups.delete(key);
    for (const [name, operator] of this.#operators)
      if (!busy.has(operator) && operator.idle) this.#operators.delete(name);
  }

  #operator(exchangers: readonly Exchanger[]): Operator {
    const name = operatorName(exchangers[0]?.host ?? '');
    const known = this.#operators.get(name);
    if (known) return known;
    if (this.#operators.size >= most) this.#forgetIdle();
    const operator = new Operator(name, this.#environment.clock, this.#options.limits);
    this.#operators.set(name, operator);
    return operator;
  }
}

function domainOf({ recipients: [recipient] }: Question): string {
  return recipient.slice(recipient.lastIndexOf('@') + 1).toLowerCase();
}

function heard(
  exchangers: ExchangerSearch,
  outcomes: readonly AttemptOutcome[],
  where: Pick<Heard, 'host' | 'ip' | 'everywhere'> = {},
): Heard {
  return {
    exchangers,
    outcomes: outcomes as [AttemptOutcome, ...AttemptOutcome[]],
    transcripts: [],
    ...where,
  };
}
