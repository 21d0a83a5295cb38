import { type Ran, run } from '../peers.ts';
import type { Delivery } from './delivery.ts';

/** swaks' exit code tells the stage; its output is the dialogue. */
export function sendWithSwaks({
  port,
  sender,
  recipients,
  message,
  timeout,
  user,
  password,
}: Delivery): Promise<Ran> {
  return run('swaks', [
    ...['--server', '127.0.0.1', '--port', `${port}`, '--helo', 'probe.example.net', '--from', sender],
    ...[
      '--to',
      recipients.join(','),
      '--timeout',
      `${timeout}s`,
      '--data',
      message.replaceAll('\r\n', '\\n'),
    ],
    ...(user === undefined
      ? []
      : ['--auth', 'PLAIN', '--auth-user', user, '--auth-password', password ?? '']),
  ]);
}

/** The lines that swaks heard: ` <-  220 ...`, or `<** 550 ...` where it did not like them. */
export function heardBySwaks({ output }: Ran): string[] {
  return output
    .split(/\r?\n/)
    .flatMap((line) => (/^(?:<~|<-|<\*\*|<\*| <-|<~\*) +/.test(line) ? [line.replace(/^ ?<\S* +/, '')] : []));
}
