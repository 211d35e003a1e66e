#!/usr/bin/python3
"""The table of reasons in docs/matching.md is made from match_reasons.def: `--write` makes it, else compares.
The grades of the page are those of match_grade.c."""
import ast
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TABLE = ROOT / "plugin/record/match_reasons.def"
GRADES = ROOT / "plugin/record/match_grade.c"
PAGE = ROOT / "docs/matching.md"
BEGIN = "| Name | | 日本語 | English |\n|---|---|---|---|\n"
LANGUAGES = 2


def rows():
    text = re.sub(r"/\*.*?\*/", "", TABLE.read_text(encoding="utf-8"), flags=re.S)
    text = re.sub(r'"\s*\n\s*"', "", text)
    for name, body in re.findall(r"^REASON\((\w+),\s*(.*?)\)$", text, flags=re.S | re.M):
        word, weight, japanese, english = ast.literal_eval(f"({body})")
        if word != name.lower() or weight == 0 or not japanese or not english:
            sys.exit(f"{name}: the word, a weight and both languages are needed")
        yield f"| `{word}` | {'+' if weight > 0 else '−'} | {japanese} | {english} |\n"


def grade_problems(page):
    """Both halves of the page name every grade with its Japanese word."""
    found = re.findall(r'\{"(\w+)", "([^"]+)"\}', GRADES.read_text(encoding="utf-8"))
    if len(found) != 6:
        sys.exit("the grades of match_grade.c were not understood")
    for name, japanese in found:
        if name != "none" and page.count(f"| `{name}` | {japanese} |") != LANGUAGES:
            yield f"docs/matching.md: the grade {name} is not there twice as {japanese}"


def main():
    page = PAGE.read_text(encoding="utf-8")
    head, begin, rest = page.partition(BEGIN)
    if not begin:
        sys.exit("docs/matching.md has no table of reasons")
    made = head + begin + "".join(rows()) + rest[re.match(r"(\|.*\n)*", rest).end():]
    if "--write" in sys.argv:
        PAGE.write_text(made, encoding="utf-8")
    elif page != made:
        sys.exit("docs/matching.md differs from match_reasons.def; run tests/contract/matching_doc.py --write")
    problems = list(grade_problems(made))
    print("\n".join(problems) if problems else "the page agrees")
    sys.exit(1 if problems else 0)


main()
