"""The two-dimensional code of JAHIS: records 11 to 31 with what an answer can fill."""
import re

import facts
import judging
from text_rezept import lines_of

FIELDS = {1: 5, 2: 4, 3: 3, 4: 3, 5: 4, 11: 4, 12: 2, 13: 2, 14: 2, 15: 2, 21: 2, 22: 2, 23: 5, 24: 3, 25: 2, 27: 3, 28: 3,
          29: 3, 30: 3, 31: 2}
MANDATORY = (11, 12, 13, 22, 23)
WIDE_SPACE = "\u3000"


def problems(document):
    document = judging.as_one(document)
    lines = lines_of(document.raw)
    if lines and re.fullmatch("JAHIS([5789]|10)", lines[0]):
        lines = lines[1:]
    records = [line.split(",") for line in lines]
    if not all(re.fullmatch("[0-9]{1,3}", record[0]) for record in records):
        yield "a line without a record number"
        return
    numbers = [int(record[0]) for record in records]
    if numbers != sorted(set(numbers)):
        yield "record numbers are not in order, or one is there twice"
    for number in MANDATORY:
        if number not in numbers:
            yield f"record {number} is missing"
    if '"' in "".join(lines):
        yield "a quotation mark"
    for number, record in zip(numbers, records):
        if number not in FIELDS:
            yield f"record {number} does not belong here"
        elif 11 <= number and len(record) != FIELDS[number]:
            yield f"record {number}: {len(record)} fields, not {FIELDS[number]}"
        elif number in RULES:
            yield from (f"record {number}: {p}" for p in RULES[number](record, document))
    yield from share_problems(dict(zip(numbers, records)), document.person)


def name_problems(record, document):
    _, code, name, kana = record
    if not re.fullmatch("[!-~]{0,15}", code):
        yield "患者コード"
    if not name and not kana:
        yield "neither name"
    if not facts.is_wide(name) or len(name) > 20:
        yield "氏名 is not up to 20 characters of full width"
    if re.search(f"{WIDE_SPACE}{{2}}|^{WIDE_SPACE}|{WIDE_SPACE}$", name) or re.search("  |^ | $", kana):
        yield "more than one space between the parts"
    if kana and (not facts.is_half_kana(kana) or len(kana) > 40):
        yield "カナ is not up to 40 characters of half width"
    elif kana and not facts.same(kana, document.person["kana"]):
        yield "カナ is not that of the source"


def sex_problems(record, document):
    if record[1] not in ("1", "2") or record[1] != document.person["sex"]:
        yield "性別"


def birth_problems(record, document):
    if (record[1] if facts.is_day(record[1]) else facts.era_to_day(record[1])) != document.person["birth"]:
        yield "生年月日 is not that of the source"


def insurer_problems(record, document):
    if record[1] != document.person["insurer"] and not document.person.is_aid:
        yield "保険者番号 is not the significant digits of the source"
    if record[1] and not facts.is_number(record[1], 4, 6, 8):
        yield "保険者番号: check digit"


def scheme_problems(record, document):
    person = document.person
    if record[1] != ("7" if person.is_late_elderly else "2" if person.is_kokuho else "1"):
        yield "保険種別 does not fit the insurer"


def card_problems(record, document):
    person = document.person
    _, symbol, number, relation, branch = record
    if len(symbol) > 20 or len(number) > 20:
        yield "記号 or 番号 is longer than 20 characters"
    if not person.is_aid and not (facts.same(symbol, person["symbol"]) and facts.same(number, person["number"])):
        yield "記号 or 番号 is not that of the source"
    if relation not in ("1", "2") or relation != person.relation:
        yield "本人・家族 is not that of the source"
    if not re.fullmatch("([0-9A-Za-z]{2})?", branch) or branch != person["branch"]:
        yield "枝番 is not the two digits of the source"
    if person.is_late_elderly and (symbol or branch):
        yield "後期高齢者 with 記号 or 枝番"


def rate_problems(record, document):
    rates = record[1:]
    if not all(re.fullmatch("[0-9]{1,3}", rate) for rate in rates) or int(rates[0]) + int(rates[1]) != 100:
        yield "患者負担率 and 保険給付率 are not 100 together"
    elif document.person.percent is not None and int(rates[0]) != document.person.percent:
        yield "患者負担率 is not that of the source"


def payer_problems(record, document):
    payers = {p["insurer"]: p["number"] for p in document.persons if p.is_aid}
    if not facts.is_number(record[1], 8) or record[1] not in payers:
        yield "公費負担者番号"
    if record[2] and (not facts.is_number(record[2], 7) or record[2] != payers.get(record[1], "").zfill(7)):
        yield "公費受給者番号"


def share_problems(records, person):
    """Record 14 is mandatory where the law has a share of its own."""
    if person["preschool"] == "1":
        wanted = ("3",)
    elif person.is_late_elderly:
        wanted = {10: ("1", "4"), 20: ("5",), 30: ("2",)}.get(person.percent, ("1", "2", "4", "5"))
    elif person["elderly_ratio"]:
        wanted = ("2",) if person.percent == 30 else ("1", "4")
    else:
        return
    if 14 not in records or records[14][1:] not in [[w] for w in wanted]:
        yield "record 14: 一部負担区分 is missing or does not fit"


RULES = {11: name_problems, 12: sex_problems, 13: birth_problems, 21: scheme_problems, 22: insurer_problems,
         23: card_problems, 24: rate_problems, 27: payer_problems, 28: payer_problems, 29: payer_problems}
