"""What the kernel says of process trees, and free ports."""
import os
import socket
import time

TICK = os.sysconf("SC_CLK_TCK")


def tree(pid):
    """The process and all below it."""
    pids = [pid]
    for at in pids:
        try:
            for thread in os.listdir(f"/proc/{at}/task"):
                with open(f"/proc/{at}/task/{thread}/children", encoding="ascii") as children:
                    pids.extend(int(child) for child in children.read().split())
        except (FileNotFoundError, ProcessLookupError):
            pass
    return pids


def cpu_seconds(pid):
    """User and system time of the tree, with that of children that ended and were waited for."""
    ticks = 0
    for at in tree(pid):
        try:
            with open(f"/proc/{at}/stat", encoding="latin-1") as stat:
                fields = stat.read().rsplit(") ", 1)[1].split()
            ticks += sum(int(field) for field in fields[11:15])
        except (FileNotFoundError, ProcessLookupError):
            pass
    return ticks / TICK


def pss(pid):
    """Bytes of memory, shared pages divided among those who share them."""
    total = 0
    for at in tree(pid):
        try:
            with open(f"/proc/{at}/smaps_rollup", encoding="ascii") as rollup:
                total += sum(int(line.split()[1]) * 1024 for line in rollup if line.startswith("Pss:"))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            pass
    return total


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for_port(port, seconds=30):
    end = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise SystemExit(f"nobody listens on port {port}") from None
            time.sleep(0.01)
