import { text } from 'node:stream/consumers';

/** Operators that each have a domain, and connections at the same time to each of them: what every contestant may use. */
export const operators = 10;
export const parallel = 2;
/** Recipients asked about in one connection. */
export const perConnection = 40;

export const domains: readonly string[] = Array.from({ length: operators }, (_, i) => `d${i}.example`);

/** Where the hosts are, by their number. They listen on a port of their own: on port 25 is the road to them. */
export const placeOf = (i: number): string => `198.18.0.${i + 1}`;
export const hostPort = 2525;

/** The list that all are given, from domain to domain; nine of ten addresses exist, as on lists that somebody keeps. */
export function listOf(each: number): readonly string[] {
  return Array.from(
    { length: operators * each },
    (_, i) => `${Math.floor(i / operators) % 10 > 0 ? 'real+' : 'gone'}${i}@${domains[i % operators]}`,
  );
}

/** A list as it comes from standard input. */
export async function readList(): Promise<readonly string[]> {
  return (await text(process.stdin)).trim().split('\n');
}

/** For `mxlab exec --world`. The dialogue is in clear, as smtplib and the validators of npm have it. */
export const world = `world: Ten domains
hosts:
${domains.map((name, i) => `  mx.${name}: { provider: postfix, addresses: [${placeOf(i)}], port: ${hostPort}, mailboxes: { "*": unknown, real: exists } }`).join('\n')}
`;
