#!/usr/bin/python3
"""app_table.py ROUNDS: the app's text to the XML of a face push, beside sikakuxml's own functions in Node.

Its checkout is SIKAKUXML, or is fetched into the cache of the user for this alone; nothing of it comes into the tree.
Without it the figures of RECORDED stand in, and the table says so.
"""
import os
import pathlib
import subprocess
import sys

from measure import BUILD, ROOT, in_turn, median, paired, row, save

SOURCE = "https://github.com/YUKI-ENT/sikakuxml"
COMMIT = "999e1e0199bef9eb4a4621eb226abbf829f9d1d1"
# Microseconds a text: 2 virtual cores, Debian 12, Node 18, commit as above, 2026-11-30.
RECORDED = 164.0
TEXT = ROOT / "tests/data/app/t1.txt"


def checkout():
    given = os.environ.get("SIKAKUXML")
    if given:
        return pathlib.Path(given)
    home = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "shikaku/sikakuxml"
    if not (home / "routes/index.js").exists():
        home.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["git", "clone", "-q", SOURCE, home], timeout=120, check=False, stderr=subprocess.DEVNULL,
                       env=os.environ | {"GIT_TERMINAL_PROMPT": "0"})
        subprocess.run(["git", "-C", home, "checkout", "-q", COMMIT], timeout=60, check=False,
                       stderr=subprocess.DEVNULL)
    return home if (home / "routes/index.js").exists() else None


def micros(command):
    done = subprocess.run([str(c) for c in command], capture_output=True, timeout=300, check=False)
    if done.returncode != 0 or b"<Name>" not in done.stdout:
        sys.exit(f"{command[0]}: {done.stderr.decode(errors='replace')}")
    return float(done.stderr)


def main():
    rounds = int(sys.argv[1])
    peer = checkout()
    contestants = {"ours": lambda: micros([BUILD / "bin/app_face", TEXT, 5000])}
    if peer:
        contestants["peer"] = lambda: micros(["node", ROOT / "tests/bench/app_peer.js", peer, TEXT, 1000])
    seen = in_turn(contestants, rounds)
    mine = median(seen["ours"])
    theirs = median(seen["peer"]) if peer else RECORDED
    ratio = paired(seen["ours"], seen["peer"]) if peer else mine / RECORDED
    name = "sikakuxml in Node" if peer else "sikakuxml in Node, recorded figure"
    save("app", [row("app text to face XML", f"{1e6 / mine:,.0f} a second", f"{name}: {1e6 / theirs:,.0f} a second",
                     "≥ 10 × as many", ratio, 0.1)], recorded=not peer, seen=seen)


if __name__ == "__main__":
    main()
