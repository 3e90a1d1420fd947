"""A retro scan of mail that lies in the mailboxes of a local Dovecot: how long it takes, and whose CPU."""
import os
import re
import shutil
import subprocess
import time

import machine
import peers

MAILS = int(os.environ.get("BENCH_RETRO", "4000"))
MAILBOXES = 4
DOVECOT = "/usr/sbin/dovecot"
NOBODY = 65534


def possible():
    return peers.as_root() and os.path.exists(DOVECOT)


class Dovecot:
    """Mailboxes p0@dst.example and so on, with so many mails each in the inbox, all different."""

    def __init__(self, folder, mail, each):
        self.folder = os.path.join(folder, "dovecot")
        self.port = machine.free_port()
        with open(mail, encoding="latin1", newline="") as f:
            text = f.read()
        for box in range(MAILBOXES):
            self._fill(f"{self.folder}/mail/p{box}@dst.example", text, box, each)
        peers.write(f"{self.folder}/masters", "master:{PLAIN}secret:\n")
        peers.write(f"{self.folder}/dovecot.conf", f"""
base_dir = {self.folder}/run
log_path = {self.folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_master_user_separator = *
first_valid_uid = 1
mail_location = maildir:~
passdb {{
  driver = passwd-file
  args = {self.folder}/masters
  master = yes
}}
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={NOBODY} gid={NOBODY} home={self.folder}/mail/%u allow_all_users=yes
}}
service imap-login {{
  inet_listener imap {{
    port = {self.port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
""")
        os.chmod(self.folder, 0o755)
        self.process = subprocess.Popen([DOVECOT, "-F", "-c", f"{self.folder}/dovecot.conf"])
        machine.wait_for_port(self.port)

    @staticmethod
    def _fill(box, text, number, each):
        for name in ("cur", "new", "tmp"):
            os.makedirs(f"{box}/{name}")
        for i in range(each):
            one = re.sub(r"(?im)^message-id:.*$", f"Message-ID: <{number}.{i}@src.example>\r", text, count=1)
            with open(f"{box}/cur/{1700000000 + i}.M{i}P1.host:2,S", "w", encoding="latin1", newline="") as f:
                f.write(f"X-Number: {number} {i}\r\n{one}")
        subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", box], check=True)

    def cpu(self):
        return machine.cpu_seconds(self.process.pid)

    def stop(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def scan(folder, mail):
    if not possible():
        print("retro  not measured, needs root and the package dovecot-imapd")
        return
    dovecot = Dovecot(folder, mail, MAILS // MAILBOXES)
    sink = peers.Sink()
    server = peers.Postern(folder, sink.port, scope="admin")
    try:
        server.integrate(dovecot.port, "master", "secret", [f"p{box}@dst.example" for box in range(MAILBOXES)])
        cpu, theirs, begin = server.cpu(), dovecot.cpu(), time.monotonic()
        done = server.scan_back("dst.example", 3650)
        seconds, cpu, theirs = time.monotonic() - begin, server.cpu() - cpu, dovecot.cpu() - theirs
    finally:
        server.stop()
        sink.stop()
        dovecot.stop()
    n = done["messages_scanned"]
    if n != MAILS // MAILBOXES * MAILBOXES:
        raise SystemExit(f"retro: {n} mails were scanned of {MAILS}: {done}")
    print(f"retro  {n} mails in {MAILBOXES} mailboxes: {n / cpu:7.0f} mails/s per core, {cpu * 1000 / n:.2f} ms CPU per mail "
          f"(Dovecot {theirs * 1000 / n:.2f}); {n / seconds:.0f} mails/s in all", flush=True)
