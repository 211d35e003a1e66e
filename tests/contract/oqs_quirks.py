#!/usr/bin/python3
"""Every quirk Q1 to Q23 in docs/oqs.md names tests that exist and run."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
QUIRKS = 23


def tests_that_run():
    """Names of functions that a unit test registers, with the file's name."""
    found = {}
    for path in sorted((ROOT / "tests/unit").glob("test_*.c")):
        text = path.read_text(encoding="utf-8")
        defined = set(re.findall(r"^static void (\w+)\(void \*\*state\)", text, flags=re.M))
        registered = set(re.findall(r"\b(?:cmocka_unit_test\w*|[A-Z]+)\((\w+)\b", text.partition("int main(")[2]))
        for name in defined & registered:
            found[name] = path.stem
    return found


def registered_files():
    lists = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "tests/unit").glob("*.cmake"))
    return {f"test_{name}" for name in re.findall(r"\bshk_unit\((\w+)", lists)}


def main():
    page = (ROOT / "docs/oqs.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| Q(\d+) \|(.*)\|$", page, flags=re.M)
    tests, files, problems = tests_that_run(), registered_files(), []
    if [int(n) for n, _ in rows] != list(range(1, QUIRKS + 1)):
        problems.append(f"the table does not name Q1 to Q{QUIRKS} in order, once each")
    for number, row in rows:
        names = re.findall(r"`(\w+)`", row.rsplit("|", 1)[-1])
        problems += [] if names else [f"Q{number} names no test"]
        problems += [f"Q{number}: there is no test {n}" for n in names if n not in tests]
        problems += [f"Q{number}: {tests[n]} is not built" for n in names if n in tests and tests[n] not in files]
        problems += [] if any(n.startswith(f"q{number}_") for n in names) else [f"Q{number}: no test is named after it"]
    print("\n".join(problems) if problems else f"{QUIRKS} quirks, each with its test")
    sys.exit(1 if problems else 0)


main()
