#!/usr/bin/python3
"""Every link between pages leads to a file that is there: `links.py FOLDER`, the tree or what was made of it."""
import os
import pathlib
import re
import sys

FENCED = re.compile(r"^```.*?^```", flags=re.S | re.M)
LINK = re.compile(r"\]\(([^)\s]+)\)")
FOREIGN = re.compile(r"[a-z]+:")
LEFT_OUT = {"build", "node_modules", ".git"}


def anchors(page):
    """As web pages of git servers name the headings."""
    for heading in re.findall(r"^#+ +(.*)$", page.read_text(encoding="utf-8"), flags=re.M):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def pages_of(top):
    """Also those behind links between folders, as an installed tree has them."""
    for folder, folders, names in os.walk(top, followlinks=True):
        folders[:] = sorted(set(folders) - LEFT_OUT)
        yield from (pathlib.Path(folder, name) for name in sorted(names) if name.endswith(".md"))


def broken(top):
    """Links of the pages below TOP that lead nowhere, or out of it."""
    top = top.absolute()
    pages = list(pages_of(top))
    if not pages:
        yield f"no page in {top}"
    for page in pages:
        for link in LINK.findall(FENCED.sub("", page.read_text(encoding="utf-8"))):
            if FOREIGN.match(link):
                continue
            name, _, anchor = link.partition("#")
            there = pathlib.Path(os.path.normpath(page.parent / name)) if name else page
            if not there.exists() or not there.is_relative_to(top):
                yield f"{page.relative_to(top)}: {link} is not there"
            elif anchor and anchor not in anchors(there):
                yield f"{page.relative_to(top)}: {link} has no such heading"


def main():
    found = list(broken(pathlib.Path(sys.argv[1])))
    print("\n".join(found) if found else "every link leads somewhere")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
