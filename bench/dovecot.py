"""Dovecot as a private instance with mailboxes of its own, and a client that moves mail in them as a person's would."""
import imaplib
import os
import shutil
import subprocess
import tempfile
import threading
import time

import machine
import peers

PASSWORD = "everybody's"
MASTER = ("master", "the master's own")
NOBODY = 65534


class Dovecot:
    NEEDS = "needs root and the packages dovecot-imapd and dovecot-lmtpd"

    @staticmethod
    def possible():
        return peers.as_root() and os.path.exists("/usr/lib/dovecot/imap")

    def __init__(self, folder, users):
        self.folder = tempfile.mkdtemp(prefix="dovecot-", dir=folder)
        os.chmod(self.folder, 0o755)
        os.makedirs(f"{self.folder}/mail")
        os.chown(f"{self.folder}/mail", NOBODY, NOBODY)
        self.port, self.users = machine.free_port(), users
        peers.write(f"{self.folder}/masters", f"{MASTER[0]}:{{PLAIN}}{MASTER[1]}\n")
        self._configure()
        self.process = subprocess.Popen(["/usr/sbin/dovecot", "-F", "-c", f"{self.folder}/dovecot.conf"])
        machine.wait_for_port(self.port)

    def _configure(self):
        peers.write(f"{self.folder}/dovecot.conf", f'''base_dir = {self.folder}/run
log_path = {self.folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_master_user_separator = *
first_valid_uid = 1
mail_location = maildir:~
mail_max_userip_connections = 100
namespace inbox {{
  inbox = yes
  mailbox Spam {{
    auto = create
    special_use = \\Junk
  }}
}}
passdb {{
  driver = passwd-file
  args = {self.folder}/masters
  master = yes
  result_success = continue
}}
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={NOBODY} gid={NOBODY} home={self.folder}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    port = {self.port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
''')

    def login(self, user):
        client = imaplib.IMAP4("127.0.0.1", self.port)
        client.login(user, PASSWORD)
        return client

    def fill(self, user, mails):
        client = self.login(user)
        for mail in mails:
            client.append("INBOX", None, None, mail)
        client.logout()

    def move(self, user, ids):
        """Each found by its Message-ID and moved, which is what has to be done where nothing is known of a mail but that."""
        client = self.login(user)
        client.select("INBOX")
        for one in ids:
            uid = client.uid("SEARCH", "HEADER", "Message-ID", f'"{one}"')[1][0].decode()
            assert client.uid("MOVE", uid, "Spam")[0] == "OK" and uid, one
        client.logout()

    def move_all(self, ids_of):
        """Seconds of so many clients at once: { user: Message-IDs }."""
        begin = time.monotonic()
        threads = [threading.Thread(target=self.move, args=one) for one in ids_of.items()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.monotonic() - begin

    def count(self, user, folder):
        client = self.login(user)
        n = int(client.select(folder)[1][0])
        client.logout()
        return n

    def stop(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
