#!/usr/bin/python3
"""examples/vb6 without Visual Basic: what its compiler would say of declarations, blocks and names.

Both modules are read twice, as VBA7 reads them and as VB6 does. Every export is declared once with the parameters that the C
types of shikaku.h ask for, every number is that of codes.h; blocks are balanced, names are declared, calls have as many
arguments as they need, and what goes by reference has the type that is asked for.
"""
import pathlib
import re
import sys

from bindings import exports, groups

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODULES = ("examples/vb6/Shikaku.bas", "examples/vb6/Reception.bas")
C_TYPES = {"int": "ByVal Long", "out": "ByRef Long", "bytes": "ByRef Byte"}
LONGEST, MOST_CONTINUED = 1023, 24
TOKEN = re.compile(r'"(?:[^"]|"")*"|&H[0-9A-F]+|\d+|[A-Za-z_]\w*\$?|<>|<=|>=|\S')
DECLARE = re.compile(r'(Public|Private) Declare (PtrSafe )?(?:Function|Sub) (\w+) Lib "([\w.]+)"(?: Alias "(\w+)")? \((.*)\) As (\w+)')
PROCEDURE = re.compile(r"(Public|Private) (Sub|Function) (\w+)\((.*)\)(?: As (\w+))?")
PARAMETER = re.compile(r"(Optional )?(ByVal|ByRef) (\w+)(\(\))? As (\w+)(?: = (?:\"[^\"]*\"|-?\d+))?")
CONSTANT = re.compile(r"(Public|Private) Const (\w+) As Long = (-?\d+)")
VARIABLE = re.compile(r"(?:Private|Dim) (\w+)(\(\))? As (\w+)")
WORDS = set("""access and as binary byref byval case close debug do doevents dim else end err exit false for function get if is kill
    loop mod next not open or preserve print put redim select step sub then to true until wend while with write app""".split())
TYPES = {"boolean", "byte", "integer", "long", "longptr", "string"}
# Visual Basic's own, with the least and the most arguments.
OWN = {"chrw": (1, 1), "command": (0, 0), "dir": (0, 2), "freefile": (0, 1), "iif": (3, 3), "inputbox": (1, 7), "instrrev": (2, 4),
       "lbound": (1, 2), "left": (2, 2), "len": (1, 1), "mid": (2, 3), "msgbox": (1, 5), "replace": (3, 6), "space": (1, 1),
       "split": (1, 4), "strconv": (2, 3), "string": (2, 2), "strptr": (1, 1), "trim": (1, 1), "ubound": (1, 2),
       "vbfromunicode": (0, 0), "vblf": (0, 0), "vbnullchar": (0, 0)}
# What opens a block, what may stand in it, and what ends it.
BLOCKS = ((r"(?:Public|Private) Sub .*", None, r"End Sub"), (r"(?:Public|Private) Function .*", None, r"End Function"),
          (r"If .* Then", r"Else|ElseIf .* Then", r"End If"), (r"Do(?: .*)?", None, r"Loop(?: .*)?"),
          (r"Select Case .*", r"Case .*", r"End Select"), (r"For (\w+) = .*", None, r"Next \w+"))


class Procedure:
    def __init__(self, kind, name, parameters, lines=()):
        self.kind, self.name, self.parameters, self.lines = kind, name, parameters, list(lines)

    def least(self):
        return sum(not p["optional"] for p in self.parameters)


def file_problems(name, content):
    if not content.isascii():
        yield f"{name}: not ASCII, so it would read otherwise under another code page"
    if content.count(b"\n") != content.count(b"\r\n") or not content.endswith(b"\r\n"):
        yield f"{name}: a line does not end with CR and LF"
    lines = content.decode("ascii", "replace").splitlines()
    module = pathlib.PurePath(name).stem
    if lines[:2] != [f'Attribute VB_Name = "{module}"', "Option Explicit"]:
        yield f"{name}: does not begin with its name and Option Explicit"
    for number, line in enumerate(lines, 1):
        if len(line) > LONGEST or "\t" in line:
            yield f"{name}:{number}: a tab, or longer than {LONGEST}"


def without_comment(line):
    """Up to the first ' that is in no string."""
    return re.match(r"(?:[^'\"]|\"(?:[^\"]|\"\")*\")*", line)[0].rstrip()


def logical_lines(name, text, problems):
    """(number, line) without comments, with continued lines in one."""
    begun, continued = "", 0
    for number, raw in enumerate(text.splitlines(), 1):
        line = without_comment(raw)
        if raw.rstrip().endswith(" _") and not line.endswith(" _"):
            problems.append(f"{name}:{number}: a comment goes on in the next line")
        if line.endswith(" _"):
            begun, continued = f"{begun}{line[:-1].strip()} ", continued + 1
            continue
        if continued > MOST_CONTINUED:
            problems.append(f"{name}:{number}: {continued} continued lines")
        whole = re.sub(r"\( ", "(", begun + line.strip())
        begun, continued = "", 0
        if whole:
            yield number, whole


def of_branch(name, lines, vba7, problems):
    """The lines that one of the two compilers reads."""
    inside = None
    for number, line in lines:
        if line == "#If VBA7 Then" and inside is None:
            inside = True
        elif line == "#Else" and inside:
            inside = False
        elif line == "#End If" and inside is not None:
            inside = None
        elif line.startswith("#"):
            problems.append(f"{name}:{number}: {line}")
        elif inside is None or inside == vba7:
            yield number, line
    if inside is not None:
        problems.append(f"{name}: an #If without #End If")


def parameters_of(where, text, problems):
    found = []
    for word in filter(None, (w.strip() for w in re.sub(r"\(\)", "[]", text).split(","))):
        match = PARAMETER.fullmatch(word.replace("[]", "()"))
        if match is None or match[5].lower() not in TYPES:
            problems.append(f"{where}: parameter {word}")
            continue
        found.append({"optional": bool(match[1]), "how": match[2], "name": match[3], "array": bool(match[4]), "type": match[5]})
    return found


class Module:
    """What one compiler sees of a file."""

    def __init__(self, name, text, vba7, problems):
        self.name, self.problems, self.vba7 = name, problems, vba7
        self.constants, self.variables, self.declares, self.procedures = {}, {}, [], []
        lines = [*of_branch(name, logical_lines(name, text, problems), vba7, problems)]
        self.blocks(lines)
        inside = False
        for number, line in lines:
            if procedure := PROCEDURE.fullmatch(line):
                parameters = parameters_of(f"{name}:{number}", procedure[4], problems)
                self.procedures.append(Procedure(procedure[2], procedure[3], parameters))
                inside = True
            elif re.fullmatch("End (?:Sub|Function)", line):
                inside = False
            elif inside:
                self.procedures[-1].lines.append((number, line))
            else:
                self.outside(number, line)

    def say(self, number, words):
        self.problems.append(f"{self.name}:{number}: {words}")

    def outside(self, number, line):
        """A line of the module's head."""
        if self.procedures:
            self.say(number, f"behind a procedure: {line}")
        elif match := CONSTANT.fullmatch(line):
            self.constants[match[2]] = int(match[3])
        elif match := DECLARE.fullmatch(line):
            parameters = parameters_of(f"{self.name}:{number}", match[6], self.problems)
            self.declares.append({"number": number, "safe": bool(match[2]), "name": match[3], "library": match[4],
                                  "alias": match[5], "parameters": parameters, "gives": match[7], "line": line})
        elif match := VARIABLE.fullmatch(line):
            self.variables[match[1]] = (match[3], bool(match[2]))
        elif not re.match(r"Attribute VB_Name = |Option Explicit$", line):
            self.say(number, f"not understood: {line}")

    def blocks(self, lines):
        open_blocks = []
        for number, line in lines:
            begun = next((b for b in BLOCKS if re.fullmatch(b[0], line) and " Declare " not in line), None)
            ends = [b for b in BLOCKS if re.fullmatch(b[2], line)]
            parts = [b for b in BLOCKS if b[1] and re.fullmatch(b[1], line)]
            if begun:
                open_blocks.append((begun, line))
            elif ends:
                self.end_block(number, line, ends, open_blocks)
            elif parts and not (open_blocks and open_blocks[-1][0] in parts):
                self.say(number, f"{line} belongs to no block")
            elif (left := re.match(r"Exit (\w+)", line)) and not any(left[1] in b[1] for b in open_blocks):
                self.say(number, f"{line} outside of one")
        for _, line in open_blocks:
            self.problems.append(f"{self.name}: not ended: {line}")

    def end_block(self, number, line, ends, open_blocks):
        block, begun = open_blocks.pop() if open_blocks else (None, "")
        if block not in ends:
            self.say(number, f"{line} ends {begun or 'nothing'}")
        elif line.startswith("Next ") and re.match(r"For (\w+)", begun)[1] != line.split()[1]:
            self.say(number, f"{line} ends {begun}")


def declare_problems(module):
    """Every export once, as its C types are; PtrSafe where it is known, and nowhere else."""
    wanted, _ = exports()
    ours = [d for d in module.declares if d["library"] == "shikaku.dll"]
    reader = "VBA7" if module.vba7 else "VB6"
    for name in wanted:
        if sum(d["name"] == name for d in ours) != 1:
            yield f"{name} is declared {sum(d['name'] == name for d in ours)} times for {reader}"
    for found in module.declares:
        where = f"{module.name}:{found['number']}: {found['name']}"
        if found["safe"] != module.vba7:
            yield f"{where}: PtrSafe is for VBA7 alone, and there for every Declare"
        if not module.vba7 and "LongPtr" in found["line"]:
            yield f"{where}: LongPtr is for VBA7 alone"
    for found in ours:
        where = f"{module.name}:{found['number']}: {found['name']}"
        kinds = [f"{p['how']} {p['type']}" + ("()" if p["array"] else "") for p in found["parameters"]]
        if found["name"] not in wanted:
            yield f"{where}: no such export"
        elif kinds != [C_TYPES[kind] for kind in wanted[found["name"]]]:
            yield f"{where}: {', '.join(kinds)} is not as in shikaku.h"
        if found["alias"] != found["name"] or found["gives"] != "Long":
            yield f"{where}: Alias {found['alias']}, As {found['gives']}"


def constant_problems(module):
    wanted = {"_".join(filter(None, ("SHK", g.prefix, n.name))): n.value for g in groups() for n in g.numbers}
    wanted["SHK_ABI_EXPECTED"] = exports()[1]
    ours = {name: value for name, value in module.constants.items() if name.startswith("SHK_")}
    for name in sorted(set(wanted) | set(ours)):
        if wanted.get(name) != ours.get(name):
            yield f"{module.name}: {name} is {ours.get(name)}, in codes.h {wanted.get(name)}"


def arguments(tokens):
    """The arguments, each a list of tokens, that begin at the first token; and whether a parenthesis ended them."""
    found, depth = [[]], 0
    for token in tokens:
        if depth == 0 and token == ")":
            break
        if depth == 0 and token == ",":
            found.append([])
            continue
        depth += (token == "(") - (token == ")")
        found[-1].append(token)
    return [] if found == [[]] else found


class Body:
    """The names and calls of one procedure."""

    def __init__(self, module, procedure, public):
        self.module, self.procedure, self.public = module, procedure, public
        self.locals = {p["name"].lower(): (p["type"], p["array"]) for p in procedure.parameters}
        for number, line in procedure.lines:
            if match := VARIABLE.fullmatch(line):
                if match[1].lower() in self.locals or match[1].lower() == procedure.name.lower():
                    module.say(number, f"{match[1]} is declared twice")
                if match[3].lower() not in TYPES:
                    module.say(number, f"no such type: {match[3]}")
                self.locals[match[1].lower()] = (match[3], bool(match[2]))
        self.names = {n.lower(): v for n, v in module.variables.items()} | self.locals

    def look(self):
        assigned = self.procedure.kind == "Sub"
        for number, line in self.procedure.lines:
            tokens = TOKEN.findall(line)
            assigned |= any(a.lower() == self.procedure.name.lower() and b == "=" for a, b in zip(tokens, tokens[1:]))
            for at, token in enumerate(tokens):
                if re.match(r"[A-Za-z_]", token) and (at == 0 or tokens[at - 1] != "."):
                    self.word(number, tokens, at)
        if not assigned:
            self.module.problems.append(f"{self.module.name}: {self.procedure.name} gives nothing")

    def word(self, number, tokens, at):
        word = tokens[at].removesuffix("$").lower()
        if word in WORDS or word in TYPES and tokens[at - 1] == "As":
            return
        if word in self.names or word in self.public["constants"] or word == self.procedure.name.lower():
            return
        called = self.public["calls"].get(word)
        if called is None and word not in OWN:
            self.module.say(number, f"{tokens[at]} is not declared")
            return
        behind = tokens[at + 1:]
        given = arguments(behind[1:] if behind[:1] == ["("] else behind if at == 0 or tokens[at - 1] in ("Then", "Else") else [])
        least, most = OWN[word] if called is None else (called.least(), len(called.parameters))
        if word == "mid" and at == 0:
            least, most = 2, 3
        if not least <= len(given) <= most:
            self.module.say(number, f"{tokens[at]} has {len(given)} arguments, not {least} to {most}")
        elif called is not None:
            self.by_reference(number, called, given)

    def by_reference(self, number, called, given):
        """Visual Basic refuses another type where a variable itself is passed."""
        for parameter, tokens in zip(called.parameters, given):
            wanted = (parameter["type"], parameter["array"])
            name = tokens[0].lower() if tokens else ""
            if parameter["how"] == "ByVal":
                continue
            kind, array = self.names.get(name, (None, False))
            element = array and len(tokens) > 1 and tokens[1] == "("
            if (kind, array and not element) != wanted or (len(tokens) > 1) != element:
                self.module.say(number, f"{called.name}: {' '.join(tokens)} is not {parameter['name']} As {parameter['type']}")


def program_problems(texts, vba7):
    problems = []
    modules = [Module(name, text, vba7, problems) for name, text in texts.items()]
    for module in modules:
        names = [*module.constants, *module.variables, *(d["name"] for d in module.declares), *(p.name for p in module.procedures)]
        lower = [name.lower() for name in names]
        problems += [f"{module.name}: {n} stands twice" for n in sorted({n for n in lower if lower.count(n) > 1})]
    calls = {p.name.lower(): p for m in modules for p in m.procedures}
    calls |= {d["name"].lower(): Procedure("Function", d["name"], d["parameters"]) for m in modules for d in m.declares}
    public = {"calls": calls, "constants": {c.lower() for m in modules for c in m.constants}}
    for module in modules:
        for procedure in module.procedures:
            Body(module, procedure, public).look()
    problems += [*declare_problems(modules[0]), *constant_problems(modules[0])]
    opens = [line for m in modules for p in m.procedures if p.name == "ShikakuOpen" for _, line in p.lines]
    if not any('"text_encoding"' in line for line in opens):
        problems.append("ShikakuOpen leaves text_encoding as the file has it")
    if any(d["library"] == "shikaku.dll" for m in modules[1:] for d in m.declares):
        problems.append("a Declare of shikaku.dll outside of Shikaku.bas")
    return problems


def look(contents):
    """contents: name and bytes of each module, Shikaku.bas first."""
    problems = [p for name, content in contents.items() for p in file_problems(name, content)]
    texts = {name: content.decode("ascii", "replace") for name, content in contents.items()}
    found = [*problems, *program_problems(texts, True), *program_problems(texts, False)]
    return [*dict.fromkeys(found)]


def read():
    return {name: (ROOT / name).read_bytes() for name in MODULES}


if __name__ == "__main__":
    said = look(read())
    print("\n".join(said) if said else "the modules of VB6 are in order")
    sys.exit(1 if said else 0)
