"""CSV packs: one width, one heading, code page 932, CRLF; the columns of JSY96; codes of the forms of 施術所."""
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
    for row in rows[1:]:
        for name, value in zip(rows[0], row):
            if name in CODES and value and not re.fullmatch(CODES[name], value):
                yield f"{name}: a value that the form does not know"
            if name == "本家区分" and value != family_box(document.person):
                yield "本家区分 does not fit age and relation"
            if name == "給付割合" and document.person.percent is not None and value != str(10 - document.person.percent // 10):
                yield "給付割合 is not 10 less the patient's share"
            if name == "性別" and value != document.person["sex"]:
                yield "性別 is not that of the source"


def family_box(person):
    if person["preschool"] == "1":
        return "4"
    if person.is_late_elderly or person["elderly_ratio"]:
        return "0" if person.percent == 30 else "8"
    return {"1": "2", "2": "6"}.get(person.relation, "")
