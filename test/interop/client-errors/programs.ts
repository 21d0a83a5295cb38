import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import nodemailer from 'nodemailer';
import { run, temporaryFolder } from '../peers.ts';

/** How a client is set up, and where it sends. */
export interface Wish {
  readonly host: string;
  readonly port: number;
  readonly tls: 'none' | 'starttls' | 'implicit';
  /** It looks at the certificate. */
  readonly verify: boolean;
  /** With `verify`: the file of the authority that it trusts, and the name that it expects instead of the address. */
  readonly trust?: { readonly root: string; readonly name: string };
  readonly login: boolean;
  /** s */
  readonly timeout: number;
  readonly name: string;
  /** It tells the dialogue too, as people switch on when they ask for help. */
  readonly debug: boolean;
}

/** Sends one message and resolves to what the client printed; empty where it had nothing to complain of. */
export type Program = (wish: Wish) => Promise<string>;

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const letter = { from: 'probe@example.net', to: 'alice@example.net', subject: 'interop', text: 'text' };

async function printedByNodemailer({
  host,
  port,
  tls,
  verify,
  trust,
  login,
  timeout,
  name,
  debug,
}: Wish): Promise<string> {
  const lines: string[] = [];
  const tell = (entry: { tnx?: string }, message: string, ...values: unknown[]): void => {
    // Marked as nodemailer's own logger does it.
    const mark = { client: 'C: ', server: 'S: ' }[entry.tnx ?? ''] ?? '';
    lines.push(mark + values.reduce<string>((text, value) => text.replace(/%[sd]/, `${value}`), message));
  };
  const logger = { level() {}, trace: tell, debug: tell, info: tell, warn: tell, error: tell, fatal: tell };
  const transport = nodemailer.createTransport({
    host,
    port,
    name,
    secure: tls === 'implicit',
    ignoreTLS: tls === 'none',
    requireTLS: tls === 'starttls',
    tls: {
      rejectUnauthorized: verify,
      ...(trust ? { ca: await readFile(trust.root), servername: trust.name } : {}),
    },
    connectionTimeout: timeout * 1_000,
    greetingTimeout: timeout * 500,
    socketTimeout: timeout * 1_000,
    ...(login ? { auth: { user: 'ada', pass: 'wrong' } } : {}),
    ...(debug ? { logger, debug } : {}),
  } as Parameters<typeof nodemailer.createTransport>[0]);
  try {
    await transport.sendMail(letter);
    return '';
  } catch (error) {
    return [...lines, inspect(error)].join('\n'); // as console.error(error) prints it
  } finally {
    transport.close();
  }
}

async function printedBySmtplib(wish: Wish): Promise<string> {
  return (await run('python3', [path('send.py'), JSON.stringify(wish)])).errors;
}

async function printedByCurl({
  host,
  port,
  tls,
  verify,
  trust,
  login,
  timeout,
  name,
  debug,
}: Wish): Promise<string> {
  const args = [
    ...['--silent', '--show-error', '--max-time', `${timeout}`],
    ...(debug ? ['--verbose'] : []),
    ...['--url', `${tls === 'implicit' ? 'smtps' : 'smtp'}://${trust?.name ?? host}:${port}/${name}`],
    ...(trust ? ['--cacert', trust.root, '--connect-to', `${trust.name}:${port}:${host}:${port}`] : []),
    ...['--mail-from', letter.from, '--mail-rcpt', letter.to, '--upload-file', '-'],
    ...(tls === 'starttls' ? ['--ssl-reqd'] : []),
    ...(verify ? [] : ['--insecure']),
    ...(login ? ['--user', 'ada:wrong'] : []),
  ];
  return (await run('curl', args, 'Subject: interop\r\n\r\ntext\r\n')).errors;
}

async function printedBySwaks({
  host,
  port,
  tls,
  verify,
  trust,
  login,
  timeout,
  name,
}: Wish): Promise<string> {
  const { output, errors } = await run('swaks', [
    ...['--server', host, '--port', `${port}`, '--helo', name, '--timeout', `${timeout}s`],
    ...['--from', letter.from, '--to', letter.to],
    ...(tls === 'starttls' ? ['--tls'] : tls === 'implicit' ? ['--tls-on-connect'] : []),
    ...(verify ? ['--tls-verify'] : []),
    ...(trust ? ['--tls-ca-path', trust.root] : []),
    ...(login ? ['--auth', 'PLAIN', '--auth-user', 'ada', '--auth-password', 'wrong'] : []),
  ]);
  return `${output}${errors}`;
}

async function printedByPhpmailer(wish: Wish): Promise<string> {
  const { output, errors } = await run('php', [path('send.php')], JSON.stringify(wish));
  return `${output}${errors}`;
}

/** What Go and Java want to be told: everything, in this order. */
function inOrder({ host, port, tls, verify, login, timeout, name, trust }: Wish): string[] {
  const { root = '', name: expected = host } = trust ?? {};
  return [host, `${port}`, tls, `${verify}`, `${login}`, `${timeout}`, name, root, expected];
}

let built: Promise<string> | undefined;

/** Compiled once for each run of the suite: starting the compiler for every message would take the longest. */
async function buildGo(): Promise<string> {
  const folder = await temporaryFolder('go');
  const program = join(folder, 'send');
  const { code, errors } = await run('go', ['build', '-o', program, path('send.go')], '', 120_000);
  if (code !== 0) throw new Error(`go build ended with ${code}: ${errors}`);
  return program;
}

async function printedByGo(wish: Wish): Promise<string> {
  built ??= buildGo();
  return (await run(await built, inOrder(wish))).errors;
}

const jars = ['javax.mail.jar', 'javax.activation.jar'].map((name) => `/usr/share/java/${name}`).join(':');

let compiled: Promise<string> | undefined;

async function compileJava(): Promise<string> {
  const folder = await temporaryFolder('java');
  const { code, errors } = await run('javac', ['-cp', jars, '-d', folder, path('Send.java')], '', 120_000);
  if (code !== 0) throw new Error(`javac ended with ${code}: ${errors}`);
  return folder;
}

/** A store of certificates to trust, beside the file with the one of the lab. */
async function trustInJava(root: string): Promise<string[]> {
  const store = `${root}.jks`;
  const options = ['-storepass', 'changeit', '-keystore', store, '-file', root];
  const { code, output } = await run('keytool', ['-importcert', '-noprompt', '-alias', 'lab', ...options]);
  if (code !== 0) throw new Error(`keytool ended with ${code}: ${output}`);
  return [`-Djavax.net.ssl.trustStore=${store}`, '-Djavax.net.ssl.trustStorePassword=changeit'];
}

async function printedByJavaMail(wish: Wish): Promise<string> {
  compiled ??= compileJava();
  const trust = wish.trust ? await trustInJava(wish.trust.root) : [];
  return (
    await run('java', [
      '-XX:TieredStopAtLevel=1',
      ...trust,
      '-cp',
      `${jars}:${await compiled}`,
      'Send',
      ...inOrder(wish),
    ])
  ).errors;
}

/** Removes what was compiled. */
export async function cleanUp(): Promise<void> {
  const folders = await Promise.all([built?.then(dirname), compiled]);
  for (const folder of folders) if (folder !== undefined) await rm(folder, { recursive: true, force: true });
}

/** Programs that send one message when they are started. Mail servers, which log, stand in `mail-servers.ts`. */
export const programs = {
  nodemailer: printedByNodemailer,
  smtplib: printedBySmtplib,
  curl: printedByCurl,
  swaks: printedBySwaks,
  phpmailer: printedByPhpmailer,
  go: printedByGo,
  javamail: printedByJavaMail,
} as const satisfies Record<string, Program>;
