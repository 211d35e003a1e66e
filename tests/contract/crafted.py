#!/usr/bin/python3
"""docs/crafted-inputs.md names a test for each of its subjects, and every test that it names exists.

crafted.py BUILD: BUILD has the names of the tests that this machine runs; those of Windows stand in CMake files.
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/crafted-inputs.md"
SUBJECTS = (
    "GET RESPONSE", "`9000` with short data", "truncated public keys", "historical bytes shorter",
    "verified PIN used by a second client", "DLL planting", "overlong name", "endless headers",
    "bad dates in server certificates", "compressed bombs", "redirects to http or another host",
    "billion laughs and external entities", "bytecode to Lua", "`string.rep` and pattern explosions", "finalizers",
    "coroutine and metatable tricks", "`collectgarbage` during load", "CSV injection", "path traversal", "SQL text")
TEST = re.compile(r"`([\w.]+)` `([^`]+)`")
# How a test case is written in each language; a script is a case by itself.
CASES = {".c": r"^static void {}\(void \*\*state\)", ".py": r"^    def {}\(self\)"}


def rows(page):
    return [[cell.strip() for cell in line.strip("|\n ").split(" | ")]
            for line in page.splitlines() if line.startswith("| ") and "入力 / input" not in line]


def here(build):
    listed = subprocess.run(["ctest", "-N", "--test-dir", build], capture_output=True, text=True, check=True)
    return set(re.findall(r"Test +#\d+: (\S+)", listed.stdout))


def on_windows():
    lists = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "tests/windows").rglob("*.cmake"))
    named = re.findall(r"^ *shk_\w+\((\w+)", lists, flags=re.M)
    for several in re.findall(r"^foreach\(\w+ ([\w ]+)\)", lists, flags=re.M):
        named += several.split()
    return {f"windows.{name}" for name in named}


def case_problem(place):
    name, _, case = place.partition(":")
    path = ROOT / name
    if not path.is_file():
        return f"{name} is not there"
    pattern = CASES.get(path.suffix)
    if pattern is None or not case:
        return "" if path.suffix == ".lua" and not case else f"{place} names no case"
    text = path.read_text(encoding="utf-8")
    return "" if re.search(pattern.format(re.escape(case)), text, flags=re.M) else f"{place} is not there"


def row_problems(row, known):
    if len(row) != 4 or not row[0] or not row[2]:
        yield "four columns are needed, of which the second may be empty"
        return
    tests = TEST.findall(row[3])
    if not tests:
        yield "no test"
    if row[3] != "<br>".join(f"`{name}` `{place}`" for name, place in tests):
        yield f"{row[3]} is not understood"
    for name, place in tests:
        if name not in known:
            yield f"{name} is no test"
        if problem := case_problem(place):
            yield problem


def problems(page, known):
    table = rows(page)
    for subject in SUBJECTS:
        if (found := sum(subject in row[0] for row in table)) != 1:
            yield f"{subject}: {found} rows"
    for row in table:
        yield from (f"{row[0]}: {problem}" for problem in row_problems(row, known))


def main():
    known = here(sys.argv[1]) | on_windows()
    found = list(problems(PAGE.read_text(encoding="utf-8"), known))
    print("\n".join(found) if found else f"{len(SUBJECTS)} subjects have their tests")
    sys.exit(1 if found else 0)


main()
