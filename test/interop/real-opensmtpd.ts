import { type RealMta, startMta } from './real-mta.ts';
import type { PostfixOptions } from './real-postfix.ts';

/** Starts Debian's OpenSMTPD. It has no rule for mail to elsewhere, and no program to deliver with. */
export function startOpenSmtpd({ name, domain, mailboxes }: PostfixOptions): Promise<RealMta> {
  return startMta((port) => ({
    name,
    mailboxes,
    folders: { 'var/spool/smtpd': 'root', 'var/run': 'root', tmp: 'root' },
    files: {
      'etc/aliases': 'postmaster: root\n',
      'etc/smtpd.conf': [
        'pki lab cert "/etc/cert.pem"',
        'pki lab key "/etc/key.pem"',
        `listen on 127.0.0.1 port ${port} tls pki lab hostname ${name}`,
        'table aliases file:/etc/aliases',
        'action "local" maildir alias <aliases>',
        `match from any for domain "${domain}" action "local"`,
        '',
      ].join('\n'),
    },
    command: ['/usr/sbin/smtpd', '-dF'],
  }));
}
