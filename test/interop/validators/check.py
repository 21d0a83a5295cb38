"""The kind of check that blog posts show: smtplib, dnspython, and the code of RCPT for an answer."""

import smtplib
import sys

import dns.resolver


def check(address):
    domain = address.split("@")[1]
    try:
        records = dns.resolver.resolve(domain, "MX")
    except Exception:
        return "undeliverable"
    host = str(min(records, key=lambda record: record.preference).exchange).rstrip(".")
    try:
        server = smtplib.SMTP(timeout=10)
        server.connect(host)
        server.helo("verifier.example")
        server.mail("probe@verifier.example")
        code, _ = server.rcpt(address)
        server.quit()
    except Exception:
        return "unknown"
    return "deliverable" if code == 250 else "undeliverable"


print(check(sys.argv[1]))
