"""
What a mail costs: the gateway (SMTP, sealed worker, durable record, next hop), and of that what its sealed workers take, beside
rspamd alone, which is only asked what it thinks (HTTP, without Bayes), and beside Postfix with rspamd, which does what the
gateway does. CPU of all their processes; DNS knows no name. All stay up, and take the same mails in turns.
"""
import itertools
import os
import smtplib
import statistics
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from engines import ROOT

sys.path.insert(0, str(ROOT / "bench"))
import peers  # noqa: E402
import rivals  # noqa: E402

ROUNDS = 5
NO_BAYES = {"statistic.conf": ""}
SESSIONS = 4
WARM = 200
WORKERS = "its workers"


class _BySmtp:
    """Every mail has an envelope of its own, for equal mail would count as a resend."""

    numbers = itertools.count()

    def __init__(self, folder, kind):
        self.sink = peers.Sink()
        self.server = kind(folder, self.sink.port)
        self.sent = 0

    def _session(self, mails):
        """How many were taken; rspamd has Postfix refuse some."""
        taken = 0
        with smtplib.SMTP("127.0.0.1", self.server.port, "src.example", timeout=60) as client:
            for mail in mails:
                try:
                    client.sendmail(f"marlene.haas.{next(self.numbers)}@src.example", ["b@dst.example"], mail, ["BODY=8BITMIME"])
                    taken += 1
                except smtplib.SMTPDataError as answer:
                    if answer.smtp_code != 554:
                        raise
        return taken

    def take(self, mails):
        """Seconds of CPU until all are at the next hop."""
        before = self.server.cpu()
        with ThreadPoolExecutor(SESSIONS) as pool:
            self.sent += sum(pool.map(self._session, [mails[i::SESSIONS] for i in range(SESSIONS)]))
        self.sink.wait_for(self.sent)
        return self.server.cpu() - before

    def stop(self):
        self.server.stop()
        self.sink.stop()


class _Asked:
    def __init__(self, folder):
        self.server = peers.Rspamd(os.path.join(folder, "asked"), files=NO_BAYES)

    def take(self, mails):
        before = self.server.cpu()
        with ThreadPoolExecutor(SESSIONS) as pool:
            list(pool.map(lambda mail: rivals.ask(f"http://127.0.0.1:{self.server.port}/checkv2", mail), mails))
        return self.server.cpu() - before

    def stop(self):
        self.server.stop()


def compare(mails):
    """Lines. mails: bytes."""
    if not peers.PostfixRspamd.possible():
        yield f"not measured, {peers.PostfixRspamd.NEEDS}"
        return
    kinds = {"postern": lambda folder: _BySmtp(folder, peers.Postern), "rspamd alone": _Asked,
             "postfix + rspamd": lambda folder: _BySmtp(folder, peers.PostfixRspamd)}
    with tempfile.TemporaryDirectory(prefix="postern-eval-") as folder:
        os.chmod(folder, 0o755)  # the servers run as other users
        takers, ms = {}, {name: [] for name in (*kinds, WORKERS)}
        try:
            for name, kind in kinds.items():
                takers[name] = kind(folder)
                takers[name].take(mails[:WARM])
            for _ in range(ROUNDS):
                before = takers["postern"].server.cpu_of_workers()
                for name, taker in takers.items():
                    ms[name].append(taker.take(mails) * 1000 / len(mails))
                ms[WORKERS].append((takers["postern"].server.cpu_of_workers() - before) * 1000 / len(mails))
                yield ", ".join(f"{name} {ms[name][-1]:.2f} ms" for name in ms) + " CPU a mail"
        finally:
            for taker in takers.values():
                taker.stop()
    for mine, theirs in (("postern", "rspamd alone"), ("postern", "postfix + rspamd"), (WORKERS, "rspamd alone")):
        ratio = statistics.median(a / b for a, b in zip(ms[mine], ms[theirs]))
        yield f"median of {ROUNDS} pairs over {len(mails)} mails: {mine} {ratio:.2f} x the CPU of {theirs}"
