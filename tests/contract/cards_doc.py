#!/usr/bin/python3
"""docs/cards.md speaks of every fault that the judgement of a card can give, and of no fault, event or
setting that does not exist."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/cards.md"
SOURCES = ("mynumber.c", "pin_answer.c", "signature.c", "token.c", "validity.c")
# Of the host, not of a card: it called out of turn, or memory is short.
NOT_OF_A_CARD = {"STATE", "ARGUMENT", "MEMORY"}


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def given():
    for name in SOURCES:
        yield from re.findall(r"\bSHK_E_(\w+)", read(f"plugin/identity/{name}"))


def settings():
    return {
        name: (values.split("|"), default)
        for name, default, values in re.findall(
            r'KEY\("([\w.]+)", \w+, "([^"]*)", -?\d+, -?\d+, "([^"]*)"', read("plugin/session/config.def"))
    }


def problems(page):
    quoted = set(re.findall(r"`([^`\n]+)`", page))
    faults = set(re.findall(r"^FAULT\((\w+),", read("plugin/base/fault.def"), flags=re.M))
    header = read("include/shikaku/codes.h")
    keys = settings()
    for name in sorted(set(given()) - NOT_OF_A_CARD - quoted):
        yield f"{name} is given for a card and is not on the page"
    for name in sorted(quoted):
        if re.fullmatch(r"[A-Z][A-Z0-9_]+", name) and not name.startswith(("SHK_", "JPKI")) and name not in faults:
            yield f"{name} is no fault"
        if name.startswith("SHK_") and not re.search(rf"\b{name}\b", header):
            yield f"{name} is not in codes.h"
    for key, value in re.findall(r'`([\w.]+) = "(\w+)"`', page):
        if value not in keys.get(key, ([], ""))[0]:
            yield f'{key} = "{value}" is no setting'


def main():
    found = list(problems(PAGE.read_text(encoding="utf-8")))
    print("\n".join(found) if found else "the page agrees")
    sys.exit(1 if found else 0)


main()
