import { findExchangers } from '../../dns/exchangers.ts';
import type { Knowledge } from '../../knowledge/knowledge.ts';
import { takeLeave } from '../../probe/call.ts';
import type { Environment } from '../../probe/environment.ts';
import { isAccepted } from '../../probe/outcome.ts';
import { Session } from '../../probe/session.ts';
import { classOf, type Reply, replyCodes, replyText } from '../../smtp/reply.ts';
import { seconds } from '../../time/duration.ts';
import { type Answer, describeEnding } from '../../transcript/ending.ts';
import { operatorName } from '../list/operator-name.ts';
import type { AskedAndAnswered, Judged } from './finding.ts';

/** Who is called at: the best exchanger of a domain. */
export interface Callee {
  readonly host: string;
  readonly ip: string;
}

/** One connection as far as the banner. */
export interface BannerCall {
  readonly callee: Callee;
  readonly greeting: Answer;
  /** Our own end of the connection. */
  readonly local: string | undefined;
}

/** Shorter than the five minutes of RFC 5321 4.5.3.2.1: a port that is shut off shows after 20 s. */
const patience = { connect: seconds(20), greeting: seconds(60) };

/** The exchangers of a domain at their first address, best first; none where it has none. */
export async function calleesOf(
  { resolver, random }: Pick<Environment, 'resolver' | 'random'>,
  domain: string,
  families: readonly (4 | 6)[],
): Promise<readonly Callee[]> {
  const search = await findExchangers(resolver, domain, random, { families });
  if (search.kind !== 'found') return [];
  return search.exchangers.flatMap(({ host, addresses: [ip] }) => (ip === undefined ? [] : [{ host, ip }]));
}

/** Connects, reads the banner and says QUIT: nobody is asked anything. RFC 5321 4.1.1.10 */
export async function hearBanner(
  environment: Environment,
  callee: Callee,
  { port, from }: { readonly port: number; readonly from?: string | undefined },
): Promise<BannerCall> {
  let local: string | undefined;
  const { clock, resolver, random } = environment;
  const dial: Environment['dial'] = async (to, signal) => {
    const socket = await environment.dial(to, signal);
    local = socket.localAddress?.replace(/^::ffff:/i, '');
    return socket;
  };
  const { session, greeting } = await Session.open(
    { clock, resolver, random, dial },
    {
      host: callee.host,
      address: callee.ip,
      port,
      patience,
      ...(from === undefined ? {} : { from }),
    },
  );
  await takeLeave(session, { last: greeting, open: false });
  return { callee, greeting, local };
}

/** What the call was, for people. */
export function evidenceOf({ callee, greeting }: BannerCall, port: number): AskedAndAnswered {
  const answered =
    greeting.kind === 'reply'
      ? `${replyCodes(greeting.reply)} ${replyText(greeting.reply)}`
      : describeEnding(greeting);
  return {
    asked: `a connection to ${callee.host} (${callee.ip}) at port ${port}`,
    answered: answered.slice(0, 300),
  };
}

const shutOff =
  'Many networks let no mail out: AWS, Azure, Google Cloud, Oracle, Vultr and most access lines. Ask yours to open the port, or run from another.';
const shutOffGrounds = [
  'provider documentation on outbound port 25 (AWS, Azure, Google Cloud, Oracle Cloud, Vultr)',
];

/** What one call says of the way out. */
export function judgeCall({ callee, greeting }: BannerCall, port: number, knowledge: Knowledge): Judged {
  const { host } = callee;
  if (greeting.kind === 'reply')
    return isAccepted(greeting)
      ? { verdict: 'fine', says: `${host} answers at port ${port}.`, grounds: ['RFC 5321 3.1'] }
      : judgeRefusal(host, greeting.reply, knowledge);
  switch (greeting.kind) {
    case 'unreachable':
      return judgeUnreachable(host, port, greeting.why);
    case 'disconnected':
      return {
        verdict: 'bad',
        says:
          greeting.how === 'reset'
            ? `The connection to ${host} was reset before it said a word: a firewall on the way, or a host that does not want us.`
            : `${host} hung up before it said a word: it, or something on the way, does not want us.`,
        advice: `Try another network. ${shutOff}`,
        grounds: ['RFC 5321 3.1', ...shutOffGrounds],
      };
    case 'timed-out':
      return {
        verdict: 'doubtful',
        says: `The connection to ${host} stands, and no greeting came within a minute: a tarpit, or a firewall that only seems to connect.`,
        advice: `Try again. If all hosts are as silent: ${shutOff}`,
        grounds: ['RFC 5321 4.5.3.2.1', ...shutOffGrounds],
      };
    default:
      return {
        verdict: 'doubtful',
        says: `${host} ${describeEnding(greeting)}: what answers at port ${port} speaks no SMTP.`,
        advice: 'Something on the way may take the connections of others; ask your network.',
        grounds: ['RFC 5321 4.2'],
      };
  }
}

function judgeUnreachable(host: string, port: number, why: 'refused' | 'no-route' | 'timed-out'): Judged {
  const said = {
    refused: `The connection to port ${port} of ${host} was refused: nobody listens, or a firewall says no.`,
    'no-route': `There is no way to ${host}.`,
    'timed-out': `Nothing came back from port ${port} of ${host} within ${patience.connect / 1_000} s: a firewall swallows it, or the host is down.`,
  }[why];
  return { verdict: 'bad', says: said, advice: shutOff, grounds: shutOffGrounds };
}

function judgeRefusal(host: string, reply: Reply, knowledge: Knowledge): Judged {
  const { reason, says, advice } = knowledge.explain(reply, { stage: 'greeting', provider: host });
  const passing = classOf(reply) === 4;
  return {
    verdict: passing && reason !== 'blocklisted' ? 'doubtful' : 'bad',
    says: `${host} greets with ${replyCodes(reply)}: ${says}`,
    advice: `${advice} Port 25 itself is open.`,
    grounds: ['RFC 5321 3.1'],
  };
}

/** Hosts of different operators that name themselves alike, and as none of them: somebody on the way answers for all. */
export function isRedirected(calls: readonly BannerCall[]): boolean {
  const heard = calls.flatMap(({ greeting, callee }) =>
    greeting.kind === 'reply'
      ? [
          {
            banner: (replyText(greeting.reply).split(/\s/)[0] ?? '').toLowerCase(),
            operator: operatorName(callee.host),
          },
        ]
      : [],
  );
  const banners = new Set(heard.map(({ banner }) => banner));
  const operators = new Set(heard.map(({ operator }) => operator));
  const [banner = ''] = banners;
  return (
    banners.size === 1 && operators.size > 1 && banner.includes('.') && !operators.has(operatorName(banner))
  );
}
