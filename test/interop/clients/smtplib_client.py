"""Sends one message with Python's smtplib and tells on standard output, as JSON, how that went.

The wish comes on standard input as JSON: port, sender, recipients, message, timeout (s), and optionally tls, implicit (TLS from the first byte), root (an authority to trust, in
PEM), user, password. Without a root no certificate is checked.
"""

import json
import smtplib
import ssl
import sys


def shown(value):
    """Bytes and numbers of an exception as something that JSON knows."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, dict):
        return {key: shown(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [shown(inner) for inner in value]
    return value if isinstance(value, (int, str)) else str(value)


def context_for(wish):
    if wish.get("root"):
        return ssl.create_default_context(cadata=wish["root"])
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def connected(wish):
    where = ("127.0.0.1", wish["port"], "probe.example.net")
    if wish.get("implicit"):
        return smtplib.SMTP_SSL(*where, timeout=wish["timeout"], context=context_for(wish))
    return smtplib.SMTP(*where, timeout=wish["timeout"])


def send(wish, told):
    session = connected(wish)
    try:
        session.ehlo()
        told["keywords"] = list(session.esmtp_features)
        told["ehlo"] = shown(session.ehlo_resp)
        if wish.get("tls"):
            session.starttls(context=context_for(wish))
            session.ehlo()
            told["keywords inside"] = list(session.esmtp_features)
        if wish.get("user"):
            told["login"] = shown(session.login(wish["user"], wish["password"]))
        told["refused"] = shown(session.sendmail(wish["sender"], wish["recipients"], wish["message"]))
        told["accepted"] = True
        session.quit()
    finally:
        session.close()


def main():
    wish = json.load(sys.stdin)
    told = {}
    try:
        send(wish, told)
    except (OSError, smtplib.SMTPException) as error:
        told["exception"] = type(error).__name__
        told["arguments"] = shown(error.args)
        told["text"] = str(error)
    json.dump(told, sys.stdout)


main()
