#!/usr/bin/python3
"""plugin/base/fault.def, include/shikaku/codes.h and docs/codes.md say the same.

`codes.py` compares the three and checks the table's own rules; `codes.py --write` makes docs/codes.md.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TABLE = ROOT / "plugin/base/fault.def"
HEADER = ROOT / "include/shikaku/codes.h"
PAGE = ROOT / "docs/codes.md"
# Hundreds of the number, in the order of SHK_STAGE_.
BANDS = {"API": (10, "使い方・設定 / Use and configuration"), "CARD": (11, "カードとリーダー / Card and reader"),
         "IDENTITY": (12, "本人確認 / Identity"), "LOOKUP": (13, "問い合わせ / Lookup"),
         "RECORD": (14, "回答 / Answer"), "MAPPING": (15, "変換スクリプト / Mapping script"),
         "HOST": (16, "渡し先 / Delivery"), "STORE": (17, "保存先 / Store")}
RETRY = {"NO": "", "SAME": "もう一度 / the same again", "OPERATOR": "対応のあと / after someone acted"}
ROW = re.compile(r'FAULT\(\s*(\w+),\s*(-\d+),\s*(\w+),\s*(\w+),\s*"((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)"\s*\)')
HEAD = """# エラーコード / Codes of faults

`plugin/base/fault.def` から `tests/contract/codes.py --write` で作られます。手で直さないでください。
Made from `plugin/base/fault.def`; do not edit it.

A function that fails returns the number; it is at `fault.code` too, its name without `SHK_E_` at
`fault.name`, the sentences at `fault.message` and `fault.message_en`. 「資格なし」はエラーではなく回答です。
Not being insured is an answer, never a code of this page. A number is never used again for something else.
"""


def rows():
    """Name, number, stage, retry, English, Japanese of every row; adjacent literals are joined."""
    text = re.sub(r"/\*.*?\*/", "", TABLE.read_text(encoding="utf-8"), flags=re.S)
    joined = re.sub(r'"\s*\n\s*"', "", text)
    found = [(name, int(number), *rest) for name, number, *rest in ROW.findall(joined)]
    if len(found) != joined.count("FAULT("):
        sys.exit(f"fault.def has {joined.count('FAULT(')} rows, {len(found)} were understood")
    return found


def duplicates(values):
    return sorted({str(v) for v in values if values.count(v) > 1})


def sentence_problems(english, japanese):
    if not english.endswith(".") or not english.isascii():
        yield "the English sentence is ASCII and ends with a full stop"
    if not japanese.endswith("。"):
        yield "the Japanese sentence ends with 。"
    for part in japanese.rstrip("。").split("。"):
        if not re.search(r"(です|ます|ません|ください|ました|でした|ませんでした)$", part):
            yield f"not in です・ます form: {part}"
    for text in (english, japanese):
        if re.search(r"-?\d{3,}|0x[0-9A-Fa-f]+|SHK_", text):
            yield f"a code number in prose: {text}"


def table_problems(found):
    for what, values in (("number", [r[1] for r in found]), ("name", [r[0] for r in found])):
        for value in duplicates(values):
            yield f"fault.def: {what} {value} stands twice"
    if [r[1] for r in found] != sorted((r[1] for r in found), reverse=True):
        yield "fault.def: the numbers are not in order"
    for name, number, stage, retry, english, japanese in found:
        if stage not in BANDS or -number // 100 != BANDS[stage][0]:
            yield f"{name}: {number} is not in the band of {stage}"
        if retry not in RETRY:
            yield f"{name}: {retry} is no advice"
        for problem in sentence_problems(english, japanese):
            yield f"{name}: {problem}"


def header_problems(found):
    text = HEADER.read_text(encoding="utf-8")
    defined = {name: int(number) for name, number in re.findall(r"#define SHK_E_(\w+)\s+\((-\d+)\)", text)}
    if len(defined) != len(re.findall(r"#define SHK_E_", text)):
        yield "codes.h: an SHK_E_ line was not understood"
    table = {r[0]: r[1] for r in found}
    for name in sorted(set(defined) | set(table)):
        if defined.get(name) != table.get(name):
            yield f"{name}: codes.h has {defined.get(name)}, fault.def {table.get(name)}"
    for position, stage in enumerate(BANDS):
        if not re.search(rf"#define SHK_STAGE_{stage}\s+{position}\b", text):
            yield f"codes.h: SHK_STAGE_{stage} is not {position}"


def page(found):
    parts = [HEAD]
    for stage, (band, title) in BANDS.items():
        parts.append(f"\n## {title}\n\n| Code | Name | 画面の文 | Sentence | 再試行 / Retry |\n|---|---|---|---|---|\n")
        parts += [f"| {number} | `SHK_E_{name}` | {japanese} | {english} | {RETRY.get(retry, '?')} |\n"
                  for name, number, its_stage, retry, english, japanese in found if its_stage == stage]
    return "".join(parts)


def page_problems(found):
    if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page(found):
        yield "docs/codes.md differs from fault.def; run tests/contract/codes.py --write"


def main():
    found = rows()
    if "--write" in sys.argv:
        PAGE.write_text(page(found), encoding="utf-8")
    problems = [*table_problems(found), *header_problems(found), *page_problems(found)]
    print("\n".join(problems) if problems else f"{len(found)} codes agree")
    sys.exit(1 if problems else 0)


main()
