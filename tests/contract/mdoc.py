"""Words for the manual pages that are made: escaped for mdoc, and Japanese so that its lines can be broken."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATE = "November 30, 2026"
WIDE = "[⺀-鿿＀-￯]"
BREAK = r"\:"


def text(words):
    """One line of text: nothing in it is a request or an escape."""
    words = " ".join(words.split()).replace("\\", r"\e")
    words = re.sub(r"(?<!\S)(?=[\w.]*[a-zA-Z]_)", r"\\%", words)  # a name is not hyphenated
    words = re.sub(r"([、。)）」])(?![、。）」])(?=" + WIDE + ")", r"\1" + BREAK, words)
    # groff does not break between Japanese letters by itself.
    words = re.sub(f"({WIDE}{{8}})(?={WIDE}{{4}})(?![、。）」])", r"\1" + BREAK, words)
    return r"\&" + words if words[:1] in ".'" else words


def argument(words):
    """A text as one argument of a macro: quoted, and no word of it is a macro or a delimiter."""
    return '"' + r"\&" + text(words).replace('"', r"\(dq") + '"'


def compare(page, made, script):
    """Writes the page with --write, else compares it."""
    path = ROOT / "docs/man" / page
    if "--write" in sys.argv:
        path.write_text(made, encoding="utf-8")
    elif not path.exists() or path.read_text(encoding="utf-8") != made:
        sys.exit(f"docs/man/{page} differs; run tests/contract/{script} --write")
