#!/usr/bin/python3
"""docs/man/shikaku.h.3 is made from include/shikaku/shikaku.h: `--write` makes it, else compares.

The Japanese words for the functions are those of docs/host.md.
"""
import re

from mdoc import DATE, ROOT, argument, compare, text

HEADER = ROOT / "include/shikaku/shikaku.h"
PROTOTYPE = re.compile(r"/\*((?:(?!\*/).)*?)\*/\s*SHK_API (\w+) SHK_CALL (\w+)\(([^)]*)\);", flags=re.S)
BREAK = "\f"  # a new line within a block
LABEL = re.compile(r"([a-z][\w, ]*?|[A-Z][a-z]+(?: \w+)?)(?:\s{2,}(.*)|$)")
HEAD = """.\\" Made by tests/contract/header_man.py from include/shikaku/shikaku.h.
.Dd {date}
.Dt SHIKAKU.H 3
.Os
.Sh NAME
.Nm shikaku.h
.Nd the door of the Shikaku plugin: eligibility of Japanese health insurance
.Sh LIBRARY
libshikaku
.Pq Fl lshikaku
.Sh SYNOPSIS
.In shikaku/shikaku.h
"""
TAIL = """.Sh SEE ALSO
.Xr pkg-config 1 ,
.Xr shikaku 1 ,
.Xr shikaku.lua 5
.Pp
.Pa host.md
(jobs, events and paths),
.Pa fields.md ,
.Pa codes.md
and
.Pa adapters.md
in the folder of the documentation;
.In shikaku/codes.h
with every number, and
.In shikaku/adapter.h .
"""


def comment_lines(comment):
    lines = [re.sub(r"^ \* ?", "", line).rstrip() for line in comment.split("\n")]
    return [line.strip() if not i else line for i, line in enumerate(lines)]


def blocks(lines):
    """The lines of a comment as (label or None, words): a labelled block goes on where it is indented."""
    label, words, above = None, [], ""
    for line in lines:
        found = LABEL.fullmatch(line) if not line.startswith(" ") else None
        named = found and (found.group(2) is not None or re.fullmatch(r"[a-z_]+", line))
        if named or (line and not line.startswith(" ") and label is not None) or not line:
            if words or label is not None:
                yield label, words
            label, words = (found.group(1), []) if named else (None, [])
            line = (found.group(2) or "") if named else line
        if line.strip():
            words += [BREAK] if words and begins(line, above) else []
            words.append(line.strip())
        above = line
    if words or label is not None:
        yield label, words


def begins(line, above):
    """Inside a block: one of its own entries, or what comes after them."""
    depth = [len(words) - len(words.lstrip()) for words in (line, above)]
    return re.match(r" +SHK_JOB_\w+ +[a-z]", line) or depth[1] > depth[0] > 0


def shown(words):
    pieces = [piece.strip() for piece in " ".join(words).split(BREAK)]
    return "\n.br\n".join(text(piece) for piece in pieces) + "\n"


def body(lines):
    made, listing = [], False
    for label, words in blocks(lines):
        if (label is not None) != listing:
            made.append(".Bl -tag -width timeout_ms\n" if not listing else ".El\n")
            listing = not listing
        if label is not None:
            made.append(f".It {argument(label)}\n")
        elif made:
            made.append(".Pp\n")
        made += [shown(words)] if words else []
    return "".join(made) + (".El\n" if listing else "")


def parameters(words):
    words = " ".join(words.split())
    return [] if words == "void" else [w.strip() for w in words.split(",")]


def synopsis(kind, name, given):
    quoted = " ".join(f'"{w}"' for w in given) or '"void"'
    return f".Ft {kind}\n.Fn {name} {quoted}\n"


def rules(header):
    """The comment at the top: what it is, the flow as it stands, and the rules as a list."""
    lines = comment_lines(re.match(r"/\*(.*?)\*/", header, flags=re.S).group(1))
    at = lines.index("RULES THAT HOLD FOR EVERY FUNCTION")
    flow = [i for i, line in enumerate(lines[:at]) if line.startswith("    ")]
    shown = "".join("    " + lines[i].strip().replace("\\", "\\e") + "\n" for i in flow)
    return (body(lines[2:flow[0]]) + ".Bd -literal\n" + shown + ".Ed\n.Pp\n" + body(lines[flow[-1] + 2:at - 1])
            + ".Sh RULES THAT HOLD FOR EVERY FUNCTION\n" + body(lines[at + 2:]))


def japanese(names):
    rows = dict(re.findall(r"^\| `(shk_\w+)` \| ([^|]+) \|", (ROOT / "docs/host.md").read_text(encoding="utf-8"),
                           flags=re.M))
    made = ".Sh 日本語\n" + text("レセプトソフトや受付ソフトから、医療保険の資格確認を呼び出す関数です。"
                                "くわしい説明と例は、文書のフォルダーの host.md にあります。") + "\n"
    items = "".join(f".It Fn {name}\n{text(rows[name])}\n" for name in names)
    return made + ".Bl -tag -width shk_next_eventxx\n" + items + ".El\n"


def main():
    header = HEADER.read_text(encoding="utf-8")
    found = PROTOTYPE.findall(header)
    names = [name for _, _, name, _ in found]
    if len(found) != header.count("\nSHK_API "):
        raise SystemExit("the prototypes of shikaku.h were not understood")
    made = HEAD.format(date=DATE)
    made += "".join(synopsis(kind, name, parameters(words)) for _, kind, name, words in found)
    made += ".Sh DESCRIPTION\n" + rules(header) + ".Sh FUNCTIONS\n"
    for comment, kind, name, words in found:
        made += f".Ss {name}\n" + body(comment_lines(comment))
    compare("shikaku.h.3", made + japanese(names) + TAIL, "header_man.py")


main()
