"""CSV packs: one width, one heading, code page 932, CRLF; the columns of JSY96; codes of the forms of 施術所."""
import calendar
import csv
import io
import re

import facts

JSY96 = """ProcessExecutionTime QualificationConfirmationDate QualificationValidity InsuredCardClassification InsurerNumber
    InsuredCardSymbol InsuredIdentificationNumber InsuredBranchNumber PersonalFamilyClassification InsuredName Name
    NameOfOther NameKana NameOfOtherKana Sex1 Sex2 Birthdate Address PostNumber QualificationDate InsuredCardValidDate
    InsuredCardExpirationDate InsuredPartialContributionRatio PreschoolClassification InsurerName
    ElderlyRecipientValidStartDate ElderlyRecipientValidEndDate ElderlyRecipientContributionRatio ReferenceNumber
    RawData""".split()
QUOTED = re.compile(r'(?:(?<=[,\n])|^)"(?:[^"]|"")*"(?=,|\r\n)')
# Coded boxes of the forms of 柔整 and あはき, by heading.
CODES = {"保険種別": "[1-6]", "単併区分": "[123]", "本家区分": "[24680]", "給付割合": "10|[789]", "性別": "[12]", "元号": "[1-5]",
         "生年月日元号": "[1-5]", "請求区分": "[12]|新規|継続"}
# The ratios that are a share; 000 is none.
SHARES = ("010", "020", "030")


def rows_of(raw):
    text = raw.decode("cp932")
    if not text.endswith("\r\n"):
        raise ValueError("the last line does not end in CRLF")
    unquoted = QUOTED.sub("", text)
    if '"' in unquoted:
        raise ValueError("a quotation mark inside a field that is not quoted")
    if unquoted.count("\r") != unquoted.count("\r\n") or unquoted.count("\n") != unquoted.count("\r\n"):
        raise ValueError("a line that does not end in CRLF")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def problems(document):
    rows = rows_of(document.raw)
    heading = rows[0]
    if len(rows) < 2:
        yield "no row under the heading"
    if not all(name.strip() for name in heading) or len(set(heading)) != len(heading):
        yield "a heading that is empty or there twice"
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(heading):
            yield f"line {number}: {len(row)} columns, not {len(heading)}"
    if not any(facts.same(value, document.person["name"]) for row in rows[1:] for value in row) and plain(document):
        yield "the name of the source is in no column"


def plain(document):
    """Nothing in the name that a script may have replaced, nor a name in two columns."""
    name = document.person["name"]
    whole = all(map(facts.in_cp932, name)) and not any(name_part_heading(h) for h in rows_of(document.raw)[0])
    return bool(name) and whole


def name_part_heading(heading):
    return bool(re.search("姓|苗字|名前|名字|family|given|first|last|fname|lname", heading, re.IGNORECASE))


def jsy96(document):
    yield from problems(document)
    rows = rows_of(document.raw)
    if rows[0] != JSY96:
        yield "the heading is not the list of columns of JSY96"
        return
    for row in rows[1:]:
        said = dict(zip(rows[0], row))
        for column, key in (("InsurerNumber", "insurer"), ("InsuredCardSymbol", "symbol"), ("Name", "name"),
                            ("InsuredIdentificationNumber", "number"), ("InsuredBranchNumber", "branch")):
            if all(map(facts.in_cp932, document.person[key])) and not facts.same(said.get(column), document.person[key]):
                yield f"{column}: not that of the source"


def form(document):
    yield from problems(document)
    rows = rows_of(document.raw)
    insured = [p for p in document.persons if not p.is_aid and (p["lost"] or "99999999") > p["day"]]
    person = insured[0] if insured else document.person
    wanted = {"性別": (person["sex"], "is not that of the source"),
              "元号": (era(person["birth"]), "is not that of the birth date")}
    if insured:
        wanted["本家区分"] = family_box(person), "does not fit age and relation"
        wanted["給付割合"] = benefit(person), "is not 10 less the patient's share"
    for row in rows[1:]:
        for name, value in zip(rows[0], row):
            if name in CODES and value and not re.fullmatch(CODES[name], value):
                yield f"{name}: a value that the form does not know"
            if name in wanted and value != wanted[name][0]:
                yield f"{name} {wanted[name][1]}"


def era(day):
    """1 明治 to 5 令和."""
    return max(code for code, (_, first_day) in facts.ERAS.items() if first_day <= day)


def month_end(person):
    """The end of the month of treatment: ages count there."""
    year, month = int(person["day"][:4]), int(person["day"][4:6])
    return f"{person['day'][:6]}{calendar.monthrange(year, month)[1]:02}"


def certificate(person):
    """The ratio of a 高齢受給者証 that reaches into that month."""
    reaches = person["elderly_start"] <= month_end(person) and (person["elderly_end"] or "99999999") >= person["day"][:6] + "01"
    return person["elderly_ratio"] if reaches and person["elderly_ratio"] in SHARES else ""


def share(person):
    """The patient's share in percent that the answer states, or none."""
    said = person["ratio"] if person["ratio"] in SHARES else certificate(person)
    return int(said) if said else None


def is_before_school(person):
    """Until 31 March behind the sixth birthday; births on 1 April go with the year before."""
    birth, first_april = person["birth"], "0401"
    school = int(birth[:4]) + (6 if birth[4:] <= first_april else 7)
    return person["preschool"] == "1" or month_end(person) < f"{school}{first_april}"


def is_from_70_on(person):
    """From the month behind the 70th birthday, births on the 1st from that month; 後期 always."""
    birth, end = person["birth"], month_end(person)
    months = (int(end[:4]) - int(birth[:4]) - 70) * 12 + int(end[4:6]) - int(birth[4:6])
    return person.is_late_elderly or certificate(person) != "" or months >= (0 if birth[6:] == "01" else 1)


def family_box(person):
    if not person.is_late_elderly and is_before_school(person):
        return "4"
    if is_from_70_on(person):
        return {10: "8", 20: "8", 30: "0"}.get(share(person), "")
    return {"1": "2", "2": "6"}.get(person["relation"], "")


def benefit(person):
    """給付割合: what the share leaves; by age only below 70 and for a known insurer. Class 05 pays all."""
    if person["class"] == "05":
        return ""
    if share(person) is not None:
        return str(10 - share(person) // 10)
    if is_from_70_on(person) or not person["insurer"]:
        return ""
    return "8" if is_before_school(person) else "7"
