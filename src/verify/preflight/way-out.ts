import { isIPv4 } from 'node:net';
import { loadKnowledge } from '../../knowledge/knowledge.ts';
import type { Environment } from '../../probe/environment.ts';
import { operatorName } from '../list/operator-name.ts';
import type { Finding, Judged } from './finding.ts';
import {
  type BannerCall,
  type Callee,
  calleesOf,
  evidenceOf,
  hearBanner,
  isRedirected,
  judgeCall,
} from './port.ts';

/** Operators called at, and hosts tried where none of them answers. */
const mostOperators = 3;
const mostHosts = 3;
/** Domains whose exchangers are looked up to find them. */
const mostDomains = 12;

/** What was found out about the way to mail hosts. */
export interface WayOut {
  readonly findings: readonly Finding[];
  /** Our own end of a connection that stood. */
  readonly local?: string;
}

/**
 * Calls at exchangers of a few operators, one connection each as far as the banner, from one of our addresses. Where none answers, others
 * of the same domains are tried, so that one host that is down does not look like a port that is shut off.
 */
export async function checkWayOut(
  environment: Environment,
  {
    domains,
    port,
    from,
  }: { readonly domains: readonly string[]; readonly port: number; readonly from?: string | undefined },
): Promise<WayOut> {
  const { first, spare } = await callees(environment, domains, familiesOf(from));
  if (first.length === 0) return { findings: [nobody(domains, port)] };
  const calls = await Promise.all(first.map((callee) => hearBanner(environment, callee, { port, from })));
  for (const callee of spare) {
    if (calls.some(isAnswered) || calls.length >= mostHosts) break;
    calls.push(await hearBanner(environment, callee, { port, from }));
  }
  const local = calls.find((call) => call.local !== undefined)?.local;
  return { findings: await judge(calls, port), ...(local === undefined ? {} : { local }) };
}

function familiesOf(from: string | undefined): readonly (4 | 6)[] {
  if (from === undefined) return [4, 6];
  return isIPv4(from) ? [4] : [6];
}

async function callees(
  environment: Environment,
  domains: readonly string[],
  families: readonly (4 | 6)[],
): Promise<{ readonly first: readonly Callee[]; readonly spare: readonly Callee[] }> {
  const found = await Promise.all(
    domains.slice(0, mostDomains).map((domain) => calleesOf(environment, domain, families)),
  );
  const operators = new Set<string>();
  const taken = new Set<string>();
  const first: Callee[] = [];
  for (const [best] of found) {
    if (!best || first.length === mostOperators) continue;
    const operator = operatorName(best.host);
    if (operators.has(operator) || taken.has(best.ip)) continue;
    operators.add(operator);
    taken.add(best.ip);
    first.push(best);
  }
  return { first, spare: found.flat().filter(({ ip }) => !taken.has(ip)) };
}

const isAnswered = ({ greeting }: BannerCall): boolean => greeting.kind === 'reply';

async function judge(calls: readonly BannerCall[], port: number): Promise<readonly Finding[]> {
  const knowledge = await loadKnowledge();
  const redirected = isRedirected(calls);
  return calls.map((call) => {
    const judged = redirected
      ? elsewhere(call, calls)
      : inLight(judgeCall(call, port, knowledge), call, calls);
    return {
      check: 'port',
      about: `${call.callee.host}:${port}`,
      evidence: [evidenceOf(call, port)],
      ...judged,
    };
  });
}

/** One host that cannot be reached says little; that none can says all. */
function inLight(judged: Judged, call: BannerCall, calls: readonly BannerCall[]): Judged {
  if (judged.verdict !== 'bad' || isAnswered(call)) return judged;
  if (calls.some(isAnswered))
    return {
      ...judged,
      verdict: 'doubtful',
      says: `${judged.says} Others answer, so the port itself is open.`,
      advice: 'Nothing: it may be down for a while.',
      grounds: [],
    };
  return calls.length > 1
    ? judged
    : { ...judged, verdict: 'doubtful', says: `${judged.says} No other host was tried.` };
}

/** Two hosts may belong together and only be called differently; three hardly. */
function elsewhere({ callee }: BannerCall, calls: readonly BannerCall[]): Judged {
  return {
    verdict: calls.filter(isAnswered).length > 2 ? 'bad' : 'doubtful',
    says: `What answers for ${callee.host} names itself like the hosts of other operators: somebody on the way may take all connections.`,
    advice:
      'Hosters do this to customers. Answers would be theirs and not those of the mail hosts: ask yours to stop it, or run from another network.',
    grounds: [
      'RFC 5321 4.3.1',
      'shared hosters: We do not authorize the use of this system to transport unsolicited mail',
    ],
  };
}

const listed = ([first, ...others]: readonly string[]): string =>
  others.length === 0 ? `${first}` : `${first} and ${others.length} others`;

function nobody(domains: readonly string[], port: number): Finding {
  const none = domains.length === 0;
  return {
    check: 'port',
    about: `port ${port}`,
    verdict: 'could not tell',
    says: none
      ? `Whether port ${port} is open was not tried: nobody was named to connect to.`
      : `Whether port ${port} is open was not tried: no mail host of ${listed(domains)} was found.`,
    evidence: [],
    advice: 'Name an address or a domain whose mail hosts may be connected to.',
    grounds: [],
  };
}
