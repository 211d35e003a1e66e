"""VB6: constants and Declare statements; vb6.py looks at the module's syntax."""
import re

from ascii_comments import ascii_only

FILE = "examples/vb6/Shikaku.bas"
ENCODING = "ascii"
NEWLINE = "\r\n"
KINDS = {"ByVal Long": "int", "ByRef Long": "out", "ByRef Byte": "bytes"}
DECLARE = re.compile(r'^Public Declare (PtrSafe )?Function (\w+) Lib "shikaku\.dll" Alias "(\w+)" \(([^)]*)\) As Long$', flags=re.M)


def constants(groups, indent):
    for group in groups:
        if group.comment:
            yield ""
            yield f"{indent}' {ascii_only(group.comment)}"
        for number in group.numbers:
            name = "_".join(filter(None, ("SHK", group.prefix, number.name)))
            comment = ascii_only(number.comment)
            yield f"{indent}Public Const {name} As Long = {number.value}" + (f" ' {comment}" if comment else "")


def parameters_of(text):
    for word in filter(None, (w.strip() for w in text.split(","))):
        how, _, kind = re.fullmatch(r"(ByVal|ByRef) (\w+) As (\w+)", word).groups()
        yield KINDS.get(f"{how} {kind}", word)


def declarations(text):
    """Of VBA7's branch, when the one for VB6 says the same."""
    joined = re.sub(r" _\n\s*", "", text)
    branches = {True: {}, False: {}}
    for safe, name, alias, parameters in DECLARE.findall(joined):
        said = [*parameters_of(parameters)]
        branch = branches[bool(safe)]
        branch[name] = said if alias == name and name not in branch else f"declared twice, or as {alias}"
    both = {name: said if branches[False].get(name) == said else "other without PtrSafe" for name, said in branches[True].items()}
    others = set(branches[False]) - set(both)
    told = joined.count('"shikaku.dll"') == len(branches[True]) + len(branches[False])
    return both | {name: "missing with PtrSafe" for name in others} | ({} if told else {"another Declare": "not understood"})


def abi(text):
    return int(re.search(r"^Public Const SHK_ABI_EXPECTED As Long = (\d+)$", text, flags=re.M)[1])
