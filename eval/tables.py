"""What was found, as tables."""
from collections import Counter

import figures
from sources import LABELS

COLUMNS = ("NONE", "BULK", "SPAM", "SPOOF", "SUSPICIOUS", "MALICIOUS")
WRONG = {"SPAM", "SPOOF", "SUSPICIOUS", "MALICIOUS", "UNKNOWN"}  # of ham and bulk
PHISHY = {"SPOOF", "SUSPICIOUS", "MALICIOUS"}
REASONS = 15


def is_good_label(label):
    return label in ("ham", "bulk")


def is_good(mail):
    return is_good_label(mail.label)


def is_miss(mail, verdict):
    return not is_good(mail) and verdict.disposition == "NONE"


def is_false(mail, verdict):
    return is_good(mail) and verdict.disposition in WRONG


def share(count, of):
    """ "12 of 480, 2.5 % (1.4 to 4.3)" """
    low, high = figures.wilson(count, of)
    return f"{count} of {of}, {100 * count / of:.1f} % ({100 * low:.1f} to {100 * high:.1f})" if of else "none"


def _count(rows, wanted):
    return sum(verdict.disposition in wanted for _, verdict in rows)


def _outcome(rows):
    if is_good(rows[0][0]):
        return f"false positives {share(_count(rows, WRONG), len(rows))}"
    caught = sum(verdict.disposition != "NONE" for _, verdict in rows)
    return f"caught {share(caught, len(rows))}; as phishing {share(_count(rows, PHISHY), len(rows))}"


def groups(rows, key):
    """(key, rows) in the order of labels and then of keys."""
    found = {}
    for row in rows:
        found.setdefault((LABELS.index(row[0].label), key(row[0])), []).append(row)
    return [(of[1], found[of]) for of in sorted(found)]


def _known(disposition):
    return disposition if disposition in COLUMNS else "MALICIOUS"


def dispositions(rows):
    yield f"{'source':20} {'label':6}{'mails':>6}" + "".join(f"{name:>11}" for name in COLUMNS) + "  with 95 % intervals"
    for source, group in groups(rows, lambda mail: mail.source):
        yield _line(source, group)
        if source == "spamassassin":
            yield from (_line("  half not learnt", part) for part in [[row for row in group if not row[0].learnt]] if part)
    for _, group in groups(rows, lambda mail: mail.label):
        yield _line("all", group)


def _line(name, group):
    counts = Counter(verdict.disposition for _, verdict in group)
    other = sum(count for disposition, count in counts.items() if disposition not in COLUMNS)
    return (f"{name:20} {group[0][0].label:6}{len(group):6}" + "".join(f"{counts[column]:11}" for column in COLUMNS) + f"  {_outcome(group)}"
            + (f"; {other} UNKNOWN" if other else ""))


def years(rows):
    yield f"{'source':20} {'label':6} {'year':5}{'mails':>6}  with 95 % intervals"
    for (source, year), group in groups(rows, lambda mail: (mail.source, mail.year)):
        yield f"{source:20} {group[0][0].label:6} {year:5}{len(group):6}  {_outcome(group)}"


def reasons(rows):
    """Of ham and bulk those of false positives alone: the others hurt nobody."""
    for label, group in groups(rows, lambda mail: mail.label):
        shown = [verdict for mail, verdict in group if not is_good(mail) or is_false(mail, verdict)]
        yield f"{label}: of {len(shown)} {'false positives' if is_good(group[0][0]) else 'mails'}"
        for name, count in Counter(name for verdict in shown for name in verdict.reasons).most_common(REASONS):
            yield f"  {count:6}  {name}"


def cost(rows):
    for source, group in [*groups(rows, lambda mail: mail.source), ("all", rows)]:
        us = [verdict.cpu_us for _, verdict in group]
        yield f"{source:20} {len(us):6} mails, CPU median {figures.percentile(us, 50) / 1000:.2f} ms, p99 {figures.percentile(us, 99) / 1000:.2f} ms"


def paths(rows):
    """For who writes rules: what is to be looked at, with what counted."""
    for mail, verdict in sorted(rows, key=lambda row: row[0].name):
        yield f"{verdict.disposition}\t{mail.label}\t{mail.name}\t{' '.join(verdict.reasons)}"
