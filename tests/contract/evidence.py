#!/usr/bin/python3
"""The tables of docs/evidence.md that come from the sources: fuzz targets, wrapped calls, blocks that do not run.

evidence.py [--write]    compares, or writes them into the page
"""
import collections
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "evidence.md"
FUZZ = ROOT / "tests" / "fuzz"


def first_comment(source):
    found = re.match(r"/\*(.*?)\*/", source.read_text(encoding="utf-8"), flags=re.S)
    return " ".join(found[1].replace("\n *", " ").split()) if found else sys.exit(f"{source} begins with no comment")


def targets():
    yield "| Target | What it reads and demands | Seeds |"
    yield "|---|---|---:|"
    for source in sorted(FUZZ.glob("fuzz_*.c")):
        name = source.stem.removeprefix("fuzz_")
        seeds = sum(1 for p in (FUZZ / "corpus" / name).iterdir() if not p.name.startswith("."))
        yield f"| `{name}` | {first_comment(source)} | {seeds} |"


def wrapped():
    """kind -> names, from the sources that the linker's list is read from."""
    calls = collections.defaultdict(list)
    for source in sorted(FUZZ.glob("wrap_*.c")):
        text = source.read_text(encoding="utf-8")
        for kind, name in re.findall(r"^WRAP(?:_FRAGILE)?\(WRAP_(\w+), *(\w+),", text, flags=re.M):
            calls[kind].append(name)
        for name, body in re.findall(r"__wrap_(\w+)\([^;]*?\) \{(.*?)^\}", text, flags=re.M | re.S):
            calls[re.search(r"wrap_fails\(WRAP_(\w+)\)", body)[1]].append(name)
    return calls


def kinds():
    header = (FUZZ / "wrap.h").read_text(encoding="utf-8")
    calls = wrapped()
    yield "| Kind | What fails | Calls of the linker's list |"
    yield "|---|---|---|"
    for kind, what in re.findall(r"^#define WRAP_(\w+)[ \\\n]+0x\w+u +/\* (.*?) \*/", header, flags=re.M | re.S):
        names = ", ".join(f"`{n}`" for n in sorted(calls[kind])) or "(allocators, or a stand-in that asks)"
        yield f"| {kind.lower()} | {' '.join(what.split())} | {names} |"


def explained():
    reasons = collections.defaultdict(list)
    for line in (ROOT / "tests" / "coverage_known.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            path, function, why = line.split(None, 2)
            reasons[why].append(f"`{function}` ({path.rsplit('/', 1)[1]})")
    yield "| Why it does not run | Where |"
    yield "|---|---|"
    for why in sorted(reasons, key=lambda w: (-len(reasons[w]), w)):
        yield f"| {why} | {', '.join(reasons[why])} |"


def main():
    text = PAGE.read_text(encoding="utf-8")
    made = text
    for name, rows in (("targets", targets()), ("kinds", kinds()), ("explained", explained())):
        made, n = re.subn(rf"(<!-- {name}: begin -->\n).*?(<!-- {name}: end -->)",
                          lambda m, rows=rows: m[1] + "\n".join(rows) + "\n" + m[2], made, flags=re.S)
        if n != 1:
            sys.exit(f"docs/evidence.md has no place for {name}")
    if "--write" in sys.argv:
        PAGE.write_text(made, encoding="utf-8")
    elif made != text:
        sys.exit("docs/evidence.md is not what the sources say: python3 tests/contract/evidence.py --write")
    return 0


if __name__ == "__main__":
    sys.exit(main())
