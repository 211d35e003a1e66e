#!/usr/bin/python3
"""The bindings of examples/ say the same as the public headers.

`bindings.py` compares, `bindings.py --write` fills the numbers in. Of every binding:
- between its lines `codes.h: begin` and `codes.h: end` stand all numbers of include/shikaku/codes.h;
- every export is declared once, with the header's number and kinds of parameters, and nothing else is;
- the interface number is the header's.

A language is a module bindings_LANGUAGE.py with
    FILE                        the binding, from the root of the tree
    ENCODING, NEWLINE           of the file, when they are not UTF-8 and "\\n"
    constants(groups, indent)   the lines between the two marks; indent is what stands before the first mark's comment
    declarations(text)          {"shk_open": ["bytes", "int", "out"], …} as the binding declares them
    abi(text)                   the interface number as it stands there
C and C++ take the header itself.
"""
import importlib
import pathlib
import re
import sys
import typing

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
INCLUDE = ROOT / "include/shikaku"
PROTOTYPE = re.compile(r"SHK_API\s+(\w+)\s+SHK_CALL\s+(\w+)\s*\(([^)]*)\)")
DEFINE = re.compile(r"#define SHK_([A-Z]+)(?:_(\w+))?\s+\(?(-?\d+)\)?\s*(?:/\*\s*(.*?)\s*\*/)?")
# A pointer to bytes, into which or out of which; a pointer to a number that is filled in; a number.
KINDS = {"const char *": "bytes", "char *": "bytes", "const uint8_t *": "bytes", "uint8_t *": "bytes",
         "int32_t *": "out", "shk_session *": "out", "int32_t": "int", "shk_session": "int"}
MARKS = re.compile(r"^([^\S\n]*)\S[^\n]*codes\.h: begin[^\n]*\n(.*?)^[^\n]*codes\.h: end[^\n]*$", flags=re.M | re.S)


class Number(typing.NamedTuple):
    """SHK_JOB_CHECK is CHECK of the group JOB. The comment may be empty."""
    name: str
    value: int
    comment: str


class Group(typing.NamedTuple):
    prefix: str
    comment: str
    numbers: list


def groups():
    """In the header's order. SHK_OK is OK of the group without a prefix."""
    text = re.sub(r"[^\S\n]*\\\n\s*", " ", (INCLUDE / "codes.h").read_text(encoding="utf-8"))
    found, comment = {}, ""
    for line in text.splitlines():
        if above := re.fullmatch(r"/\* (.*) \*/", line):
            comment = above.group(1)
        elif (define := DEFINE.fullmatch(line)) and line != "#define SHIKAKU_CODES_H":
            prefix, name = (define[1], define[2]) if define[2] else ("", define[1])
            group = found.setdefault(prefix, Group(prefix, comment if prefix else "", []))
            group.numbers.append(Number(name, int(define[3]), define[4] or ""))
    if sum(len(g.numbers) for g in found.values()) != text.count("#define SHK_"):
        sys.exit("a line of codes.h was not understood")
    return [*found.values()]


def exports():
    text = (INCLUDE / "shikaku.h").read_text(encoding="utf-8")
    found = {}
    for result, name, parameters in PROTOTYPE.findall(text):
        if result != "int32_t":
            sys.exit(f"{name} gives {result}")
        words = [] if parameters.strip() == "void" else [" ".join(p.split()) for p in parameters.split(",")]
        found[name] = [KINDS[re.sub(r"\w+$", "", word).strip()] for word in words]
    if len(found) != text.count("\nSHK_API "):
        sys.exit("the prototypes of shikaku.h were not understood")
    return found, int(re.search(r"#define SHK_ABI (\d+)", text)[1])


def languages():
    for path in sorted(HERE.glob("bindings_*.py")):
        yield path.stem.removeprefix("bindings_"), importlib.import_module(path.stem)


def numbers_problem(language, text):
    """The text with the numbers as they should be, and what is wrong with it."""
    marks = MARKS.search(text)
    if marks is None:
        return text, "no lines `codes.h: begin` and `codes.h: end`"
    wanted = "".join(f"{line}".rstrip() + "\n" for line in language.constants(groups(), marks[1]))
    same = marks[2] == wanted
    return text[:marks.start(2)] + wanted + text[marks.end(2):], "" if same else "the numbers differ; run bindings.py --write"


def declaration_problems(language, text):
    (wanted, abi), declared = exports(), language.declarations(text)
    for name in sorted(set(wanted) | set(declared)):
        if wanted.get(name) != declared.get(name):
            yield f"{name} is {declared.get(name)}, in shikaku.h {wanted.get(name)}"
    if language.abi(text) != abi:
        yield f"the interface number is {language.abi(text)}, in shikaku.h {abi}"


def look(language, write):
    path = ROOT / language.FILE
    if not path.exists():
        yield "is not there"
        return
    encoding, newline = getattr(language, "ENCODING", "utf-8"), getattr(language, "NEWLINE", "\n")
    whole = path.read_bytes().decode(encoding)
    text = whole.replace("\r\n", "\n")
    if whole != text.replace("\n", newline):
        yield f"a line does not end with {newline!r}"
    right, problem = numbers_problem(language, text)
    if write:
        path.write_bytes(right.replace("\n", newline).encode(encoding))
    elif problem:
        yield problem
    yield from declaration_problems(language, text)


def main():
    found = dict(languages())
    problems = [f"{language.FILE}: {problem}" for language in found.values() for problem in look(language, "--write" in sys.argv)]
    print("\n".join(problems) if problems else f"{' '.join(found)}: as in the headers")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
