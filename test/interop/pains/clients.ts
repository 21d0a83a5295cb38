import { fileURLToPath } from 'node:url';
import nodemailer from 'nodemailer';
import { z } from 'zod';
import { run } from '../peers.ts';

type Settings = Readonly<Record<string, unknown>> & { readonly port: number };

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** What came of one message: `sent`, or what nodemailer says. */
export type Told = string;

const letter = { from: 'probe@example.net', to: 'alice@example.net', subject: 'pain', text: 'text' };

/** A nodemailer transport with a developer's settings; no certificate of a lab is checked. */
export function transportOf(settings: Settings) {
  return nodemailer.createTransport({
    host: '127.0.0.1',
    name: 'probe.example.net',
    connectionTimeout: 5_000,
    greetingTimeout: 3_000,
    socketTimeout: 5_000,
    tls: { rejectUnauthorized: false },
    ...settings,
  } as Parameters<typeof nodemailer.createTransport>[0]);
}

export async function tellOf(transport: ReturnType<typeof transportOf>): Promise<Told> {
  try {
    await transport.sendMail(letter);
    return 'sent';
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return `${code}: ${message}`;
  }
}

/** Sends one message over a connection of its own. */
export async function nodemailerTells(settings: Settings): Promise<Told> {
  const transport = transportOf(settings);
  try {
    return await tellOf(transport);
  } finally {
    transport.close();
  }
}

const smtplibSchema = z.object({
  accepted: z.boolean(),
  exception: z.string().optional(),
  text: z.string().optional(),
});

export async function smtplibTells(settings: Settings): Promise<z.output<typeof smtplibSchema>> {
  const wish = { name: 'probe.example.net', timeout: 10, ...settings };
  const { output, errors } = await run('python3', [path('smtplib_settings.py')], JSON.stringify(wish));
  if (output === '') throw new Error(errors);
  return smtplibSchema.parse(JSON.parse(output));
}

const phpmailerSchema = z.object({ sent: z.boolean(), text: z.string().optional(), heard: z.string() });

export async function phpmailerTells(settings: Settings): Promise<z.output<typeof phpmailerSchema>> {
  const wish = { secure: '', type: '', user: 'ada', password: 'secret word', ...settings };
  const { output, errors } = await run('php', [path('phpmailer.php')], JSON.stringify(wish));
  if (!output.startsWith('{')) throw new Error(`${output}${errors}`);
  return phpmailerSchema.parse(JSON.parse(output));
}

/** curl's exit code and its own words. */
export async function curlTells({ port, name }: Settings): Promise<{ code: number | null; text: string }> {
  const { code, errors } = await run(
    'curl',
    [
      ...['--silent', '--show-error', '--max-time', '10', '--url', `smtp://127.0.0.1:${port}/${name}`],
      ...['--mail-from', 'probe@example.net', '--mail-rcpt', 'alice@example.net', '--upload-file', '-'],
    ],
    'Subject: pain\r\n\r\ntext\r\n',
  );
  return { code, text: errors.trim() };
}
