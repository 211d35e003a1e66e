"""Records HO, KO, SN and RE of the electronic claim (医科): fields, modes, bytes, codes."""
import re

import facts
import judging

FIELDS = {"RE": 38, "HO": 15, "KO": 12, "SN": 9}
ORDER = ["RE", "HO", "KO", "SN"]
DIGITS = {"HO": {4: 2, 5: 8, 7: 2, 8: 8, 9: 1, 10: 3, 11: 9, 12: 1, 13: 3, 14: 6},
          "KO": {3: 1, 4: 2, 5: 8, 6: 8, 7: 6, 8: 6, 10: 2, 11: 8}, "RE": {1: 6, 2: 4, 3: 6}}


def lines_of(raw):
    """Lines of code page 932 that each end in CRLF."""
    text = raw.decode("cp932")
    if not text.endswith("\r\n") or text.count("\r") != text.count("\r\n") or text.count("\n") != text.count("\r\n"):
        raise ValueError("a line that does not end in CRLF")
    return text.split("\r\n")[:-1]


def problems(document):
    document = judging.as_one(document)
    person = document.person
    if not facts.is_jis_x_0208(document.raw):
        yield "a character beyond JIS X 0208"
    records = [line.split(",") for line in lines_of(document.raw)]
    names = [record[0] for record in records]
    if any(name not in FIELDS for name in names):
        yield "an unknown record"
        return
    if names != sorted(names, key=ORDER.index) or any(names.count(n) > 1 for n in ("RE", "HO")):
        yield "order of records, or one twice"
    if "HO" not in names and "KO" not in names:
        yield "neither HO nor KO"
    for name, record in zip(names, records):
        if len(record) != FIELDS[name]:
            yield f"{name}: {len(record)} fields, not {FIELDS[name]}"
            continue
        if '"' in "".join(record):
            yield f"{name}: a quotation mark"
        if not all(map(facts.is_one_mode, record)):
            yield f"{name}: a field of two modes"
        for place, most in DIGITS.get(name, {}).items():
            if not re.fullmatch(f"[0-9]{{0,{most}}}", record[place]):
                yield f"{name}: field {place + 1} is not up to {most} digits"
        yield from RULES[name](record, person, document.persons)


def card_problems(name, symbol, number, person):
    for what, value, said in (("記号", symbol, person["symbol"]), ("番号", number, person["number"])):
        if facts.cp932_bytes(value) > 38:
            yield f"{name}: {what} is longer than 38 bytes"
        if "\u3000" in value or " " in value:
            yield f"{name}: {what} with a space"
        if not facts.same(value, said):
            yield f"{name}: {what} is not that of the source"


def ho_problems(record, person, _persons):
    if not re.fullmatch(" *[0-9]+", record[1]) or len(record[1]) != 8:
        yield "HO: 保険者番号 is not 8 wide with spaces on the left"
    elif not facts.is_number(record[1].strip(), 4, 6, 8) or record[1].strip() != person["insurer"]:
        yield "HO: 保険者番号 is not that of the source"
    if person.is_late_elderly and record[2]:
        yield "HO: 後期高齢者 with 記号"
    if not record[3]:
        yield "HO: no 番号"
    yield from card_problems("HO", record[2], record[3], person)
    if record[9] not in ("", "1", "2", "3"):
        yield "HO: 職務上の事由"


def ko_problems(record, _person, persons):
    payers = {p["insurer"]: p["number"] for p in persons if p.is_aid}
    payer = record[1].strip(" ")
    if len(record[1]) != 8 or not facts.is_number(payer, 8):
        yield "KO: 負担者番号 is not 8 digits with a check digit"
    elif payer not in payers:
        yield "KO: 負担者番号 is not that of the source"
    elif record[2] != payers[payer].zfill(7):
        yield "KO: 受給者番号 is not that of the source"
    if record[2] and not facts.is_number(record[2], 7):
        yield "KO: 受給者番号 is not 7 digits with a check digit"


def sn_problems(record, person, _persons):
    if record[1] not in ("1", "2", "3", "4", "5"):
        yield "SN: 負担者種別"
    if not re.fullmatch("0[1-9]|1[1-4]", record[2]):
        yield "SN: 確認区分"
    if not re.fullmatch("([0-9]{2})?", record[6]):
        yield "SN: 枝番 is not two digits"
    elif record[6] != ("" if record[1] != "1" or person.is_late_elderly else person["branch"]):
        yield "SN: 枝番 is not that of the source"
    if record[3] and (len(record[3]) != 8 or record[3].strip() != person["insurer"]):
        yield "SN: 保険者番号等"
    if record[7] and not facts.is_number(record[7], 7):
        yield "SN: 受給者番号"


def re_problems(record, person, persons):
    yield from receipt_type_problems(record[2], person, persons)
    if not record[4] or facts.cp932_bytes(record[4]) > 40:
        yield "RE: 氏名 is missing or longer than 40 bytes"
    if re.search("[ 　]{2}|^[ 　]|[ 　]$", record[4]):
        yield "RE: 氏名 with more than one space between parts"
    if record[5] != person["sex"] or record[5] not in ("1", "2"):
        yield "RE: 男女区分"
    if not facts.is_day(record[6]) or record[6] != person["birth"]:
        yield "RE: 生年月日"
    if record[7] and (not re.fullmatch("0[0-9]0|100", record[7])
                      or person.percent is not None and int(record[7]) != 100 - person.percent):
        yield "RE: 給付割合 is not 100 less the patient's share"
    if facts.cp932_bytes(record[13]) > 20 or not re.fullmatch("[0-9]{0,30}", record[18]):
        yield "RE: カルテ番号 or 検索番号"
    kana = record[36]
    if kana and (facts.cp932_bytes(kana) > 80 or not facts.is_katakana(kana) or "\u3000" in kana):
        yield "RE: カタカナ is not full width without space"
    elif kana and not facts.same(kana, person["kana"]):
        yield "RE: カタカナ is not that of the source"


def receipt_type_problems(kind, person, persons):
    """Out-patient kinds only: an answer knows nothing of a stay."""
    if not kind:
        return
    if not re.fullmatch("1[1-4][1-5][02468]", kind):
        yield "RE: レセプト種別"
        return
    insured = [p for p in persons if not p.is_aid]
    person = insured[0] if insured else person
    payer = "2" if not insured else "3" if person.is_late_elderly else "4" if person["insurer"].startswith("67") else "1"
    if kind[1] != payer:
        yield "RE: レセプト種別 does not fit the insurer"
    if insured and kind[3] != receipt_age(person):
        yield "RE: レセプト種別 does not fit age and relation"


def receipt_age(person):
    if person["preschool"] == "1":
        return "4"
    if person.is_late_elderly or person["elderly_ratio"]:
        return "0" if person.percent == 30 else "8"
    return {"1": "2", "2": "6"}.get(person["relation"], "")


RULES = {"HO": ho_problems, "KO": ko_problems, "SN": sn_problems, "RE": re_problems}
