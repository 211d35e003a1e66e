"""The commands and options of the console, from the tables of examples/console/args*.c."""
import re

from mdoc import ROOT

CONSOLE = ROOT / "examples/console"


def read(name):
    return (CONSOLE / name).read_text(encoding="utf-8")


def rows(text, table):
    """The rows of the C table of that name, each as its cells."""
    body = re.search(table + r"\[\] = \{\n(.*?)\n\};", text, flags=re.S).group(1)
    for row in re.findall(r"\{(.*?)\},?\s*(?=\{|\Z)", " ".join(body.split()), flags=re.S):
        yield [cell.strip() for cell in re.split(r",\s*(?![^(]*\))", row)]


def commands():
    """{enumerator: (words, operand)}: "pack list" is ("pack", "list")."""
    found = {}
    for under, name, command, operand in rows(read("args_commands.c"), "commands"):
        above = found[under][0] if under != "COMMAND_NONE" else ()
        found[command] = ((*above, name.strip('"')), operand)
    return found


def masks():
    text = read("args_read.h").replace("\\\n", " ")
    return dict(re.findall(r"^#define (FOR_\w+)\s+(\(.*\)|FOR.*?)(?:\s*/\*.*)?$", text, flags=re.M))


def named(mask, known):
    """The enumerators of FOR(READERS) | FOR_CARD …; empty: of every command."""
    found = set()
    for word, inside in re.findall(r"(FOR(?:_\w+)?)(?:\((\w+)\))?", mask):
        if inside:
            found.add("COMMAND_" + inside)
        else:
            found |= named(known[word], known)
    return found


def options():
    """[(name, has a value, enumerators of the commands that take it; empty: all)]"""
    known = masks()
    made = [(c[0].strip('"'), True, named(c[3], known)) for c in rows(read("args_options.c"), "options")]
    made += [(c[0].strip('"'), False, named(c[2], known)) for c in rows(read("args.c"), "switches")]
    if not made or not all(name.startswith("-") for name, _, _ in made):
        raise SystemExit("the tables of options were not understood")
    return made
