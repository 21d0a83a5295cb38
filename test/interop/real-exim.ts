import { type RealMta, startMta } from './real-mta.ts';
import type { PostfixOptions } from './real-postfix.ts';

/** Starts Debian's Exim with the rules of its authors' configure.default. Nothing it takes leaves its queue. */
export function startExim({ name, domain, mailboxes }: PostfixOptions): Promise<RealMta> {
  return startMta((port) => ({
    name,
    mailboxes,
    keyOwner: 'Debian-exim',
    folders: { 'var/spool/exim4': 'Debian-exim' },
    files: { 'etc/exim4/exim4.conf': configuration({ name, domain, mailboxes }, port) },
    command: ['/usr/sbin/exim4', '-bdf'],
  }));
}

/** Of configure.default: the lists, the two access lists, PRDR and TLS. Names of clients are not looked up. */
function configuration({ name, domain, mailboxes }: PostfixOptions, port: number): string {
  return `
primary_hostname = ${name}
domainlist local_domains = ${domain}
hostlist relay_from_hosts =
acl_smtp_rcpt = acl_check_rcpt
acl_smtp_data = acl_check_data
tls_advertise_hosts = *
tls_certificate = /etc/cert.pem
tls_privatekey = /etc/key.pem
never_users = root
keep_environment =
rfc1413_query_timeout = 0s
prdr_enable = true
queue_only
local_interfaces = 127.0.0.1
daemon_smtp_ports = ${port}
spool_directory = /var/spool/exim4
log_file_path = /var/spool/exim4/%slog

begin acl
acl_check_rcpt:
  accept  hosts = :
  deny    domains       = +local_domains
          local_parts   = ^[.] : ^.*[@%!/|]
          message       = Restricted characters in address
  deny    domains       = !+local_domains
          local_parts   = ^[./|] : ^.*[@%!] : ^.*/\\\\.\\\\./
          message       = Restricted characters in address
  accept  local_parts   = postmaster
          domains       = +local_domains
  require verify        = sender
  accept  hosts         = +relay_from_hosts
          control       = submission
  accept  authenticated = *
          control       = submission
  require message       = relay not permitted
          domains       = +local_domains
  require verify        = recipient
  accept
acl_check_data:
  deny    condition     = \${if > {$max_received_linelength}{998}}
          message       = maximum allowed line length is 998 octets, got $max_received_linelength
  accept

begin routers
elsewhere:
  driver = accept
  domains = ! +local_domains
  transport = nowhere
localuser:
  driver = accept
  local_parts = ${['postmaster', ...mailboxes].join(' : ')}
  transport = nowhere

begin transports
nowhere:
  driver = appendfile
  file = /dev/null
  user = Debian-exim
`;
}
