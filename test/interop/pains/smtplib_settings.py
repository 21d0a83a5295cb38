"""Sends one message with smtplib as the settings on standard input say, and tells as JSON how that went.

Settings: port, name (of this machine), ssl (from the first byte), timeout (s), quit.
"""

import json
import smtplib
import ssl
import sys

wish = json.load(sys.stdin)
told = {"accepted": False}
try:
    if wish.get("ssl"):
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        session = smtplib.SMTP_SSL(
            "127.0.0.1", wish["port"], wish["name"], timeout=wish["timeout"], context=context
        )
    else:
        session = smtplib.SMTP("127.0.0.1", wish["port"], wish["name"], timeout=wish["timeout"])
    session.sendmail("probe@example.net", ["alice@example.net"], "Subject: pain\r\n\r\ntext\r\n")
    told["accepted"] = True
    if wish.get("quit", True):
        session.quit()
    else:
        session.close()
except (OSError, smtplib.SMTPException) as error:
    told["exception"] = type(error).__name__
    told["text"] = str(error)
json.dump(told, sys.stdout)
