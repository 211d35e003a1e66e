#!/usr/bin/python3
"""The functions of include/shikaku/shikaku.h are what is exported and documented, no more and no less.

`exports.py LIBRARY` compares the header with plugin/shikaku.map, plugin/shikaku.def, docs/host.md and the
dynamic symbols of the built library.
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROTOTYPE = re.compile(r"SHK_API\s+[\w\s*]+?\bSHK_CALL\s+(\w+)\s*\(")


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def prototypes():
    """Name and the comment right above of every declared function."""
    text = read("include/shikaku/shikaku.h")
    for found in PROTOTYPE.finditer(text):
        above = re.search(r"/\*((?:(?!\*/).)*)\*/\s*\Z", text[:found.start()], flags=re.S)
        yield found.group(1), above.group(1) if above else ""


def map_names():
    block = re.search(r"global:(.*?)local:\s*\*;", read("plugin/shikaku.map"), flags=re.S)
    return re.findall(r"(\S+);", block.group(1)) if block else []


def def_names():
    return re.findall(r"^\s+(\S.*?)\s*$", read("plugin/shikaku.def").split("EXPORTS")[1], flags=re.M)


def documented(names):
    """Those that stand in a heading or in the first cell of a table row of docs/host.md."""
    lines = [l for l in read("docs/host.md").splitlines() if l.startswith(("#", "|"))]
    cells = [l.split("|")[1] if l.startswith("|") else l for l in lines]
    shown = {name for cell in cells for name in re.findall(r"\bshk_[a-z_]+\b", cell)}
    functions = {name for name in shown if name not in ("shk_session",)}
    return sorted(functions | {n for n in names if n in shown})


def library_names(library):
    out = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True, text=True, check=True).stdout
    names = []
    for line in out.splitlines():
        kind, name = line.split()[-2:]
        if kind != "A":  # the version's own node
            names.append(name.split("@")[0])
    return names


def differences(where, names, declared):
    for name in sorted(set(names) - set(declared)):
        yield f"{where}: {name} is not in shikaku.h"
    for name in sorted(set(declared) - set(names)):
        yield f"{where}: {name} is missing"
    for name in sorted({n for n in names if names.count(n) > 1}):
        yield f"{where}: {name} stands twice"


def comment_problems(found):
    for name, comment in found:
        if not re.search(r"\[(any|session)\]", comment):
            yield f"shikaku.h: {name} has no comment with [any] or [session]"


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: exports.py LIBRARY")
    found = list(prototypes())
    declared = [name for name, _ in found]
    if len(declared) < 10 or len(declared) != read("include/shikaku/shikaku.h").count("\nSHK_API "):
        sys.exit("the prototypes of shikaku.h were not understood")
    problems = [*comment_problems(found),
                *differences("plugin/shikaku.map", map_names(), declared),
                *differences("plugin/shikaku.def", def_names(), declared),
                *differences("docs/host.md", documented(declared), declared),
                *differences("the library", library_names(sys.argv[1]), declared)]
    print("\n".join(problems) if problems else f"{len(declared)} functions agree")
    sys.exit(1 if problems else 0)


main()
