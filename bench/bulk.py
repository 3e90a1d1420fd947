"""Bulk jobs. Of many releases: how long it takes, beside as many that were asked for by their ids, and how long others wait
meanwhile for a mail to be taken and for a single release. Of as many moves in mailboxes: beside clients that move the same."""
import os
import smtplib
import statistics
import threading
import time

import dovecot
import peers

MESSAGES = int(os.environ.get("BENCH_BULK", "10000"))
USERS = [f"u{n}@dst.example" for n in range(8)]  # whose mail is moved
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


def mails_of(user):
    """{ Message-ID: mail }, each with a text of its own."""
    ids = [f"<{user}.{n}>" for n in range(MESSAGES // len(USERS))]
    return {one: f"From: ann@wanted.example\r\nTo: {user}\r\nSubject: Minutes {n}\r\nMessage-ID: {one}\r\n\r\nHello, these are minutes {n}.\r\n".encode()
            for n, one in enumerate(ids)}


def deliver(server, box, user, mails):
    """Through Postern to a sink, and into the mailbox as a mail server behind it would."""
    with smtplib.SMTP("127.0.0.1", server.port, "client.example", timeout=60) as client:
        for mail in mails.values():
            client.sendmail("ann@wanted.example", [user], mail)
    box.fill(user, mails.values())


def deliver_all(server, box, mails):
    threads = [threading.Thread(target=deliver, args=(server, box, user, mails[user])) for user in USERS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def moves(folder):
    if not dovecot.Dovecot.possible():
        print(f"bulk  moves: not measured, {dovecot.Dovecot.NEEDS}")
        return
    hop, box, beside = peers.Sink(), dovecot.Dovecot(folder, USERS), dovecot.Dovecot(folder, USERS)
    server = peers.Postern(folder, hop.port, scope="admin")
    mails = {user: mails_of(user) for user in USERS}
    try:
        server.integrate(box.port, *dovecot.MASTER)
        deliver_all(server, box, mails)
        for user in USERS:
            beside.fill(user, mails[user].values())
        cpu, begin = server.cpu(), time.monotonic()
        now = wait_for(server, server.bulk_move("JunkEmail"), lambda now: now["status"] == "COMPLETED")
        mine, cpu = time.monotonic() - begin, server.cpu() - cpu
        moved = sum(box.count(user, "Spam") for user in USERS)
        theirs = beside.move_all({user: list(mails[user]) for user in USERS})
    finally:
        for one in (server, box, beside, hop):
            one.stop()
    if moved != now["messages_successful"] or moved < MESSAGES // len(USERS) * len(USERS):
        raise SystemExit(f"bulk: {moved} were moved: {now}")
    print(f"bulk  {moved} moves in one job    {moved / mine:7.1f} moves/s, {cpu * 1000 / moved:.2f} ms CPU each; "
          f"{len(USERS)} IMAP clients {moved / theirs:7.1f} moves/s; {theirs / mine:.2f} x their rate", flush=True)


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
    moves(folder)
