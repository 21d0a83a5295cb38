import nodemailer from 'nodemailer';
import type { Delivery } from './delivery.ts';

/** How it went: sent, or the error with what nodemailer puts into it. */
export interface NodemailerStory {
  readonly sent: boolean;
  readonly code?: string;
  readonly command?: string;
  readonly message?: string;
  readonly response?: string;
  readonly responseCode?: number;
}

function trustOf(trust: Delivery['trust']): object {
  return trust ? { ca: trust.root, servername: trust.name } : { rejectUnauthorized: false };
}

export async function sendWithNodemailer({
  port,
  sender,
  recipients,
  message,
  timeout,
  tls,
  implicit,
  trust,
  user,
  password,
}: Delivery): Promise<NodemailerStory> {
  const transport = nodemailer.createTransport({
    host: '127.0.0.1',
    port,
    name: 'probe.example.net',
    ...(implicit
      ? { secure: true, tls: trustOf(trust) }
      : tls
        ? { requireTLS: true, tls: trustOf(trust) }
        : { ignoreTLS: true }),
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    connectionTimeout: timeout * 1_000,
    greetingTimeout: timeout * 500, // two equal ones would race
    socketTimeout: timeout * 1_000,
  });
  try {
    const { response } = await transport.sendMail({
      envelope: { from: sender, to: [...recipients] },
      raw: message,
    });
    return { sent: true, response };
  } catch (error) {
    const {
      code,
      command,
      message: text,
      response,
      responseCode,
    } = error as Error & Partial<Omit<NodemailerStory, 'message'>>;
    return {
      sent: false,
      message: text,
      ...(code === undefined ? {} : { code }),
      ...(command === undefined ? {} : { command }),
      ...(response === undefined ? {} : { response }),
      ...(responseCode === undefined ? {} : { responseCode }),
    };
  } finally {
    transport.close();
  }
}
