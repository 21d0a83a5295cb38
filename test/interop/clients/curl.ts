import { type Ran, run } from '../peers.ts';
import type { Delivery } from './delivery.ts';

/** curl's exit code, its words, and with `-v` the lines of the dialogue behind `< ` and `> `. */
export function sendWithCurl({
  port,
  sender,
  recipients,
  message,
  timeout,
  tls,
  user,
  password,
}: Delivery): Promise<Ran> {
  const args = [
    ...['--silent', '--show-error', '--verbose', '--max-time', `${timeout}`],
    ...['--url', `smtp://127.0.0.1:${port}/probe.example.net`, '--mail-from', sender],
    ...recipients.flatMap((recipient) => ['--mail-rcpt', recipient]),
    ...(tls ? ['--ssl-reqd', '--insecure'] : []),
    ...(user === undefined ? [] : ['--user', `${user}:${password}`]),
    ...['--upload-file', '-'],
  ];
  return run('curl', args, message);
}

/** The lines that curl heard. */
export function heardByCurl({ errors }: Ran): string[] {
  return errors.split(/\r?\n/).flatMap((line) => (line.startsWith('< ') ? [line.slice(2)] : []));
}
