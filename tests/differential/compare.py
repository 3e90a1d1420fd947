"""A program of ours that tells what it found, and counting where others found something else. Prints TAP."""
import collections
import json
import os
import subprocess
import sys
import tempfile

SEED = int(os.environ.get("SEED", "1"))
CASES = int(os.environ.get("CASES", "300"))


def mails(folder):
    """Every file of every archive, unpacked one archive at a time."""
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".tar.zst"):
            continue
        with tempfile.TemporaryDirectory(prefix="postern-differential-") as into:
            subprocess.run(["tar", "-x", "--use-compress-program=zstd -d --long=27", "-f", os.path.join(folder, name), "-C", into], check=True)
            for below, _, files in os.walk(into):
                for file in sorted(files):
                    yield os.path.join(below, file)


class Probe:
    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, **request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


class Comparison:
    """Counts what was compared; says one line of TAP, and a few of the differences."""

    number = failed = 0

    def __init__(self, name):
        self.name = name
        self.same = 0
        self.known = collections.Counter()
        self.different = []

    def add(self, same, what):
        if same:
            self.same += 1
        else:
            self.different.append(what)

    def tell(self, why, what):
        """why: "" for the same, a known reason, or None."""
        if why:
            self.known[why] += 1
        else:
            self.add(why == "", what)

    def end(self):
        Comparison.number += 1
        good = not self.different and self.same > 0
        Comparison.failed += not good
        print(f"{'ok' if good else 'not ok'} {Comparison.number} - {self.name}: {self.same} the same, "
              f"{len(self.different)} different", flush=True)
        for reason, count in self.known.most_common():
            print(f"# {count} known: {reason}")
        for what in self.different[:5]:
            print("#", repr(what)[:1500])


def skip(why):
    Comparison.number += 1
    print(f"ok {Comparison.number} - {why} # SKIP")


def finish():
    print(f"1..{Comparison.number}")
    sys.exit(1 if Comparison.failed else 0)


def absent(error):
    """A package that is not installed: nothing can be compared."""
    print(f"1..0 # SKIP {error}")
    sys.exit(0)
