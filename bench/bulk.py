"""A bulk job of many releases: how long it takes, beside as many that were asked for by their ids, and how long others wait
meanwhile for a mail to be taken and for a single release."""
import os
import smtplib
import statistics
import time

import peers

MESSAGES = int(os.environ.get("BENCH_BULK", "10000"))
OTHERS = 30  # mails and single releases whose time is taken, before and meanwhile


def seconds_of(what):
    begin = time.monotonic()
    what()
    return time.monotonic() - begin


def shown(times):
    return f"{statistics.median(times) * 1000:.0f} ms, {max(times) * 1000:.0f} at most"


def mail_takes(server, number):
    """One mail that is passed on, from the greeting to its 250."""
    def send():
        with smtplib.SMTP("127.0.0.1", server.port, "client.example", timeout=60) as client:
            client.sendmail(f"ann.{number}@wanted.example", ["b@dst.example"], f"Subject: Minutes {number}\r\n\r\nHello.\r\n")
    return seconds_of(send)


def others(server, ids):
    """Two lists of times: mails, and releases of these ids one by one."""
    pairs = [(mail_takes(server, one), seconds_of(lambda one=one: server.release([one]))) for one in ids]
    return [list(times) for times in zip(*pairs)]


def wait_for(server, job, done, seconds=1200):
    end = time.monotonic() + seconds
    while not done(now := server.bulk_job(job)):
        if time.monotonic() > end:
            raise SystemExit(f"the bulk job is not there after {seconds} s: {now}")
        time.sleep(0.05)
    return now


def holding(folder, hop, send, mails):
    """A server that holds so many mails, and their ids, the newest first."""
    server = peers.Postern(folder, hop.port, scope="write")
    server.block("src.example")
    send(server.port, mails, True)
    return server, server.held(mails)


def by_ids(folder, hop, send):
    """Seconds that the same takes by investigate/release."""
    server, ids = holding(folder, hop, send, MESSAGES)
    try:
        begin = time.monotonic()
        server.release(ids)
        server.wait_for_releases()
        return time.monotonic() - begin
    finally:
        server.stop()


def in_bulk(folder, hop, send):
    """Prints the rows of the others, and gives the seconds and CPU of the job."""
    server, ids = holding(folder, hop, send, MESSAGES + OTHERS)
    try:
        mail_before, release_before = others(server, ids[:OTHERS])
        cpu, begin = server.cpu(), time.monotonic()
        job = server.bulk_release()
        wait_for(server, job, lambda now: now["messages_successful"] > 0)
        mail_meanwhile, release_meanwhile = others(server, ids[-OTHERS:])  # the oldest, which the job comes to last
        left = server.bulk_job(job)["messages_pending"] / MESSAGES
        now = wait_for(server, job, lambda now: now["status"] == "COMPLETED")
        seconds, cpu = time.monotonic() - begin, server.cpu() - cpu
    finally:
        server.stop()
    if now["messages_failed"] or not left:
        raise SystemExit(f"bulk: {now['messages_failed']} failed, {left:.0%} left when the others were through")
    print(f"bulk  a mail meanwhile             {shown(mail_meanwhile)}; before {shown(mail_before)}")
    print(f"bulk  a single release meanwhile   {shown(release_meanwhile)}; before {shown(release_before)}", flush=True)
    return seconds, cpu


def bulk(folder, send):
    """send(port, mails, keep): as bench/run's."""
    hop = peers.Sink()
    try:
        singly = by_ids(folder, hop, send)
        seconds, cpu = in_bulk(folder, hop, send)
    finally:
        hop.stop()
    print(f"bulk  {MESSAGES} releases in one job {MESSAGES / seconds:7.1f} releases/s, {cpu * 1000 / MESSAGES:.2f} ms CPU each, the others' included; "
          f"by ids {MESSAGES / singly:7.1f} releases/s; {singly / seconds:.2f} x their rate", flush=True)
