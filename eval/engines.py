"""Whoever judges mail. Each gives a verdict by path, and what it took of the processor."""
import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
POSTERN = os.environ.get("POSTERN", str(ROOT / "build/postern"))


@dataclass
class Verdict:
    disposition: str
    reasons: list = field(default_factory=list)  # names of what counted
    cpu_us: int = 0  # 0: known only for all mails together
    fingerprint: str = ""


def _read(line):
    row = json.loads(line)
    message = row["message"]
    reasons = sorted({f["name"] for f in message["findings"] if not f["suppressed_by"] and f["score"] > 0})
    disposition = "MALICIOUS" if message["final_disposition"] == "MALICIOUS-BEC" else message["final_disposition"]
    return row["path"], Verdict(disposition, reasons, row["cpu_us"], message["edf_hash"])


def _scan(paths):
    done = subprocess.run([POSTERN, "scan", "--json", "--paths-from", "-"], input="".join(f"{path}\n" for path in paths),
                          stdout=subprocess.PIPE, text=True, encoding="utf-8", check=False)
    return dict(_read(line) for line in done.stdout.splitlines() if line.endswith("}"))


def postern(paths):
    """Verdicts by path, from as many processes as there are processors."""
    count = os.cpu_count() or 1
    paths = sorted(set(paths))
    with ThreadPoolExecutor(count) as pool:
        verdicts = {}
        for part in pool.map(_scan, [paths[i::count] for i in range(count)]):
            verdicts |= part
    missing = [path for path in paths if path not in verdicts]
    if missing:
        raise SystemExit(f"postern scan gave no verdict on {len(missing)} mails, such as {missing[0]}")
    return verdicts
