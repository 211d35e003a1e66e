#!/usr/bin/python3
"""Linked again, shikaku.dll and its import library are the same byte for byte: `relink.py BUILD`."""
import pathlib
import re
import shutil
import subprocess
import sys


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    build = pathlib.Path(sys.argv[1])
    again = build / "relink"
    shutil.rmtree(again, ignore_errors=True)
    for folder in ("bin", "lib", "plugin"):
        (again / folder).mkdir(parents=True)
    commands = subprocess.run(["ninja", "-t", "commands", "shikaku"], cwd=build, capture_output=True, text=True,
                              check=True).stdout.splitlines()
    made = r"\b((?:bin|lib|plugin)/(?:shikaku\.(?:dll|debug)|imports\.def))"
    command, count = re.subn(made, r"relink/\1", commands[-1])
    if count < 5 or "finish.sh" not in command:
        sys.exit("the command that links was not understood")
    subprocess.run(["sh", "-c", command], cwd=build, check=True)
    problems = [name for name in ("bin/shikaku.dll", "lib/shikaku.dll.a")
                if (again / name).read_bytes() != (build / name).read_bytes()]
    shutil.rmtree(again)
    print("\n".join(f"{name} is another one when linked again" for name in problems) or "the same bytes")
    sys.exit(1 if problems else 0)


main()
