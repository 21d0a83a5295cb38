import type { Random } from '../chance/seeded-random.ts';
import type { Clock } from '../time/clock.ts';
import { type Accent, createAccent } from './accent.ts';
import type { Behaviour, SessionLimit, TlsTrouble } from './behaviour.ts';
import { createBehaviour } from './behaviours/catalogue.ts';
import { BehaviourChain } from './chain.ts';
import { situationOf } from './common-situations.ts';
import { isMagic, magicRecipients } from './magic-recipients.ts';
import type { HostMemory } from './memory.ts';
import type { HostMember, ProviderProfile } from './profile.ts';
import type { ProtocolManners } from './protocol.ts';
import { compileTemplate, type Template } from './template.ts';

/** How a host behaves at the moment: its profile with situations and overrides applied. */
export interface HostSetup {
  readonly accent: Accent;
  readonly chain: BehaviourChain;
  readonly manners: (tls: boolean) => ProtocolManners;
  readonly mailboxState: (address: string) => string;
  /** What the profile's own placeholders stand for. */
  readonly values: ReadonlyMap<string, Template>;
  readonly accounts: ReadonlyMap<string, string>;
  readonly limits: readonly SessionLimit[];
  /** What is wrong with its TLS; the first that says so counts, as with what follows. */
  readonly tls: TlsTrouble;
  readonly cut: Behaviour['cut'];
  readonly bareLineFeed: Behaviour['bareLineFeed'];
}

/** What stays the same for a host as long as it runs. */
export interface HostSurroundings {
  /** The name it has in the scenario, such as `mx.outlook.example`. */
  readonly name: string;
  readonly provider: string;
  readonly clock: Clock;
  readonly memory: HostMemory;
  readonly random: Random;
}

const usualVerbs = new Set(['EXPN', 'HELP', 'VRFY', 'NOOP', 'RSET']);

/** Applies situations and overrides to a profile: they come first, in the order in which they are named. */
export function setUpHost(
  profile: ProviderProfile,
  situations: readonly string[],
  overrides: HostMember,
  first: readonly Behaviour[] = [],
): HostSetup {
  const active = situations.map((name) => {
    const situation = situationOf(profile, name);
    if (!situation) throw new TypeError(`${profile.provider} has no situation called ${name}`);
    return situation;
  });
  const entries = [
    ...(overrides.behaviours ?? []),
    ...active.flatMap((s) => s.behaviours),
    ...profile.behaviours,
  ];
  const accent = createAccent(
    Object.assign({}, profile.accent, ...active.map((s) => s.accent ?? {}), overrides.accent ?? {}),
  );
  const mailboxes = Object.assign(
    {},
    profile.mailboxes,
    ...active.map((s) => s.mailboxes ?? {}),
    overrides.mailboxes ?? {},
  );
  const listed = new Set(Object.keys(mailboxes).map((local) => local.toLowerCase()));
  const behaviours = [
    ...first,
    ...entries.map(createBehaviour),
    magicRecipients(profile.magic, (local) => listed.has(local)),
  ];
  return {
    accent,
    chain: new BehaviourChain(behaviours),
    manners: mannersOf(profile, accent),
    mailboxState: mailboxStates(mailboxes),
    values: new Map(
      Object.entries({ ...profile.values, ...overrides.values }).map(([name, text]) => [
        name,
        compileTemplate(text),
      ]),
    ),
    accounts: behaviours.find((behaviour: Behaviour) => behaviour.accounts)?.accounts ?? new Map(),
    limits: behaviours.flatMap((behaviour) => behaviour.limits ?? []),
    tls: behaviours.find((behaviour: Behaviour) => behaviour.tls)?.tls ?? {},
    cut: behaviours.find((behaviour: Behaviour) => behaviour.cut)?.cut,
    bareLineFeed: behaviours.find((behaviour: Behaviour) => behaviour.bareLineFeed)?.bareLineFeed,
  };
}

function mannersOf(profile: ProviderProfile, accent: Accent): (tls: boolean) => ProtocolManners {
  const known = new Set([...usualVerbs, ...(profile.verbs ?? [])]);
  const manners = (tls: boolean): ProtocolManners => ({
    offers: (keyword) => accent.offers(keyword, tls),
    offersUnderTls: (keyword) => accent.offers(keyword, true),
    knows: (verb) => known.has(verb),
    size: accent.size,
    strictSpacing: profile['strict-spacing'],
    lenientAddresses: profile['lenient-addresses'],
    helloOptional: profile['hello-optional'],
    helloOnce: profile['hello-once'],
    looseBlanks: profile['loose-blanks'],
    singleBlanks: profile['single-blanks'],
    strictArguments: profile['strict-arguments'],
  });
  const [clear, secure] = [manners(false), manners(true)];
  return (tls) => (tls ? secure : clear);
}

function mailboxStates(mailboxes: Readonly<Record<string, string>>): (address: string) => string {
  const states = new Map(Object.entries(mailboxes).map(([local, state]) => [local.toLowerCase(), state]));
  const others = states.get('*') ?? 'exists';
  return (address) => {
    const at = address.lastIndexOf('@');
    const local = (at < 0 ? address : address.slice(0, at)).replace(/^"(.*)"$/, '$1').toLowerCase(); // RFC 5321 4.1.2 (rule SYN-17)
    if (local === 'postmaster') return 'exists'; // RFC 5321 4.5.1
    return (
      states.get(local) ?? (isMagic(local) ? 'exists' : (states.get(local.replace(/\+.*/, '')) ?? others))
    );
  };
}
