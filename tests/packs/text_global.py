"""OpenEMR's tables as JSON, and the CSV files of GNU Health: names of columns, and what they say about the person."""
import csv
import io
import json

import facts

# sql/database.sql of OpenEMR; the columns that an eligibility answer can fill.
TEXTS = 255
OPENEMR = {
    "patient_data": {"pubpid", "lname", "fname", "DOB", "sex", "street", "postal_code"},
    "insurance_companies": {"name", "cms_id"},
    "insurance_data": {"type", "plan_name", "policy_number", "group_number", "subscriber_lname", "subscriber_fname",
                       "subscriber_relationship", "subscriber_DOB", "subscriber_sex", "subscriber_street",
                       "subscriber_postal_code", "date", "date_end"}}
PERSON = "lastname name name_representation gender dob is_person is_patient fed_country".split()
INSURANCE = "number company category insurance_type member_since member_exp".split()
NEW = PERSON + ["insurance/" + name for name in INSURANCE]
KNOWN = [["name"] + INSURANCE, ["party"] + INSURANCE]


def dashed(day):
    return f"{day[:4]}-{day[4:6]}-{day[6:]}" if day else ""


def parts(name):
    """Family and given name at the first space."""
    at = min((name.find(space) for space in " 　" if space in name), default=len(name))
    return name[:at], name[at + 1:]


def openemr(document):
    told = json.loads(document.raw.decode("utf-8"))
    if list(told) != list(OPENEMR):
        yield "not patient_data, insurance_companies and insurance_data"
        return
    rows = [("patient_data", told["patient_data"])]
    for table in ("insurance_companies", "insurance_data"):
        rows += [(table, row) for row in told[table]]
        if len(told[table]) != len(document.persons):
            yield f"{table}: not one entry for each result"
            return
    for table, row in rows:
        yield from (f"{table}.{name}: no column for it" for name in row if name not in OPENEMR[table])
        yield from (f"{table}.{name}: empty, no text, or too long" for name, value in row.items()
                    if not isinstance(value, str) or not 0 < len(value) <= (15 if name == "cms_id" else TEXTS))
    yield from whose(told["patient_data"], document.person)
    types = [row.get("type") for row in told["insurance_data"]]
    order = sorted(range(len(types)), key=lambda at: (document.persons[at].is_over, document.persons[at].is_aid))
    if [types[at] for at in order] != ["primary", "secondary", "tertiary"][:len(types)]:
        yield "type: 医療保険 is not before 医療扶助, or not what covers the day before what is over"
    for row, company, person in zip(told["insurance_data"], told["insurance_companies"], document.persons):
        if company.get("cms_id", "") != person["insurer"] or company.get("name", "") != person["insurer_name"]:
            yield "insurance_companies: not the insurer of the source"
        yield from insured(row, person)


def whose(row, person):
    family, given = parts(person["name"])
    for name, wanted in (("lname", family), ("fname", given), ("DOB", dashed(person["birth"])),
                         ("street", person["address"]), ("postal_code", person["postal"]),
                         ("sex", {"1": "Male", "2": "Female"}.get(person["sex"], ""))):
        if row.get(name, "") != wanted:
            yield f"patient_data.{name}: not that of the source"


def insured(row, person):
    person = person.card
    branch = person["branch"]
    if not facts.same(row.get("policy_number"), person["number"] + (f"-{branch}" if branch else "")):
        yield "policy_number: not 番号 and 枝番"
    if not facts.same(row.get("group_number"), person["symbol"]):
        yield "group_number: not the 記号"
    if row.get("date", "") != dashed(person["start"] or person["since"]):
        yield "date: not the first day of the source"
    if row.get("date_end", "") != dashed(person.last_day):
        yield "date_end: not the last day with cover"
    is_self = person.relation == "1"
    if (row.get("subscriber_relationship") == "self") != is_self:
        yield "subscriber_relationship: not what the source says"
    if not is_self and {"subscriber_DOB", "subscriber_sex", "subscriber_street"} & set(row):
        yield "subscriber: what the source does not say about the insured person"
    holder = {"1": person["name"], "2": person["insured"]}.get(person.relation, "")
    if (row.get("subscriber_lname", ""), row.get("subscriber_fname", "")) != parts(holder):
        yield "subscriber_lname, subscriber_fname: another name than in the source"


def gnuhealth(document):
    text = document.raw.decode("utf-8")
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    if text.startswith("\ufeff") or '"' in text or not text.endswith("\n"):
        yield "a byte order mark, a quotation mark, or a last line without an end"
    heading, lines = rows[0], rows[1:]
    if heading != NEW and heading not in KNOWN:
        yield "the heading is not that of party.party or gnuhealth.insurance"
        return
    if len(lines) != len(document.persons) or any(len(line) != len(heading) for line in lines):
        yield "not one line for each result, or a line of another width"
        return
    for number, (line, person) in enumerate(zip(lines, document.persons)):
        said = dict(zip(heading, line))
        if heading == NEW:
            yield from party(said, person, number)
        elif not said[heading[0]] or said[heading[0]] != lines[0][0]:
            yield "the owner is missing, or is not the same in every line"
        yield from policy({name: said.get("insurance/" + name, said.get(name)) for name in INSURANCE}, person)


def party(said, person, number):
    """Only the first line names the person: a line without is a part of the line before."""
    family, given = parts(person["name"])
    if not given:
        family, given = "", family
    wanted = {"lastname": family, "name": given, "dob": dashed(person["birth"]), "is_person": "True",
              "gender": {"1": "m", "2": "f"}.get(person["sex"], "u"), "is_patient": "True"}
    if number > 0:
        yield from (f"{name}: must be empty behind the first line" for name in PERSON if said[name])
        return
    yield from (f"{name}: not that of the source" for name, value in wanted.items() if said[name] != value)
    if said["name_representation"] not in ("cjk", "fg") or len(said["fed_country"]) != 3:
        yield "name_representation or fed_country"


def policy(said, person):
    person = person.card
    pieces = said["number"].split(":")
    if len(pieces) != 3 or not all(facts.same(piece, person[key])
                                   for piece, key in zip(pieces, ("symbol", "number", "branch"))):
        yield "number: not 記号:番号:枝番 of the source"
    if said["company"] != person["insurer"]:
        yield "company: not the insurer's number"
    if said["member_since"] != dashed(person["since"] or person["start"]):
        yield "member_since: not the first day of the source"
    if said["member_exp"] != dashed(person.last_day):
        yield "member_exp: not the last day with cover"
    if said["insurance_type"] not in ("", "state", "labour_union", "private"):
        yield "insurance_type: no word of GNU Health"
