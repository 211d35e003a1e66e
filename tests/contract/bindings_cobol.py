"""COBOL: fields with values, and the CALL of each function in the comments of the copybook."""
import re
import textwrap

from ascii_comments import ascii_only

FILE = "examples/cobol/shikaku.cpy"
ENCODING = "ascii"
CALL = re.compile(r'^      \*     CALL SHK-CALL "(\w+)"(?: USING\n((?:      \*         BY [A-Z]+ [A-Z-]+\n)+)'
                  r"      \*         RETURNING SHK-RESULT| RETURNING SHK-RESULT)$", flags=re.M)
OUT = ("SHK-SESSION", "SHK-NUMBER")


def constants(groups, indent):
    for group in groups:
        if group.comment:
            yield f"{indent}*"
            yield from (f"{indent}* {line}" for line in textwrap.wrap(ascii_only(group.comment), 63))
        for number in group.numbers:
            comment = ascii_only(number.comment)
            yield from (f"{indent}* {line}" for line in textwrap.wrap(comment, 63))
            name = "-".join(filter(None, ("SHK", group.prefix, number.name.replace("_", "-"))))
            yield f"{indent} 01  {name} PIC S9(9) COMP-5 VALUE {number.value}."


def kind(how, field):
    if how == "VALUE":
        return "int"
    return "out" if field in OUT else "bytes"


def declarations(text):
    found = {}
    for name, arguments in CALL.findall(text):
        found[name] = [kind(*words) for words in re.findall(r"BY (VALUE|REFERENCE) ([A-Z-]+)", arguments)]
    for line in text.splitlines():
        # Column 73 and what is behind it is not read, and no word is longer than 30.
        if len(line) > 72 or line[6:7] != "*" and re.search(r"[\w-]{31}", line):
            found[line] = "too long"
    return found


def abi(text):
    return int(re.search(r"^       01  SHK-ABI PIC S9\(9\) COMP-5 VALUE (\d+)\.$", text, flags=re.M)[1])
