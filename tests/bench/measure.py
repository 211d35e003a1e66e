"""What the measurements share: contestants take turns within a round, so that a busy machine is busy for each of
them, and the median of the rounds counts."""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("SHIKAKU_BUILD", ROOT / "build/bench"))
RESULTS = BUILD / "results"


class Run:
    """One finished process: seconds by the clock, seconds of the processor, KiB at most, its two outputs."""

    def __init__(self, command, codes=(0,), keep=None, **options):
        out = open(keep, "wb") if keep else subprocess.DEVNULL
        since = time.monotonic()
        process = subprocess.Popen([str(c) for c in command], stdout=out, stderr=subprocess.PIPE, **options)
        self.errors = process.stderr.read().decode(errors="replace")
        _, status, usage = os.wait4(process.pid, 0)
        self.wall = time.monotonic() - since
        process.stderr.close()
        if keep:
            out.close()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in codes:
            sys.exit(f"{command[0]}: ended with {process.returncode}: {self.errors}")
        self.cpu = usage.ru_utime + usage.ru_stime
        self.peak = usage.ru_maxrss


def said(command, **options):
    """The standard output of a process that must end well."""
    done = subprocess.run([str(c) for c in command], capture_output=True, timeout=600, check=False, **options)
    if done.returncode != 0:
        sys.exit(f"{command[0]}: {done.stderr.decode(errors='replace')}")
    return done.stdout.decode()


def in_turn(contestants, rounds):
    """{name: call} to {name: what each round gave}; every other round goes the other way about."""
    seen = {name: [] for name in contestants}
    for number in range(rounds):
        for name in sorted(contestants, reverse=number % 2 == 1):
            seen[name].append(contestants[name]())
    return seen


def median(values):
    return statistics.median(values)


def paired(ours, theirs):
    """The median of the rounds' own ratios."""
    return median([a / b for a, b in zip(ours, theirs)])


def row(work, ours, peer, aim, ratio, limit):
    """A line of the table: `ratio` is to be `limit` at most; limit None: it is only shown."""
    return {"work": work, "ours": ours, "peer": peer, "aim": aim, "ratio": ratio, "limit": limit}


def save(name, rows, **details):
    RESULTS.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"rows": rows, **details}, ensure_ascii=False, indent=1)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    for one in rows:
        shown = f"  [{one['ratio']:.3g}; {one['aim']}]"
        print(f"{one['work']}: {one['ours']} | {one['peer']}{shown}", flush=True)
