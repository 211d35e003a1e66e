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

- OQS element: below `MessageHeader`, below `MessageBody`, and without either below `ResultOfQualificationConfirmation`. What
  stands in a unit of a bulk result is written as if it stood in `MessageBody`.
- App key: the heading of the section and the key in the text that the official app copies; that text is not published, and a
  clinic can teach the reader other words.

Limits are in characters. 個人: the value belongs to a person and never enters a log.
"""

# What stands under the table of the host's own values.
PATIENT = """
回答にはない値です。レセコンの患者が決まったときに入ります（`docs/matching.md`）。新しい患者には `patient.id` がありません。
No answer has these: they are set once the host's patient is known (`docs/matching.md`). A new patient has no `patient.id`.
`confirmed`: 一致が確かでなく、窓口の人が選びました。 The match was not sure and a person at the desk chose.
"""

# What stands under the table of the card's own values.
CARD = """
回答にはない値です。マイナンバーカードで確認したとき、すべての記録に入ります。同じ日の同じ回答かどうかの判断には使いません。
No answer has these: every record of an answer that was asked for with a My Number Card has them. They do not count when it is
decided whether an answer of the same day is the same one.
"""

# What stands under the table of the derived values.
DERIVED = """
導き出した値です。送られた値を置き換えることはありません。元の値がないときは、ありません。
These follow from the values above and never replace one. Where the source is absent they are absent; a flag is `1` or absent.

- `insurer_number_8`: 8桁の番号はそのまま、6桁（国保）は前に `00` を付けます。ほかの桁数にはありません。
  8 digits as they are, the 6 digits of 国保 with two zeros in front; other lengths have none.
- `insurer_number_6`: 国保の6桁。8桁のうち `00` と `67`（退職）で始まるものは後ろの6桁。ほかの8桁にはありません。
  The 6 digits of 国保, also behind `00` and `67`; other 8-digit numbers have none.
- `insurer_check_digit`: 6桁と8桁を計算します。4桁（古い番号）にはなく、ほかの桁数は `wrong` です。`wrong` は警告で、保険者の回答の
  ほうが計算より確かです。 6 and 8 digits are computed, 4 digits have none, other lengths are `wrong`. `wrong` is a warning:
  the insurer's own answer outranks arithmetic.
- `law_number`: 8桁の先頭2桁。6桁（国保）には法別番号がないので `00` とし、ラベルは国民健康保険です。表にない番号（地方の制度など）にはラベルが
  ありません。 The first 2 of 8 digits; `00` for 国保, which has no 法別番号. Local schemes have no label.
- `is_medical_aid`: 証区分が `A1`、証区分がなければ番号が `12` で始まるとき。 By class `A1`, without a class by a number that
  begins with `12`.
- `age`: 資格確認日の満年齢（誕生日に加わります）。2月29日生まれは、平年は3月1日に加わります。法律では誕生日の前日の終わりに年齢に達し、1日生まれの
  扱いはそのためです。 Full years on the confirmation date (not today), counted from the birthday; a birth on 29 February counts from 1
  March in other years. The law completes a year at the end of the day before; that is why births on the 1st count earlier below.
- `burden_band`: `preschool` は6歳の誕生日の後の3月31日まで（4月1日生まれは前の学年）、または未就学区分が送られたとき。`elderly` は70歳の誕生日の
  翌月から（1日生まれはその月から）。`late_elderly` は75歳の誕生日から、または保険者番号が `39` で始まるとき。医療扶助にはありません。
  `preschool` until 31 March after the 6th birthday (1 April births with the year before), or when the answer says so;
  `elderly` from the month after the 70th birthday (of births on the 1st from that month); `late_elderly` from the 75th birthday
  or with an insurer of `39`. None for medical aid.
- `burden_percent`: 回答に割合がなく、資格が有効で、年齢だけで一つに決まるときだけです（未就学 20、70歳未満 30）。70歳からは割合が複数あるため、推測
  しません。高齢受給者証などを確かめてください。証区分 `05`（特別療養費）、医療扶助、医療保険でない番号、無効な資格、資格確認日に及ばない資格、
  割合や区分に読めないものがある資格にはありません。公費で下がる分は含みません。 Only where the answer has no ratio, the entitlement is valid and age alone decides:
  20 or 30. From 70 on several ratios are possible: ask, this does not guess. None for class `05` (the patient pays all
  first), medical aid, numbers that are no health insurance, and entitlements that are invalid, do not cover the date, or say a
  ratio or class that is not understood. What public expense takes off is not in it.
- `…_has_missing_character`: `●` `〓` `■` `□`、U+FFFD、外字（私用領域）のどれかがあるとき。 A mark for a character that could not
  be sent, or a character of a private area.
- `…_folded`: 比べるためだけの形です。幅と英字の大小をそろえ、空白と `・` を除き、長音と横線を一つにし、異体字を通用字にします。カナはさらに、全角の
  カタカナで大きな字にそろえます。 For comparing only: width and case folded, spaces and `・` dropped, long marks and hyphens one,
  variant characters unified; kana also to full-width large katakana.
- `sex`: 券面の性別が未設定のときは券面裏の性別。どちらも未設定ならありません。 The front of the card, or its back when the front says
  nothing; none when neither does.
- `loss_in_future`: 資格喪失年月日が資格確認日より後のとき。 The day of the loss lies after the confirmation date.
- `not_covering_date`: 資格取得・有効開始の日が資格確認日より後、有効終了の日が前、または資格喪失の日が同日以前のとき。喪失の当日を資格なしと数える
  のは、法令の読み方によります。送られた資格有効性は変わりません。 The entitlement begins after the confirmation date, has ended
  before it, or was lost on that day or before; that the day of the loss itself no longer counts follows the law, no answer
  states it. `validity` stays as it was sent.
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
    for comment, block in re.findall(r"/\* (.*?) \*/\n(.*?)(?=\n/\*|\Z)", text, flags=re.S):
        rows = list(arguments(block, "FIELD"))
        if rows:
            yield " ".join(comment.replace("\n *", " ").split()), rows


def names(text):
    return "<br>".join(f"`{name}`" for name in text.split("|") if name)


def row(path, kind, limit, element, app, table, personal, japanese, english):
    if not japanese or not english:
        sys.exit(f"{path}: both languages are needed")
    if path.startswith(("derived.", "patient.", "card.")) != (not element and not app):
        sys.exit(f"{path}: a row without element and key is derived, the host's or the card's, and no other")
    form = "text" if path.startswith("derived.") and kind == "TEXT" else TYPES[kind]
    code = f"[{table}](#{table.lower()})" if table != "NONE" else ""
    return (f"| `{path.replace('[]', '[n]')}` | {japanese} | {english} | {form} | "
            f"{limit if limit != '0' else ''} | {names(element)} | {names(app)} | {code} | "
            f"{'個人' if personal == 'PERSONAL' else ''} |\n")


def page():
    parts = [HEAD]
    for title, rows in fields():
        parts.append(f"\n## {title}\n\n| Path | 項目 | Meaning | Type | Limit | OQS element | App key | Codes | |\n"
                     "|---|---|---|---|---|---|---|---|---|\n")
        parts += [row(*r) for r in rows]
        if rows[0][0].startswith("derived."):
            parts.append(DERIVED)
        if rows[0][0].startswith("patient."):
            parts.append(PATIENT)
        if rows[0][0].startswith("card."):
            parts.append(CARD)
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
