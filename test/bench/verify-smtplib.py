"""smtplib in as many threads as everybody has connections: python3 verify-smtplib.py PARALLEL reuse|fresh, addresses on standard input."""

import smtplib
import sys
import threading
import time
from collections import defaultdict

parallel, reuse = int(sys.argv[1]), sys.argv[2] == "reuse"
queues = defaultdict(list)
for line in sys.stdin:
    queues[line.strip().split("@")[1]].append(line.strip())
wrong = []


def connect(domain):
    server = smtplib.SMTP("mx." + domain, timeout=30)
    server.ehlo("verifier.example")
    return server


def work(domain, queue):
    server = None
    while True:
        try:
            address = queue.pop()
        except IndexError:
            break
        server = server or connect(domain)
        try:
            server.mail("probe@verifier.example")
            code, _ = server.rcpt(address)
            server.rset() if reuse else server.quit()
        except smtplib.SMTPServerDisconnected:
            code, server = 0, None
        if (code == 250) != address.startswith("real"):
            wrong.append(address)
        if not reuse:
            server = None
    if server:
        server.quit()


began = time.monotonic()
threads = [threading.Thread(target=work, args=item) for item in queues.items() for _ in range(parallel)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(time.monotonic() - began, "seconds,", len(wrong), "wrong")
