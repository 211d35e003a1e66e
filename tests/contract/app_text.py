#!/usr/bin/python3
"""docs/app-text.md: the tests it names exist and run, and it lists every heading and key that is read."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/app-text.md").read_text(encoding="utf-8")


def without_comments(path):
    return re.sub(r"/\*.*?\*/", "", (ROOT / path).read_text(encoding="utf-8"), flags=re.S)


def app_keys():
    """(section/key, path) of fields.def and app_words.def."""
    fields = re.findall(r'FIELD\(([^,]+),\s*\w+,\s*\d+,\s*(?:"[^"]*"\s*)+,\s*"([^"]+)"', without_comments(
        "plugin/record/fields.def"))
    for path, keys in fields:
        yield from ((key, path) for key in keys.split("|"))
    words = without_comments("plugin/record/app_words.def")
    for section, key, path in re.findall(r'^KEY\("([^"]*)", "([^"]*)", "([^"]*)"\)', words, flags=re.M):
        yield f"{section}/{key}", path


def headings():
    words = without_comments("plugin/record/app_words.def")
    return re.findall(r'^(?:SECTION|HEADING)\("([^"]*)"', words, flags=re.M)


def tests():
    """Name to the number of places in the files of tests/unit: a test is defined and listed."""
    for file in (ROOT / "tests/unit").glob("test_*.c"):
        text = file.read_text(encoding="utf-8")
        for name in re.findall(r"^static void (\w+)\(void \*\*state\)", text, flags=re.M):
            if len(re.findall(rf"\b{name}\b", text)) > 1:
                yield name
    yield from (f.stem for f in (ROOT / "tests/contract").glob("*.py"))


def bug_problems():
    known = set(tests())
    rows = re.findall(r"^\| ([XG]\d+) \|(.*)\|(.*)\|$", PAGE, flags=re.M)
    named = {number: re.findall(r"`(\w+)`", names) for number, _, names in rows}
    wanted = [f"X{i}" for i in range(1, 22)] + [f"G{i}" for i in range(1, 16)]
    for number in wanted:
        if not named.get(number):
            yield f"{number} has no test"
    for number, names in named.items():
        yield from (f"{number}: there is no test {name}" for name in names if name not in known)
    listed = {name for names in named.values() for name in names}
    yield from (f"{name} is not in the table" for name in sorted(known)
                if re.match(r"[xg]\d\d_", name) and name not in listed)


def word_problems():
    keys, places = list(app_keys()), headings()
    if len(keys) < 50 or len(places) < 8:
        sys.exit("the tables could not be read")
    lines = PAGE.splitlines()
    for key, path in keys:
        section, _, name = key.rpartition("/")
        if not any(f"`{name}`" in line and f"`{path}`" in line and section in line for line in lines):
            yield f"key {key} ({path}) is not listed"
    yield from (f"heading {h} is not listed" for h in places if h not in PAGE)


problems = [*bug_problems(), *word_problems()]
if problems:
    sys.exit("docs/app-text.md: " + "; ".join(problems))
print("every test that is named exists, every word is listed")
