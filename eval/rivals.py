"""
rspamd and SpamAssassin: as installed, without the network, asked about the bytes that `postern scan` reads; and the same
taught by half of the mail. Each is a private instance on a free port, stopped by its process.

Their own words count: rspamd's actions reject, add header and rewrite subject, and 5 points of SpamAssassin, are SPAM.
"""
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from engines import ROOT, Verdict
from sources import cache

sys.path.insert(0, str(ROOT / "bench"))
import machine  # noqa: E402
import peers  # noqa: E402

WIDTH = os.cpu_count() or 1
SPAM_ACTIONS = {"reject", "add header", "rewrite subject"}

# Without DNS nothing can be proved: a signature whose key is missing must not count against a mail.
RSPAMD_OFF = [name for name in peers.Rspamd.OFF if name not in ("once_received", "phishing")]
# In files, so that no second server is needed. What was learnt is remembered below our folder, too: its own place for that is
# the system's, where the next lesson would find all of it known already.
RSPAMD_BAYES = """classifier "bayes" {
  tokenizer { name = "osb"; }
  cache { path = "${DBDIR}/learn_cache.sqlite"; }
  backend = "sqlite3";
  min_learns = 200;
  languages_enabled = true;
  statfile { symbol = "BAYES_HAM"; path = "${DBDIR}/bayes.ham.sqlite"; spam = false; }
  statfile { symbol = "BAYES_SPAM"; path = "${DBDIR}/bayes.spam.sqlite"; spam = true; }
}
"""
# It compares Date with today, and all of this mail is old; `postern scan` and SpamAssassin go by the day it was received.
RSPAMD_DATES = 'symbols = { "DATE_IN_PAST" { weight = 0.0; } }\n'


def ask(url, body):
    with urllib.request.urlopen(urllib.request.Request(url, data=body, headers={"Content-Type": "message/rfc822"}), timeout=120) as answer:
        return json.load(answer)


class Rspamd:
    NAME, NEEDS = "rspamd", peers.Rspamd.NEEDS

    @staticmethod
    def possible():
        return peers.Rspamd.possible()

    @staticmethod
    def identity():
        """What its verdicts depend on, but for the lesson."""
        version = subprocess.run(["rspamd", "--version"], check=True, stdout=subprocess.PIPE, text=True).stdout.split("\n")[0]
        return version, RSPAMD_OFF, RSPAMD_BAYES, RSPAMD_DATES

    def __init__(self, folder, taught):
        self.server = peers.Rspamd(folder, off=RSPAMD_OFF, files={
            "statistic.conf": RSPAMD_BAYES if taught else "", "local.d/headers_group.conf": RSPAMD_DATES})
        self.cpu, self.stop = self.server.cpu, self.server.stop
        if taught:
            self._learn(taught)

    def _learn(self, taught):
        """One at a time: its files take no two writers."""
        refused = Counter()
        for mail, spam in taught:
            url = f"http://127.0.0.1:{self.server.controller}/{'learnspam' if spam else 'learnham'}"
            try:
                ask(url, mail)
            except urllib.error.HTTPError as answer:
                refused[f"{answer.code} {re.sub('[0-9a-f]{8,}|<[^>]*>', '…', answer.read().decode('utf-8', 'replace'))[:120]}"] += 1
        print(f"rspamd learnt {len(taught) - sum(refused.values())} of {len(taught)} mails", *(f"; {n} refused: {why}" for why, n in refused.items()),
              file=sys.stderr)

    def judge(self, raw):
        answer = ask(f"http://127.0.0.1:{self.server.port}/checkv2", raw)
        symbols = {name: symbol.get("score", 0) for name, symbol in answer.get("symbols", {}).items()}
        return Verdict("SPAM" if answer["action"] in SPAM_ACTIONS else "NONE", sorted(name for name, score in symbols.items() if score > 0))


class SpamAssassin:
    NAME, NEEDS = "SpamAssassin", "needs root and the packages spamassassin and spamd"
    USER, RULES = "debian-spamd", "/usr/share/spamassassin"
    SETTINGS = "bayes_auto_learn 0\nbayes_auto_expire 0\nbayes_expiry_max_db_size 100000000\nuse_razor2 0\nuse_pyzor 0\n"

    @staticmethod
    def possible():
        return peers.as_root() and shutil.which("spamd") is not None and os.path.isdir(SpamAssassin.RULES)

    @staticmethod
    def identity():
        version = subprocess.run(["spamassassin", "--version"], check=True, stdout=subprocess.PIPE, text=True).stdout.split("\n")[0]
        return version, SpamAssassin.SETTINGS

    def __init__(self, folder, taught):
        self.folder = Path(folder) / "spamassassin"
        self.port = machine.free_port()
        shutil.copytree("/etc/spamassassin", self.folder / "site")
        (self.folder / "bayes").mkdir()
        (self.folder / "site/local.cf").write_text(
            f"use_bayes {int(bool(taught))}\nbayes_path {self.folder}/bayes/bayes\n{self.SETTINGS}")
        self.common = [f"--siteconfigpath={self.folder}/site", f"--configpath={self.RULES}"]
        if taught:
            self._learn(taught)
        self._own()
        self.process = subprocess.Popen(
            ["spamd", "-L", "-x", "-i", "127.0.0.1", "-A", "127.0.0.1", "-p", str(self.port), "-m", str(WIDTH), "--min-children", str(WIDTH),
             "-u", self.USER, "-H", str(self.folder), "-s", str(self.folder / "log"), *self.common], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        machine.wait_for_port(self.port, 60)

    def _own(self):
        for path, _, names in os.walk(self.folder):
            for name in ["", *names]:
                shutil.chown(os.path.join(path, name), self.USER)

    def _learn(self, taught):
        for spam in (False, True):
            with tempfile.TemporaryDirectory(dir=self.folder) as folder:
                for i, (mail, is_spam) in enumerate(taught):
                    if is_spam == spam:
                        (Path(folder) / str(i)).write_bytes(mail)
                subprocess.run(["sa-learn", "-L", "--no-sync", "--spam" if spam else "--ham", "--dir", folder, *self.common], check=True,
                               stdout=sys.stderr)
        subprocess.run(["sa-learn", "--sync", *self.common], check=True, stdout=sys.stderr)

    def judge(self, raw):
        """The protocol of spamc."""
        with socket.create_connection(("127.0.0.1", self.port), 120) as s:
            s.sendall(b"SYMBOLS SPAMC/1.5\r\nContent-length: %d\r\n\r\n" % len(raw) + raw)
            s.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: s.recv(65536), b"")).decode("latin-1")
        head, _, symbols = answer.partition("\r\n\r\n")
        if "Spam: " not in head:
            raise SystemExit(f"spamd says {head!r}")
        return Verdict("SPAM" if "Spam: True" in head else "NONE", sorted(filter(None, symbols.strip().split(","))))

    def cpu(self):
        return machine.cpu_seconds(self.process.pid)

    def stop(self):
        self.process.terminate()
        self.process.wait()


ALL = (Rspamd, SpamAssassin)


def _kept_file(kind, taught):
    """Where the verdicts of this program and this lesson are kept."""
    lesson = sorted((hashlib.sha256(raw).hexdigest(), spam) for raw, spam in taught)
    what = hashlib.sha256(repr((kind.identity(), lesson)).encode()).hexdigest()[:16]
    folder = cache() / "rivals"
    folder.mkdir(exist_ok=True)
    return folder / f"{kind.NAME}-{'taught' if taught else 'untaught'}-{what}.json"


def verdicts(kind, mails, taught=()):
    """
    Verdicts of mails (bytes by name), and CPU seconds for each mail. taught: (bytes, is spam). What a version said once it
    would say again: only what is new is asked.
    """
    path = _kept_file(kind, taught)
    known = json.loads(path.read_text()) if path.exists() else {"cpu": 0.0, "mails": {}}
    keys = {name: hashlib.sha256(raw).hexdigest() for name, raw in mails.items()}
    new = {keys[name]: raw for name, raw in mails.items() if keys[name] not in known["mails"]}
    if new:
        with tempfile.TemporaryDirectory(prefix="postern-eval-") as folder:
            os.chmod(folder, 0o755)  # the servers run as other users
            server = kind(folder, taught)
            try:
                begin, before = time.monotonic(), server.cpu()
                with ThreadPoolExecutor(WIDTH) as pool:
                    said = dict(zip(new, pool.map(server.judge, new.values())))
                known["cpu"] += server.cpu() - before
                print(f"{kind.NAME} judged {len(new)} mails in {time.monotonic() - begin:.0f} s", file=sys.stderr)
            finally:
                server.stop()
        known["mails"] |= {key: [verdict.disposition, verdict.reasons] for key, verdict in said.items()}
        part = path.with_suffix(f".{os.getpid()}")
        part.write_text(json.dumps(known))
        part.rename(path)
    return {name: Verdict(*known["mails"][key]) for name, key in keys.items()}, known["cpu"] / len(known["mails"])
