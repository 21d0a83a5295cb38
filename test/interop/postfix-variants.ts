/**
 * The settings that make a real Postfix what a situation of the `postfix` profile says. Scenarios with such a situation
 * are sent to a port of their own.
 */
export const variants: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'access-denied': { smtpd_client_restrictions: 'reject' },
  'access-denied-at-connect': { smtpd_client_restrictions: 'reject', smtpd_delay_reject: 'no' },
  'bare-newline-forbidden': { smtpd_forbid_bare_newline: 'reject' },
  'bare-newline-normalized': { smtpd_forbid_bare_newline: 'normalize' },
  'helo-required-fqdn': { smtpd_helo_restrictions: 'reject_non_fqdn_helo_hostname' },
  misconfigured: { smtpd_recipient_restrictions: 'check_policy_service unix:private/not-there' },
  'relay-denied': { smtpd_relay_restrictions: 'reject_unauth_destination' },
  'sender-denied': { smtpd_sender_restrictions: 'reject' },
  'tls-not-available': {
    smtpd_tls_cert_file: '/not-there/cert.pem',
    smtpd_tls_key_file: '/not-there/key.pem',
  },
  'tls-required': { smtpd_tls_security_level: 'encrypt' },
  'vrfy-disabled': { disable_vrfy_command: 'yes' },
};
