"""Sends one message with smtplib, as a program that catches nothing: what goes wrong is a traceback on standard error.

The wish comes as JSON in the first argument: port, tls (none, starttls, implicit), verify, login, timeout (s), host, name, trust.
"""

import json
import smtplib
import ssl
import sys

wish = json.loads(sys.argv[1])
context = ssl.create_default_context()
if not wish["verify"]:
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
trust = wish.get("trust")
if trust:
    context.load_verify_locations(trust["root"])
if wish["tls"] == "implicit":
    server = smtplib.SMTP_SSL(wish["host"], wish["port"], wish["name"], timeout=wish["timeout"], context=context)
else:
    server = smtplib.SMTP(wish["host"], wish["port"], wish["name"], timeout=wish["timeout"])
if trust:
    server._host = trust["name"]  # the name that starttls() checks
if wish["tls"] == "starttls":
    server.starttls(context=context)
if wish["login"]:
    server.login("ada", "wrong")
server.sendmail("probe@example.net", ["alice@example.net"], "Subject: interop\r\n\r\ntext\r\n")
server.quit()
