"""The arithmetic: intervals, percentiles, and which mail is looked at, held back, or learnt from."""
import hashlib
import math
import re
from email.parser import BytesHeaderParser

LOOKED_AT = 70  # of 100 campaigns; the others are held back
Z = 1.959963984540054  # of the normal distribution, 95 % within


def wilson(count, of):
    """The 95 % interval of a share (Wilson 1927), which holds for few mails and for shares of nought, too."""
    if of == 0:
        return 0.0, 1.0
    share, z2 = count / of, Z * Z
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z / (1 + z2 / of) * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    return max(0.0, middle - half), min(1.0, middle + half)


def percentile(values, percent):
    """The least value that so many of a hundred do not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)] if ordered else 0


def _draw(salt, text):
    """0 to 99, always the same for the same text."""
    return int.from_bytes(hashlib.sha256(f"{salt}\n{text}".encode()).digest()[:8], "big") % 100


def is_held_back(fingerprint):
    """Near copies have one fingerprint, so they are on the same side."""
    return _draw("held", fingerprint) >= LOOKED_AT


def is_learnt_from(thread):
    """The half of the threads that whatever is trained may see."""
    return _draw("learn", thread) < 50


def _subject_root(subject):
    """Without what programs put in front; "" where nothing is left that could tell a thread."""
    text = re.sub(r"\s+", " ", str(subject)).strip().casefold()
    while (shorter := re.sub(r"^(?:(?:re|fwd?|aw|wg|sv|vs|tr)(?:\[\d+\])?\s*:|\[[^\]]*\])\s*", "", text)) != text:
        text = shorter
    return text


def _ties(raw):
    """What a mail has in common with others of its thread."""
    headers = BytesHeaderParser().parsebytes(raw)
    ties = set()
    for name in ("Message-ID", "In-Reply-To", "References"):
        for value in headers.get_all(name, []):
            ties.update(re.findall(r"<[^<>\s]+>", str(value)))
    root = _subject_root(headers.get("Subject", ""))
    if root:
        ties.add(root)
    return ties


def threads(mails):
    """A name for each mail's thread. mails: (id, fingerprint, raw). Whoever shares an id, a subject or a fingerprint is of one."""
    parent = {}

    def root(at):
        parent.setdefault(at, at)
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    ids = []
    for mail_id, fingerprint, raw in mails:
        ids.append(mail_id)
        for tie in {("fingerprint", fingerprint), *(("tie", tie) for tie in _ties(raw))}:
            a, b = root(tie), root(("mail", mail_id))
            parent[a] = b
    least = {}
    for mail_id in sorted(ids, reverse=True):
        least[root(("mail", mail_id))] = mail_id
    return {mail_id: least[root(("mail", mail_id))] for mail_id in ids}
