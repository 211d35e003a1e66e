#!/usr/bin/python3
"""`console.py ROOT VERSION PROGRAM...`: shikaku.exe with arguments, files and exit codes as people meet them."""
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(sys.argv[1])
VERSION = sys.argv[2]
PROGRAM = sys.argv[3:]
ENVIRONMENT = dict(os.environ, LC_ALL="C.UTF-8", SHIKAKU_LIBRARY="", SHIKAKU_CONFIG="")
problems = []


def run(*words, given=b""):
    done = subprocess.run([*PROGRAM, *words], input=given, capture_output=True, check=False, timeout=300, env=ENVIRONMENT)
    return done.returncode, done.stdout, done.stderr


def check(name, good, seen):
    print("ok  " if good else "FAIL", name)
    if not good:
        problems.append(name)
        print("    ", seen)


def main():
    pack = ROOT / "scripts/generic-csv"
    sample = pack / "samples/special-letters.xml"
    seen = run("--version")
    check("version", seen[0] == 0 and f"shikaku {VERSION} (ABI".encode() in seen[1] and
          f"library {VERSION}: ".encode() in seen[1] and b"\r" not in seen[1], seen)
    seen = run("--help")
    check("help in Japanese, as UTF-8", seen[0] == 0 and "使い方".encode() in seen[1] and b"\x1b[" not in seen[1], seen)
    seen = run("no-such-command")
    check("an unknown command", seen[0] == 2 and b"no-such-command" in seen[2], seen)
    seen = run("readers", "--quick")
    check("readers", seen[0] in (0, 3, 4) and "カードのサービス".encode() in seen[1] + seen[2], seen)
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder) / "受付データ"
        place.mkdir()
        (place / "見本.xml").write_bytes(sample.read_bytes())
        out = place / "結果.csv"
        seen = run("map", "--pack", str(pack), "--from", "oqs", str(place / "見本.xml"), "--out", str(out))
        check("map of a file in a Japanese folder", seen[0] == 0 and out.exists() and out.stat().st_size > 0, seen)
        check("nothing else is left there", sorted(p.name for p in place.iterdir()) == ["結果.csv", "見本.xml"],
              list(place.iterdir()))
        seen = run("map", "--pack", str(pack), str(place / "無い.xml"))
        check("a file that is not there", seen[0] not in (0, 2) and b"FILE_READ" in seen[1] + seen[2], seen)
    return len(problems) > 0


sys.exit(main())
