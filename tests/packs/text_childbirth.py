"""The claim of 出産育児一時金: 30 fields, of which an answer fills 1, 6, 7, 8, 9, 10 and 11."""
import re

import facts
import judging
from text_rezept import lines_of

FIELDS = 30
LEAD = re.compile("2,[0-9]+,712[12],")  # what stands before the fields in a whole file
ERA_DAYS, ERA_MONTH = (11, 13), 2
CODES = {3: "12", 6: "12", 7: "15", 14: "123", 17: "123"}
DIGITS = {4: 10, 5: 10, 12: 2, 15: 1, 16: 3, **{n: 8 for n in range(18, 30)}}
BYTES = {8: 38, 9: 38, 10: 40, 30: 60}


def problems(document):
    document = judging.as_one(document)
    lines = lines_of(document.raw)
    if len(lines) != 1:
        yield f"{len(lines)} lines, not one claim"
        return
    row = ["", *LEAD.sub("", lines[0], count=1).split(",")]
    if len(row) - 1 != FIELDS:
        yield f"{len(row) - 1} fields, not {FIELDS}"
        return
    if '"' in lines[0] or any(value != value.rstrip(" \u3000") for value in row):
        yield "a quotation mark, or spaces at the end of a field"
    for number, allowed in CODES.items():
        if row[number] and (len(row[number]) != 1 or row[number] not in allowed):
            yield f"field {number}: a value that the layout does not know"
    for number, most in DIGITS.items():
        if not re.fullmatch(f"[0-9]{{0,{most}}}", row[number]):
            yield f"field {number}: not up to {most} digits"
    for number, most in BYTES.items():
        if facts.cp932_bytes(row[number]) > most:
            yield f"field {number}: longer than {most} bytes"
    if row[ERA_MONTH] and not facts.era_to_day(row[ERA_MONTH] + "01"):
        yield f"field {ERA_MONTH}: not GYYMM"
    for number in ERA_DAYS:
        if row[number] and not facts.era_to_day(row[number]):
            yield f"field {number}: not GYYMMDD of that era"
    yield from person_problems(row, document.person)


def person_problems(row, person):
    if len(row[1]) != 8 or not re.fullmatch(" *[0-9]+", row[1]) or row[1].strip() != person["insurer"]:
        yield "field 1: 保険者番号 is not that of the source, right in 8"
    if row[6] != ("2" if person.is_kokuho else "1"):
        yield "field 6: 加入制度区分 does not fit the insurer"
    if row[7] != {"1": "1", "2": "5"}.get(person.relation):
        yield "field 7: 本人家族区分 is not 1 or 5 as in the source"
    if not facts.same(row[8], person["symbol"]) or not facts.same(row[9], person["number"]):
        yield "field 8 or 9: not 記号 and 番号 of the source"
    kana = row[10]
    if not (facts.is_half_kana(kana) or facts.is_katakana(kana)) or not facts.same(kana, person["kana"]):
        yield "field 10: not the カナ of the source"
    if facts.era_to_day(row[11]) != person["birth"]:
        yield "field 11: not the 生年月日 of the source"
