#!/usr/bin/python3
"""scripts/annotations tells an editor's Lua language server (LuaCATS) what a script may write.

`annotations.py` compares its files with fields.def, the text helpers, the allow-list and the keys of the
contract; `annotations.py --write` makes them.
"""
import ast
import pathlib
import re
import subprocess
import sys

from annotation_keys import (ADDITION, CHANGE, CLASSES, OVERLAY, PACK, PARAMETERS, RESULTS, ROW, SCRIPT, WORLD)

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "scripts/annotations"
MAPPING = ROOT / "plugin/mapping"
TYPES = {"INT": 'integer|""', "PERCENT": 'integer|""', "SEX": '"male"|"female"|"unknown"|""',
         "RELATION": '"self"|"family"|""'}
ENTRIES = 3  # of a list that are offered; more may be written
RECORDS = 2  # of an answer
DAYS = ["MM{0}DD", "M{0}D"]
COMMON_DATES = ["YYYYMMDD", "YYYYMM", "YYYY/MM", "YYYY年M月", "YYYYMMDDhhmmss", "YYYY/MM/DD hh:mm", "YYYY/MM/DD hh:mm:ss",
                *(f"YYYY{sign}{day.format(sign)}" for sign in "/-." for day in DAYS),
                *(f"YYYY年{day.format('月')}日" for day in DAYS)]
COMMON_ERAS = ["GYYMMDD", "gYYMMDD", *(f"{year}{sign}{day.format(sign)}" for year in ("GY", "GYY") for sign in "./-"
                                       for day in DAYS),
               *(f"{year}年{day.format('月')}日" for year in ("EY", "EYY", "Ey") for day in DAYS)]
COMMON_INSURERS = ["bare", "zero", "space", "6"]
HEAD = """---@meta shikaku.{name}

-- 変換スクリプトを書くときに、エディター（Lua Language Server）が項目名を補い、書き間違いを知らせるための定義です。
-- 実行されることはありません。tests/contract/annotations.py --write で作られます。手で直さないでください。使い方は docs/editor.md。
-- What an editor needs to complete names and to warn about misspelt ones; it is never run. Made by
-- tests/contract/annotations.py --write; do not edit it. docs/editor.md says how to use it.

"""


def source(path):
    return re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)


def rows(text, macro):
    """The arguments of every NAME(…) of a .def file; neighbouring literals are joined."""
    for body in re.findall(rf"^\s*{macro}\((.*?)\)\s*$", text, flags=re.S | re.M):
        joined = re.sub(r'"\s*\n\s*"', "", body)
        parts = re.findall(r'"(?:[^"\\]|\\.)*"|[^,"\s][^,"]*', joined)
        yield [ast.literal_eval(p) if p[0] == '"' else p.strip() for p in parts]


def fields():
    """Path, type, has a code table, Japanese and English label of every row of fields.def."""
    text = source(ROOT / "plugin/record/fields.def")
    found = [(r[0], r[1], r[5] != "NONE", r[7], r[8]) for r in rows(text, "FIELD")]
    if len(found) != text.count("FIELD("):
        sys.exit("a row of fields.def was not understood")
    return found


# ---- the record ----

def value_type(kind):
    known = TYPES.get(kind)
    return f"({known})?" if known else "string?"


def class_name(group):
    return "shikaku.Record" + "".join("." + part.replace("[]", "") for part in group.split(".") if part)


def record_classes():
    """One class for the record and for each group and list below it, in the order of the table."""
    classes = {"": []}
    for path, kind, coded, japanese, english in fields():
        group, _, name = path.rpartition(".")
        parts = group.split(".") if group else []
        for depth, part in enumerate(parts):
            here, outer = ".".join(parts[:depth + 1]), ".".join(parts[:depth])
            if here not in classes:
                classes[here] = []
                many = "[]" if part.endswith("[]") else ""
                classes[outer].append(f"---@field {part.removesuffix('[]')} {class_name(here)}{many}")
        classes[group].append(f"---@field {name} {value_type(kind)} {japanese} / {english}")
        if coded:
            classes[group].append(f"---@field {name}_label string? {japanese}（名称） / {english}, its label")
    classes[""] += ["---@field records shikaku.Record[] 同じ回答のすべての記録 / all records of the answer",
                    "---@field record_index integer この記録の番号 / the number of this record"]
    for group, lines in classes.items():
        yield f"---@class (exact) {class_name(group)}\n" + "\n".join(lines) + "\n"


def concrete(path):
    if "[]" not in path:
        return [path]
    return [path.replace("[]", f"[{n}]") for n in range(1, ENTRIES + 1)]


def paths():
    """Every path that a row's `from` may name, with its label."""
    for path, _, coded, japanese, english in fields():
        for one in concrete(path):
            yield one, f"{japanese} / {english}"
            if coded:
                yield one + "_label", f"{japanese}（名称） / {english}, its label"


def entry_paths():
    seen = {"@index": "並びの中の番号 / the entry's number"}
    for path, _, coded, japanese, english in fields():
        if "[]." in path:
            name = path.split("[].")[1]
            seen.setdefault(name, f"{japanese} / {english}")
            if coded:
                seen.setdefault(name + "_label", f"{japanese}（名称） / {english}, its label")
    return seen.items()


def group_names():
    """Groups and lists: `uses` and `each` name them."""
    seen = {}
    for path, *_ in fields():
        parts = path.split(".")[:-1]
        for depth in range(len(parts)):
            group = ".".join(parts[:depth + 1])
            seen[group.replace("[]", "")] = group.endswith("[]")
    return seen


def uses():
    for group, is_list in group_names().items():
        yield group, "この並び全体 / the whole list" if is_list else "この組全体 / the whole group"
    for path, _, _, japanese, english in fields():
        if "[]" not in path:
            yield path, f"{japanese} / {english}"


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def short_alias(name, values):
    return f"---@alias {name} {'|'.join(quoted(value) for value in values)}\n"


def alias(name, literals):
    lines = [f"---| {quoted(value)}{' # ' + label if label else ''}" for value, label in literals]
    return f"---@alias {name}\n" + "\n".join(lines) + "\n"


# ---- helpers ----

class Helpers:
    """helpers.def: what may stand in `as`, and every text.NAME with its parameters, words and examples."""

    def __init__(self):
        text = re.sub(r'"\s*\n\s*"', "", source(MAPPING / "helpers.def"))
        text = re.sub(r",\s*\n\s*", ", ", text)
        self.takes, self.functions, self.arguments, self.examples = {}, {}, {}, {}
        self.spoken, self.said_of_as, self.said_of_function = {}, {}, {}  # literals of AS, words
        last = None
        for macro in re.findall(r"^(HELPER|LUA|ARGUMENT|AS|EXAMPLE)(\(.*\))$", text, flags=re.M):
            last = self.take(*macro, last)
        if len(self.takes) != len(re.findall(r"^HELPER\(", text, flags=re.M)) or len(self.takes) < 12:
            sys.exit("a row of helpers.def was not understood")

    def take(self, macro, body, last):
        row = next(rows(f"{macro}{body}", macro))
        if macro in ("HELPER", "LUA"):
            name = row[0]
            self.said_of_function[name] = " / ".join(row[-2:])
            if macro == "HELPER":
                self.takes[name] = row[1]
                self.said_of_as[name] = self.said_of_function[name]
                self.functions[name] = "(value [, argument])" if row[1] == "OPTIONAL" else (
                    "(value, argument)" if row[1] == "NEEDS" else "(value)")
            else:
                self.functions[name] = row[2]
            return name
        if macro == "ARGUMENT":
            self.arguments[last] = " / ".join(row)
        elif macro == "AS":
            self.spoken.setdefault(row[0].split(":", 1)[0], []).append(row[0])
        else:
            self.examples.setdefault(re.match(r"text\.(\w+)", row[0]).group(1), []).append(row[0])
        return last

    def literals(self):
        """What `as` may say: names, and arguments that are usual or stand in an example."""
        for name, takes in self.takes.items():
            if takes != "NEEDS":
                yield name, self.said_of_as[name]
            usual = {"date": COMMON_DATES, "wareki": COMMON_ERAS, "insurer": COMMON_INSURERS}.get(name, [])
            spoken = [value for value in self.spoken.get(name, []) if ":" in value]
            for value in dict.fromkeys([*spoken, *(f"{name}:{argument}" for argument in usual)]):
                yield value, self.arguments.get(name, "") if takes == "NEEDS" else ""

    def annotations(self):
        yield "---@class shikaku.text\ntext = {}\n"
        for name, shape in self.functions.items():
            names = [part.strip(" []") for part in shape.strip("()").replace("[", "").split(",")]
            optional = [part.strip(" []()") for part in shape.partition("[")[2].split(",")]
            lines = [f"---{self.said_of_function[name]}", *(f"---例 / example: `{call}`" for call in self.examples.get(name, [])[:2])]
            for one in names:
                kind = PARAMETERS.get(one, "string|integer")
                said = f" {self.arguments[name]}" if one == "argument" and name in self.arguments else ""
                lines.append(f"---@param {'...' if one == '…' else one}{'?' if one in optional and one else ''} {kind}{said}")
            lines.append(f"---@return {RESULTS.get(name, 'string?')}")
            yield "\n".join(lines) + f"\nfunction text.{name}({', '.join(names).replace('…', '...')}) end\n"


# ---- the world and the contract ----

def allowed():
    """The names that lua_library.c and lua_string.c let a script reach, without text.*."""
    text = source(MAPPING / "lua_library.c")
    found = []
    for table, names in re.findall(r"\{luaopen_\w+,\s*(NULL|\"\w+\"),\s*\{([^}]*)\}", text):
        prefix = "" if table == "NULL" else table.strip('"') + "."
        found += [prefix + name for name in re.findall(r'"(\w+)"', names)]
    found += re.findall(r"static int base_(\w+)\(", text)
    found += ["table.sort"] if "library_sort" in text else []
    strings = re.search(r"library_string\[\] = \{(.*?)\};", source(MAPPING / "lua_string.c"), flags=re.S)
    found += ["string." + name for name in re.findall(r'\{\s*"(\w+)"', strings.group(1))]
    if len(found) < 25:
        sys.exit("the allow-list of lua_library.c was not understood")
    for name in sorted(set(found) - set(WORLD)):
        sys.exit(f"annotation_keys.py: WORLD says nothing of {name}")
    return sorted(found)


def world():
    tables = sorted({name.split(".")[0] for name in allowed() if "." in name})
    parts = [f"---@class {'stringlib' if table == 'string' else 'shikaku.' + table}\n{table} = {{}}\n" for table in tables]
    for name in allowed():
        parts.append(WORLD[name].replace("NAME", name) + "\n")
    return parts


def key_class(name, keys, parent=""):
    lines = [f"---@class (exact) {name}{': ' + parent if parent else ''}"]
    lines += [f"---@field {key} {kind} {japanese} / {english}" for key, kind, japanese, english in keys]
    lines.append("---@field [string] shikaku.NoSuchKey")
    return "\n".join(lines) + "\n"


def path_aliases():
    others = [f"records[{n}].{path}" for n in range(1, RECORDS + 1) for path, _ in paths()]
    lists = [name for name, is_list in group_names().items() if is_list]
    return [alias("shikaku.Path", paths()), alias("shikaku.EntryPath", entry_paths()),
            alias("shikaku.Uses", uses()), short_alias("shikaku.List", ["records", *lists]),
            short_alias("shikaku.OtherRecordPath", others)]


def contract_classes():
    helpers = Helpers()
    return [*CLASSES, key_class("shikaku.Row", ROW), key_class("shikaku.Script", SCRIPT),
            key_class("shikaku.Pack", PACK), key_class("shikaku.Change", CHANGE, "shikaku.Row"),
            key_class("shikaku.Addition", ADDITION, "shikaku.Row"), key_class("shikaku.Overlay", OVERLAY),
            alias("shikaku.As", helpers.literals()), *helpers.annotations()]


def pages():
    """File to content: what the record holds, its paths, the contract with the helpers, what of Lua there is."""
    parts = {"record": list(record_classes()), "paths": path_aliases(), "shikaku": contract_classes(),
             "lua": world()}
    return {FOLDER / f"{name}.lua": HEAD.replace("{name}", name) + "\n".join(part) for name, part in parts.items()}


def words_of(path, pattern):
    """The texts of the arrays whose names fit."""
    found = set()
    for body in re.findall(rf"\b{pattern}\[\w*\] = \{{(.*?)\}};", source(MAPPING / path), flags=re.S):
        found |= set(re.findall(r'"(\w+)"', body))
    return found


def key_problems():
    """The keys that the plugin reads and those that the classes offer are the same."""
    packs = set(re.findall(r'\[PACK_\w+\] = \{"(\w+)"', source(MAPPING / "pack.c")))
    pairs = (("Script", SCRIPT, words_of("contract_style.c", "contract_outer_keys")),
             ("Row", ROW, words_of("contract_row.c", "keys")), ("Overlay", OVERLAY, words_of("overlay.c", "keys")),
             ("Change", CHANGE, words_of("overlay.c", "own_words")),
             ("Pack", PACK, packs | {"pack", "contract", "uses", "host_versions"}))
    for name, keys, read in pairs:
        for key in sorted({key.rstrip("?") for key, *_ in keys} ^ read):
            yield f"annotation_keys.py: {name}: {key} is {'missing' if key in read else 'not read by the plugin'}"


def syntax_problems(made):
    for path in made:
        try:
            done = subprocess.run(["luac5.4", "-p", path], capture_output=True, text=True, check=False)
        except FileNotFoundError:
            yield "luac5.4 is not installed (tests/setup/packages.sh test)"
            return
        if done.returncode != 0:
            yield done.stderr.strip()


def page_problems(made):
    for path, text in made.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            yield f"{path.relative_to(ROOT)} differs; run tests/contract/annotations.py --write"
    for path in set(FOLDER.glob("*")) - set(made):
        yield f"{path.relative_to(ROOT)} is not made from anything"


def main():
    made = pages()
    if "--write" in sys.argv:
        FOLDER.mkdir(exist_ok=True)
        for path, text in made.items():
            path.write_text(text, encoding="utf-8")
    problems = [*key_problems(), *page_problems(made), *syntax_problems(made)]
    print("\n".join(problems) if problems else f"{len(made)} files agree")
    sys.exit(1 if problems else 0)


main()
