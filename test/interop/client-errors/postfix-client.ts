import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import nodemailer from 'nodemailer';
import { temporaryFolder } from '../peers.ts';
import { startPostfix } from '../real-postfix.ts';
import type { Case } from './cases.ts';
import { type Reproduction, reproduce } from './reproduction.ts';

/** How long a stage may last; it is to be waited for. */
const patience = '2s';

/** What is waited for in all, in ms: an EHLO that is not answered is followed by HELO. */
const longest = 40_000;

interface Sent {
  readonly it: Case;
  readonly host: Reproduction;
  /** The domain of the recipient, which leads to the host. */
  readonly domain: string;
}

/** Has Postfix send one message to the host of each case, and tells what it logged of each. */
export async function loggedByPostfix(cases: readonly Case[]): Promise<ReadonlyMap<Case, string>> {
  const folder = await temporaryFolder('postfix-client');
  const all: Sent[] = [];
  for (const [i, it] of cases.entries()) {
    all.push({ it, host: await reproduce(it), domain: `case-${i}.example` });
  }
  const root = join(folder, 'root.pem');
  await writeFile(root, all[0]?.host.root ?? '');
  const postfix = await startPostfix({
    name: 'probe.example.net',
    domain: 'probe.example.net',
    mailboxes: ['probe'],
    settings: settingsFor(all, root),
    services: [
      'smtp unix - - n - - smtp',
      'wrapper unix - - n - - smtp -o smtp_tls_wrappermode=yes -o smtp_tls_security_level=encrypt',
    ],
  });
  try {
    await handIn(postfix.port, all).catch(async (error: Error) => {
      throw new Error(`${error.message}\n${await postfix.log()}`);
    });
    return await linesOf(() => postfix.log(), all);
  } finally {
    await postfix.stop();
    await Promise.all(all.map(({ host }) => host[Symbol.asyncDispose]()));
    await rm(folder, { recursive: true });
  }
}

function settingsFor(all: readonly Sent[], root: string): Record<string, string> {
  const stages = [
    'connect',
    'helo',
    'mail',
    'rcpt',
    'data_init',
    'data_xfer',
    'data_done',
    'starttls',
    'quit',
  ];
  const policies = all.flatMap(({ it, host }) =>
    it.wish?.tls !== 'starttls'
      ? []
      : [`{ [127.0.0.1]:${host.port} = ${it.checked ? `secure match=${host.name}` : 'encrypt'} }`],
  );
  return {
    transport_maps: `inline:{ ${all.map((sent) => `{ ${sent.domain} = ${wayTo(sent)} }`).join(', ')} }`,
    smtp_tls_policy_maps: `inline:{ ${policies.join(', ')} }`,
    smtp_tls_CAfile: root,
    smtp_tls_security_level: 'none',
    smtp_destination_concurrency_limit: '20',
    mynetworks: '127.0.0.0/8',
    ...Object.fromEntries(stages.map((stage) => [`smtp_${stage}_timeout`, patience])),
  };
}

function wayTo({ it, host }: Sent): string {
  const transport = it.wish?.tls === 'implicit' ? 'wrapper' : 'smtp';
  return `${transport}:[${it.wish?.host ?? '127.0.0.1'}]:${host.port}`;
}

async function handIn(port: number, all: readonly Sent[]): Promise<void> {
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port, ignoreTLS: true, pool: true });
  const letters = all.map(({ domain }) =>
    transport.sendMail({
      from: 'probe@probe.example.net',
      to: `alice@${domain}`,
      subject: 'x',
      text: 'text',
    }),
  );
  await Promise.all(letters);
  transport.close();
}

async function linesOf(log: () => Promise<string>, all: readonly Sent[]): Promise<Map<Case, string>> {
  const deadline = Date.now() + longest;
  for (;;) {
    const lines = (await log()).split('\n');
    const told = new Map(
      all.flatMap(({ it, host, domain }): [Case, string][] => {
        const end = lines.find((text) => text.includes(`to=<alice@${domain}>`));
        const before = lines.filter((text) => text.includes(`]:${host.port}: `) && text !== end);
        return end === undefined ? [] : [[it, [...before, end].join('\n')]];
      }),
    );
    if (told.size === all.length) return told;
    if (Date.now() > deadline) throw new Error(`Postfix has not told of all:\n${lines.join('\n')}`);
    await sleep(200);
  }
}
