"""HL7 v2.5 ADT with PID and IN1 as SS-MIX2 and JAHIS have it. Syntax is judged again by judge_hl7_parse.mjs."""
import re

import facts

LAWS = {"01", "02", "03", "04", "06", "07", "31", "32", "33", "34", "39", "63", "67", "72", "73", "74", "75"}
PUBLIC = {str(n) for n in range(10, 80)}
RELATIONS = {"SEL": "1"}  # every other code of HL70063 is a member of the family
ORDER = ["MSH", "EVN", "PID", "NK1", "PV1", "PV2", "DB1", "OBX", "AL1", "IN1"]
ESCAPES = re.compile(r"\\(?:[FSTRE]|X[0-9A-F]+|\.br)\\")


def segments_of(raw):
    """Each segment is decoded alone: the letters must be back in ASCII where it ends."""
    if not raw.endswith(b"\r") or b"\n" in raw:
        raise ValueError("a segment that does not end in CR alone")
    segments = []
    for line in raw.split(b"\r")[:-1]:
        if line.count(b"\x1b$") != line.count(b"\x1b(B") or b"\x1b(J" in line or b"\x1b(I" in line:
            raise ValueError("a segment that does not return to ASCII")
        segments.append(line.decode("iso2022_jp").split("|"))
    return segments


def field(segment, number):
    return segment[number] if number < len(segment) else ""


def part(text, number):
    parts = text.split("^")
    return parts[number - 1] if number <= len(parts) else ""


def problems(document):
    segments = segments_of(document.raw)
    names = [segment[0] for segment in segments]
    if not names or names[0] != "MSH" or names.count("PID") != 1 or "IN1" not in names:
        yield "not MSH, one PID and IN1"
        return
    if any(n not in ORDER for n in names) or names != sorted(names, key=ORDER.index):
        yield "segments: unknown, or their order"
    if any("\\" in ESCAPES.sub("", f) for s in segments[1:] for f in s):
        yield "an escape character that is not escaped"
    pid = segments[names.index("PID")]
    head = ["", "|", *segments[0][1:]]  # so that fields have their numbers
    yield from header_problems(head)
    yield from patient_problems(pid, document.person, "A08" in field(head, 9))
    insurances = [s for s in segments if s[0] == "IN1"]
    if [field(s, 1) for s in insurances] != [str(n + 1) for n in range(len(insurances))]:
        yield "IN1-1: not 1, 2, 3"
    if len(insurances) not in (1, len(document.persons)):
        yield "IN1: not one, nor one for each result"
    for segment in insurances:
        whose = [document.person] if len(insurances) == 1 else document.persons
        yield from min((list(insurance_problems(segment, person)) for person in whose), key=len)


def header_problems(head):
    if field(head, 2) != "^~\\&":
        yield "MSH-2: encoding characters"
    if not re.fullmatch(r"[0-9]{8}([0-9]{4}([0-9]{2})?)?", field(head, 7)):
        yield "MSH-7: not a time"
    if not re.fullmatch(r"ADT\^A[0-9]{2}(\^ADT_A[0-9]{2})?", field(head, 9)):
        yield "MSH-9: not ADT"
    if not field(head, 10) or field(head, 11) not in ("P", "T", "D"):
        yield "MSH-10 or 11"
    if field(head, 12).split("^")[0] != "2.5":
        yield "MSH-12: not 2.5"
    if field(head, 18) != "~ISO IR87" or field(head, 20) != "ISO 2022-1994":
        yield "MSH-18 or 20: character set"


def patient_problems(pid, person, updated):
    if not part(field(pid, 3), 1) or part(field(pid, 3), 5) != "PI":
        yield "PID-3: not a patient number with PI"
    spelt = {}
    for name in field(pid, 5).split("~"):
        if part(name, 7) != "L" or part(name, 8) not in ("I", "P", "A") or not part(name, 1):
            yield "PID-5: type L with representation I or P"
        spelt[part(name, 8)] = part(name, 1) + part(name, 2)
    if "I" in spelt and plain(person["name"]) and not facts.same(spelt["I"], person["name"]):
        yield "PID-5: 氏名 is not that of the source"
    if person["kana"] and (not facts.is_katakana(spelt.get("P", "")) or not facts.same(spelt["P"], person["kana"])):
        yield "PID-5: カナ is not that of the source in full width"
    if not facts.is_day(field(pid, 7)) or field(pid, 7) != person["birth"]:
        yield "PID-7: 生年月日"
    if field(pid, 8) != {"1": "M", "2": "F"}.get(person["sex"], "U"):
        yield "PID-8: 性別"
    address = field(pid, 11)
    if address and (not facts.is_postal_code(part(address, 5) or "000-0000") or part(address, 6) != "JPN"
                    or part(address, 7) != "H" or not facts.same(part(address, 8), person["address"])):
        yield "PID-11: not ^^^^999-9999^JPN^H^住所"
    if updated and not re.fullmatch("[0-9]{8}([0-9]{4}([0-9]{2})?)?", field(pid, 33)):
        yield "PID-33: no time of update"


def plain(text):
    """Nothing in it that JIS X 0208 lacks and a script may have replaced."""
    try:
        text.replace("－", "−").encode("iso2022_jp")
    except UnicodeEncodeError:
        return False
    return True


def insurance_problems(segment, person):
    code, table = part(field(segment, 2), 1), part(field(segment, 2), 3)
    number = field(segment, 3)
    if table != "JHSD0001" or not part(field(segment, 2), 2) or code != ("C0" if person.is_kokuho else person["insurer"][:2]):
        yield "IN1-2: not the scheme of the insurer in JHSD0001"
    elif code not in LAWS | PUBLIC | {"C0"}:
        yield "IN1-2: unknown scheme"
    if part(number, 1) != person["insurer"] or not facts.is_number(part(number, 1), 6 if code == "C0" else 8):
        yield "IN1-3: not the insurer of the source in 6 or 8 digits"
    if not facts.same(part(field(segment, 4), 1), person["insurer_name"]):
        yield "IN1-4: 保険者名"
    person = person.card
    yield from card_problems(segment, person)
    for place, allowed in ((12, (person["start"], person["since"])), (13, (person.last_day,))):
        day = field(segment, place)
        if day and (not facts.is_day(day) or day not in allowed):
            yield f"IN1-{place}: not a day of the source"
    if field(segment, 15) and not re.fullmatch("K[123]|OJ|LS|CC|[0-4][0-9]", part(field(segment, 15), 1)):
        yield "IN1-15"
    relation = field(segment, 17)
    if relation and (part(relation, 3) != "HL70063" or person.relation != RELATIONS.get(part(relation, 1), "2")):
        yield "IN1-17: not the relation of the source in HL70063"


def card_problems(segment, person):
    """Programs differ: 記号~番号~枝番 in IN1-10, or 記号 in IN1-10 and 番号 in IN1-11."""
    repeats = field(segment, 10).split("~")
    branch = ""
    if len(repeats) > 1:
        symbol, number, branch = (repeats + [""])[:3]
    else:
        symbol, number = repeats[0], part(field(segment, 11), 1)
    if len(repeats) > 3 or not facts.same(symbol, person["symbol"]) or not facts.same(number, person["number"]):
        yield "IN1-10, 11: not 記号 and 番号 of the source"
    if branch != (person["branch"] if branch else ""):
        yield "IN1-10: 枝番 is not that of the source"
