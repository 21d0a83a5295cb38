"""A loop of smtplib in as many threads as everybody has connections: python3 verify-smtplib.py PARALLEL PER-CONNECTION, addresses on standard input."""

import smtplib
import sys
import threading
import time
from collections import defaultdict

parallel, per_connection = int(sys.argv[1]), int(sys.argv[2])
queues = defaultdict(list)
for line in sys.stdin:
    queues[line.strip().split("@")[1]].append(line.strip())
wrong = []


def connect(domain):
    server = smtplib.SMTP("mx." + domain, timeout=30)
    server.ehlo("verifier.example")
    return server


def work(domain, queue):
    server, asked = None, 0
    while True:
        try:
            address = queue.pop()
        except IndexError:
            break
        if server is None:
            server, asked = connect(domain), 0
        elif asked > 0:
            server.rset()
        server.mail("probe@verifier.example")
        code, _ = server.rcpt(address)
        asked += 1
        if (code == 250) != address.startswith("real"):
            wrong.append(address)
        if asked == per_connection:
            server.quit()
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
