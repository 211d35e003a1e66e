#!/usr/bin/python3
"""plugin/mapping/helpers.def and docs/helpers.md say the same.

`helpers.py` compares the two and checks the table's own rules; `helpers.py --write` makes docs/helpers.md.
The examples themselves are run by unit.mapping_helpers and unit.helper.
"""
import ast
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TABLE = ROOT / "plugin/mapping/helpers.def"
PAGE = ROOT / "docs/helpers.md"
MACROS = ("GROUP", "HELPER", "LUA", "ARGUMENT", "AS", "EXAMPLE", "NOTE")
TAKES = {"PLAIN": "", "OPTIONAL": "省ける / optional: ", "NEEDS": "必要 / needed: "}
HEAD = """# 変換の一覧 / Text helpers

`plugin/mapping/helpers.def` から `tests/contract/helpers.py --write` で作られます。手で直さないでください。例はすべてテストで実行されます
（出力の文字コードは `cp932`）。
Made from `plugin/mapping/helpers.def`; do not edit it. All examples are run by the tests, with encoding `cp932`.

名前だけの行は、値を1つ変えるものです。行の `as` に書くか、関数の中で `text.名前(値)` と呼びます。引数のあるものは、`as` では名前の後ろに
`:` を付けて書き、関数では2つ目に渡します。`text.` で始まる行は関数の中だけで使えます。
A plain name changes one value: write it into a row's `as`, or call `text.NAME(value)` in a function. An argument stands behind a `:` in
`as`, and is the second one of the function. What is shown with `text.` is for functions only.

```lua
{ to = "カナ",       from = "name_kana",      as = "kana_half" },
{ to = "生年月日",   from = "birth_date",     as = "date:YYYYMMDD" },
{ to = "保険者番号", from = "insurer_number", as = "insurer:space" },
{ to = "番号",       from = "number",         as = { "digits", "pad:8,0,right" } },
{ to = "記号・番号", with = function(_, rec) return text.symbol_number(rec.symbol, rec.number) end },
```

- ない値（`nil`）はないまま、空の値（`""`）は空のままです（コードにする変換と `branch2` では、空は値なし）。
  Absent stays absent and empty stays empty; codes and `branch2` make absent of empty.
- 値が合わないときは推測せず、`SHK_E_SCRIPT_RUN` で止まります。エラーに値は出ません。値は64 KiBまで、引数は64バイトまで。
  A value that does not fit stops the run, and no error shows it. Values up to 64 KiB, arguments up to 64 bytes.
"""
COLUMNS = "\n| 名前 / name | 意味 / meaning | 引数 / argument | 例 / example |\n|---|---|---|---|\n"


def values(body):
    for part in re.findall(r'"(?:[^"\\]|\\.)*"|[^,"\s][^,"]*', re.sub(r'"\s*\n\s*"', "", body)):
        yield ast.literal_eval(part) if part[0] == '"' else part.strip()


def rows():
    """(macro, values) of every row, in order."""
    text = TABLE.read_text(encoding="utf-8")
    found = [(macro, list(values(body)))
             for macro, body in re.findall(rf"^({'|'.join(MACROS)})\((.*?)\)$", text, flags=re.S | re.M)]
    if len(found) != len(re.findall(rf"^(?:{'|'.join(MACROS)})\(", text, flags=re.M)):
        sys.exit("a row of helpers.def was not understood")
    return found


class Helper:
    def __init__(self, macro, parts):
        self.macro, self.name, self.takes = macro, parts[0], "PLAIN"
        self.japanese, self.english = parts[-2:]
        self.signature = parts[2] if macro == "LUA" else ""
        if macro == "HELPER":
            self.takes = parts[1]
        self.argument, self.examples = None, []

    def problems(self):
        if self.takes not in TAKES:
            yield f"{self.name}: {self.takes} is not what a helper takes"
        if (self.takes != "PLAIN") != (self.argument is not None):
            yield f"{self.name}: the argument is explained where there is one"
        if not self.examples:
            yield f"{self.name}: no example"
        if self.takes != "PLAIN" and not any(as_.startswith(f"{self.name}:") for as_, *_ in self.examples):
            yield f"{self.name}: no example of `as` with the argument"
        for first, *_ in self.examples:
            if not re.match(rf"(?:text\.{self.name}\(|{self.name}(?::|$))", first):
                yield f"{self.name}: {first} is no example of it"
        if not re.search(r"[ぁ-んァ-ヶ一-龠]", self.japanese) or not self.english:
            yield f"{self.name}: both languages are needed"

    def row(self):
        name = f"`text.{self.name}{self.signature}`" if self.macro == "LUA" else f"`{self.name}`"
        argument = TAKES.get(self.takes, "?") + " / ".join(self.argument or ())
        cells = [name, f"{self.japanese}<br>{self.english}", argument, "<br>".join(self.shown())]
        return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |\n"

    def shown(self):
        for example in self.examples:
            if len(example) == 2:
                yield f"`{example[0]}` → `{example[1]}`"
            else:
                result = "nil" if example[2] == "NULL" else f'"{example[2]}"'
                yield f'`as = "{example[0]}"`：`"{example[1]}"` → `{result}`'


def groups(found):
    """(title, helpers, notes) of every group."""
    made = []
    for macro, parts in found:
        if macro == "GROUP":
            made.append((" / ".join(parts), [], []))
        elif macro in ("HELPER", "LUA"):
            made[-1][1].append(Helper(macro, parts))
        elif macro == "NOTE":
            made[-1][2].append("\n".join(parts))
        elif macro == "ARGUMENT":
            made[-1][1][-1].argument = parts
        else:
            made[-1][1][-1].examples.append(parts)
    return made


def page(made):
    parts = [HEAD]
    for title, helpers, notes in made:
        parts += [f"\n## {title}\n", COLUMNS, *(h.row() for h in helpers), *(f"\n{note}\n" for note in notes)]
    return "".join(parts)


def main():
    made = groups(rows())
    helpers = [h for _, group, _ in made for h in group]
    if "--write" in sys.argv:
        PAGE.write_text(page(made), encoding="utf-8")
    problems = [p for h in helpers for p in h.problems()]
    for macro in ("HELPER", "LUA"):
        names = [h.name for h in helpers if h.macro == macro]
        problems += sorted({f"{n} stands twice" for n in names if names.count(n) > 1})
    if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page(made):
        problems.append("docs/helpers.md differs from helpers.def; run tests/contract/helpers.py --write")
    print("\n".join(problems) if problems else f"{len(helpers)} helpers agree")
    sys.exit(1 if problems else 0)


main()
