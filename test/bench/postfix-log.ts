import { seededRandom } from '../../src/chance/seeded-random.ts';

const said: readonly (readonly [
  weight: number,
  dsn: string,
  status: string,
  domain: string,
  host: string,
  words: string,
])[] = [
  [
    50,
    '2.0.0',
    'sent',
    'gmail.com',
    'gmail-smtp-in.l.google.com',
    '250 2.0.0 OK  17000{n} {id}-20020a05600c.{n} - gsmtp',
  ],
  [20, '2.0.0', 'sent', 'example.org', 'mx{d}.example.org', '250 2.0.0 Ok: queued as {id}'],
  [
    8,
    '5.1.1',
    'bounced',
    'gmail.com',
    'gmail-smtp-in.l.google.com',
    "550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1 double-checking the recipient's email address for typos or 550-5.1.1 unnecessary spaces. For more information, go to 550 5.1.1  https://support.google.com/mail/?p=NoSuchUser {id}-si.{n} - gsmtp (in reply to RCPT TO command)",
  ],
  [
    6,
    '5.5.0',
    'bounced',
    'hotmail.com',
    'hotmail-com.olc.protection.outlook.com',
    '550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302). [{id}.eurprd05.prod.outlook.com 2026-11-20T10:00:00.{n}Z {id}] (in reply to RCPT TO command)',
  ],
  [
    5,
    '4.7.0',
    'deferred',
    'yahoo.com',
    'mta{d}.am0.yahoodns.net',
    '421 4.7.0 [TSS04] Messages from 203.0.113.{d} temporarily deferred due to unexpected volume or user complaints - 4.16.55.1; see https://postmaster.yahooinc.com/error-codes (in reply to MAIL FROM command)',
  ],
  [
    4,
    '4.2.0',
    'deferred',
    'example.net',
    'mx{d}.example.net',
    '450 4.2.0 <{user}@example.net>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/example.net.html (in reply to RCPT TO command)',
  ],
  [
    3,
    '5.7.1',
    'bounced',
    'example.com',
    'mail{d}.example.com',
    '554 5.7.1 Service unavailable; Client host [203.0.113.{d}] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/203.0.113.{d} (in reply to RCPT TO command)',
  ],
  [
    2,
    '4.2.2',
    'deferred',
    'example.edu',
    'mx.example.edu',
    '452 4.2.2 <{user}@example.edu>: Mailbox full, over quota {n} (in reply to RCPT TO command)',
  ],
];

/** A line of a Postfix log after the other, the same for the same seed; of ten, seven are deliveries with a reply. */
export function* postfixLog(lines: number, seed: string): Generator<string> {
  const random = seededRandom(seed);
  const total = said.reduce((sum, [weight]) => sum + weight, 0);
  for (let n = 0; n < lines; n++) {
    const time = `Nov 20 ${two((n / 36_000) % 24)}:${two((n / 600) % 60)}:${two((n / 10) % 60)}`;
    const id = `4${random().toString(36).slice(2, 10).toUpperCase()}`;
    const kind = random();
    if (kind < 0.15) yield `${time} mail postfix/qmgr[900]: ${id}: removed`;
    else if (kind < 0.28)
      yield `${time} mail postfix/cleanup[${2000 + (n % 97)}]: ${id}: message-id=<${id}@sender.example>`;
    else if (kind < 0.3)
      yield `${time} mail postfix/smtp[${2000 + (n % 97)}]: ${id}: lost connection with mx${n % 9}.example.net[192.0.2.${n % 250}] while receiving the initial server greeting`;
    else {
      const [, dsn, status, domain, host, words] = pick(random() * total);
      const filled = (text: string): string =>
        text.replace(
          /\{(\w+)\}/g,
          (_all, name: string) =>
            ({ n: `${n % 1_000}`, d: `${n % 9}`, id: id.toLowerCase(), user: `user${n}` })[name] ?? '',
        );
      const at = filled(host);
      const outcome =
        status === 'sent' ? filled(words) : `host ${at}[192.0.2.${n % 250}] said: ${filled(words)}`;
      yield `${time} mail postfix/smtp[${2000 + (n % 97)}]: ${id}: to=<user${n}@${domain}>, relay=${at}[192.0.2.${n % 250}]:25, delay=1.2, delays=0.1/0.01/0.6/0.49, dsn=${dsn}, status=${status} (${outcome})`;
    }
  }
}

function pick(point: number): (typeof said)[number] {
  let left = point;
  for (const entry of said) {
    left -= entry[0];
    if (left < 0) return entry;
  }
  return said[0] as (typeof said)[number];
}

function two(value: number): string {
  return `${Math.floor(value)}`.padStart(2, '0');
}
