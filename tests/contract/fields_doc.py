#!/usr/bin/python3
"""docs/fields.md is made from plugin/record/fields.def and codes.def: `--check` compares, else writes."""
import ast
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/fields.md"
TYPES = {
    "TEXT": "text, exactly as sent", "DATE": "YYYY-MM-DD", "MONTH": "YYYY-MM",
    "TIME": "YYYY-MM-DDThh:mm:ss", "INT": "whole number", "PERCENT": "percent, whole number",
    "CODE": "code", "FLAG": "code, present means yes", "SEX": "male / female / unknown",
    "RELATION": "self / family", "INSURER": "digits without padding",
}
HEAD = """# 項目一覧 / Fields of a record

この表は `plugin/record/fields.def` と `codes.def` から作られます（`tests/contract/fields_doc.py`）。手で直さないでください。
This page is made from `plugin/record/fields.def` and `codes.def`; do not edit it.

- A host reads `record.` and the path (`shk_text(s, "record.name", …)`); a script reads the path on the record.
- Lists count from 1: `specific_diseases[1].disease`. A path into a list without an index means the first entry.
- Every field with a code table has its Japanese label at the path plus `_label`: `validity_label`.
- 値には三つの状態があります。送られていない（absent）、空で送られた（empty）、値がある（present）。「不明」という値とは別です。
  Absent, empty and unknown are three things. An absent end of validity means: open.
- A code that is not in its table is kept as it was sent, has no label and is reported at `drift`; an element that is not in
  this page is kept raw and reported there too.
- Dates are of the western calendar. `sex` stays `unknown` when the card says 裏面参照; the back of the card is `sex_other`.
- 医療扶助では、保険者番号は公費負担者番号、被保険者証番号は受給者番号、保険者名称は福祉事務所、資格取得・喪失年月日は
  資格の開始（再開）・停止（終了）の日です。

Limits are in characters. 個人: the value belongs to a person and never enters a log.
"""


def source(name):
    text = (ROOT / "plugin/record" / name).read_text(encoding="utf-8")
    return text, re.sub(r"/\*.*?\*/", "", text, flags=re.S)


def arguments(text, macro):
    for body in re.findall(rf"^{macro}\((.*?)\)$", text, flags=re.S | re.M):
        joined = re.sub(r'"\s*\n\s*"', "", body)
        parts = re.findall(r'"(?:[^"\\]|\\.)*"|[^,"\s][^,"]*', joined)
        yield [ast.literal_eval(p) if p[0] == '"' else p.strip() for p in parts]


def fields():
    """Section title, then its rows."""
    text, _ = source("fields.def")
    for comment, block in re.findall(r"/\* ([^*]*?) \*/\n(.*?)(?=\n/\*|\Z)", text, flags=re.S):
        rows = list(arguments(block, "FIELD"))
        if rows:
            yield " ".join(comment.split()), rows


def row(path, kind, limit, element, table, personal, japanese, english):
    if not japanese or not english:
        sys.exit(f"{path}: both languages are needed")
    elements = "<br>".join(f"`{e}`" for e in element.split("|"))
    code = f"[{table}](#{table.lower()})" if table != "NONE" else ""
    return (f"| `{path.replace('[]', '[n]')}` | {japanese} | {english} | {TYPES[kind]} | "
            f"{limit if limit != '0' else ''} | {elements} | {code} | "
            f"{'個人' if personal == 'PERSONAL' else ''} |\n")


def page():
    parts = [HEAD]
    for title, rows in fields():
        parts.append(f"\n## {title}\n\n| Path | 項目 | Meaning | Type | Limit | OQS element | Codes | |\n"
                     "|---|---|---|---|---|---|---|---|\n")
        parts += [row(*r) for r in rows]
    _, text = source("codes.def")
    codes = list(arguments(text, "CODE"))
    parts.append("\n# コード表 / Code tables\n")
    for name, title in arguments(text, "TABLE"):
        parts.append(f"\n## {name}\n\n{title}\n\n| Code | Value | Label |\n|---|---|---|\n")
        parts += [f"| {code} | {'' if word == 'NULL' else f'`{word}`'} | {label} |\n"
                  for table, code, word, label in codes if table == name]
    return "".join(parts)


def main():
    made = page()
    total = len(re.findall(r"^FIELD\(", source("fields.def")[0], flags=re.M))
    if sum(len(rows) for _, rows in fields()) != total:
        sys.exit("a row of fields.def was not understood")
    if "--check" not in sys.argv:
        PAGE.write_text(made, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != made:
        sys.exit("docs/fields.md differs from fields.def or codes.def; run tests/contract/fields_doc.py")


main()
