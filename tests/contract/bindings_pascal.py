"""Pascal: untyped constants, and external functions of one unit for Delphi and Free Pascal."""
import re

from ascii_comments import ascii_only

FILE = "examples/pascal/Shikaku.pas"
ENCODING = "ascii"
KINDS = {"PAnsiChar": "bytes", "PByte": "bytes", "Integer": "int", "TShkSession": "int",
         "out Integer": "out", "out TShkSession": "out"}
FUNCTION = re.compile(r"^function (shk_\w+)(?:\(([^)]*)\))?: Integer;\n"
                      r"  \{\$IFDEF MSWINDOWS\}stdcall\{\$ELSE\}cdecl\{\$ENDIF\}; external SHK_LIBRARY name '(\w+)';$", flags=re.M)


def constants(groups, indent):
    for group in groups:
        if group.comment:
            yield ""
            yield f"{indent}{{ {ascii_only(group.comment)} }}"
        for number in group.numbers:
            name = "_".join(filter(None, ("SHK", group.prefix, number.name)))
            comment = ascii_only(number.comment)
            yield f"{indent}{name} = {number.value};" + (f" {{ {comment} }}" if comment else "")


def declarations(text):
    found = {}
    for name, parameters, external in FUNCTION.findall(text):
        words = [" ".join(p.split()) for p in parameters.split(";")] if parameters else []
        found[name] = [KINDS[re.sub(r"(?:\b\w+)?: ", "", word)] for word in words]
        if external != name:
            found[name].append(f"external name {external}")
    for name in re.findall(r"\bexternal SHK_LIBRARY name '(\w+)'", text):
        found.setdefault(name, "declared in another way")
    return found


def abi(text):
    return int(re.search(r"^  SHK_ABI_EXPECTED = (\d+);$", text, flags=re.M)[1])
