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


def released(server, ids):
    begin = time.monotonic()
    server.release(ids)
    server.wait_for_releases()
    return time.monotonic() - begin


def bulk(folder, send):
    """send(port, mails, keep): as bench/run's."""
    hop = peers.Sink()
    server = peers.Postern(folder, hop.port, scope="write")
    try:
        server.block("src.example")
        send(server.port, MESSAGES, True)
        by_ids = released(server, server.held(MESSAGES))
        send(server.port, MESSAGES + 2 * OTHERS, True)
        ids = server.held(MESSAGES + 2 * OTHERS)
        mail_before, release_before = others(server, ids[:OTHERS])
        cpu, begin = server.cpu(), time.monotonic()
        job = server.bulk_release()
        wait_for(server, job, lambda now: now["messages_successful"] > 0)
        mail_meanwhile, release_meanwhile = others(server, ids[-OTHERS:])  # the oldest, which the job comes to last
        share = server.bulk_job(job)["messages_pending"] / MESSAGES
        now = wait_for(server, job, lambda now: now["status"] == "COMPLETED")
        seconds = time.monotonic() - begin
        cpu = server.cpu() - cpu
    finally:
        server.stop()
        hop.stop()
    if now["messages_failed"] or not share:
        raise SystemExit(f"bulk: {now['messages_failed']} failed, {share:.0%} left when the others were through")
    print(f"bulk  {MESSAGES} releases in one job {MESSAGES / seconds:7.1f} releases/s, {cpu * 1000 / MESSAGES:.2f} ms CPU each, others included; "
          f"by ids {MESSAGES / by_ids:7.1f} releases/s; {by_ids / seconds:.2f} x their rate")
    print(f"bulk  a mail meanwhile               {shown(mail_meanwhile)}; before {shown(mail_before)}")
    print(f"bulk  a single release meanwhile     {shown(release_meanwhile)}; before {shown(release_before)}", flush=True)
