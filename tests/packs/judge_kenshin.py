#!/usr/bin/python3
"""What the schemas of 特定健診 do not see in hc08 and cc08: judge_kenshin.py KIND FOLDER...
Numbers, OIDs, widths, lengths, real days, postal codes, order. Needs no schema."""
import re
import sys
import xml.etree.ElementTree as ET

import facts
import judging

HL7 = "{urn:hl7-org:v3}"
CLAIM = "{https://www.mhlw.go.jp/stf/seisakunitsuite/bunya/0000161103.html}"
OID = "1.2.392.200119.6."
INSURER, SYMBOL, NUMBER, BRANCH = OID + "101", OID + "204", OID + "205", OID + "211"
HEADER = ["typeId", "id", "code", "effectiveTime", "confidentialityCode", "recordTarget", "author", "custodian",
          "participant", "documentationOf", "component"]
SUBJECT = ["performerOrganization", "insuranceCard", "name", "addr", "birthTime", "administrativeGender"]
CARD = {"insurerNumber": INSURER, "symbol": SYMBOL, "number": NUMBER, "branchCode": BRANCH}


def local(element):
    return element.tag.rsplit("}", 1)[-1]


def in_order(element, order, what):
    """Known names only, in their order."""
    names = [local(child) for child in element]
    if any(name not in order for name in names):
        yield f"{what}: a child that does not belong there"
    elif [order.index(n) for n in names] != sorted(order.index(n) for n in names):
        yield f"{what}: order of children"


def attribute(element, path, name):
    found = element.find(path)
    return "" if found is None else found.get(name, "")


def card_problems(numbers, person):
    """numbers: (OID, value) in the order of the document."""
    roots = [root for root, _ in numbers]
    if roots != [r for r in (INSURER, SYMBOL, NUMBER, BRANCH) if r in roots] or NUMBER not in roots or INSURER not in roots:
        yield "ids: OIDs or their order"
        return
    value = dict(numbers)
    if not facts.is_number(value[INSURER], 8):
        yield "保険者番号: not 8 digits with a check digit"
    elif value[INSURER] != person["insurer"].zfill(8):
        yield "保険者番号: not that of the source"
    for root, name in ((SYMBOL, "symbol"), (NUMBER, "number")):
        if root not in value:
            if person[name]:
                yield f"{name}: the source has one"
            continue
        if not value[root] or not facts.is_wide(value[root]) or "\u3000" in value[root]:
            yield f"{name}: not full width without spaces"
        if len(value[root]) > 20:
            yield f"{name}: more than 20 characters"
        if not facts.same(value[root], person[name]):
            yield f"{name}: not that of the source"
    if BRANCH in value and not re.fullmatch("[0-9]{2}", value[BRANCH]):
        yield "枝番: not 2 digits"
    if value.get(BRANCH, "") != person["branch"]:
        yield "枝番: not that of the source"
    if value[INSURER].startswith("39") and (SYMBOL in value or BRANCH in value):
        yield "後期高齢者: 記号 or 枝番"


def address_problems(addr, what, said=None):
    if addr is None or len(addr) != 1 or local(addr[0]) != "postalCode" or (addr.text or "").strip():
        yield f"{what}: not a postalCode and then the text"
        return
    text = addr[0].tail or ""
    if not facts.is_postal_code(addr[0].text or ""):
        yield f"{what}: postal code is not 999-9999"
    if not text.strip() or not facts.is_wide(text):
        yield f"{what}: not full width"
    if facts.cp932_bytes(text) > 80:
        yield f"{what}: more than 80 bytes"
    if said is not None and all(map(facts.in_cp932, said)) and not facts.same(text, said):
        yield f"{what}: not that of the source"


def person_problems(name, gender, birth, person):
    if not facts.is_katakana(name):
        yield "name: not full-width katakana"
    elif not facts.same(name, person["kana"]):
        yield "name: not that of the source"
    if gender not in ("1", "2"):
        yield "gender: not 1 or 2"
    elif gender != person["sex"]:
        yield "gender: not that of the source"
    if not facts.is_day(birth):
        yield "birthTime: not a day of the calendar"
    elif birth != person["birth"]:
        yield "birthTime: not that of the source"


def role_problems(role, person):
    names = [local(child) for child in role]
    if names != sorted(names, key=["id", "addr", "patient"].index):
        yield "patientRole: order of children"
    yield from card_problems([(i.get("root"), i.get("extension", "")) for i in role.findall(HL7 + "id")], person)
    yield from address_problems(role.find(HL7 + "addr"), "address", person["address"])
    patient = role.find(HL7 + "patient")
    if [local(child) for child in patient] != ["name", "administrativeGenderCode", "birthTime"]:
        yield "patient: not name, gender, birthTime"
        return
    if patient[1].get("codeSystem") != OID + "1104":
        yield "gender: code system"
    yield from person_problems(patient[0].text or "", patient[1].get("code", ""), patient[2].get("value", ""), person)


def organization_problems(organization, what):
    identifier = organization.find(HL7 + "id")
    if identifier.get("root") != OID + "102" or not re.fullmatch("[0-9]{10}", identifier.get("extension", "")):
        yield f"{what}: not a 健診機関番号 of 10 digits"
    if not re.fullmatch("tel:[0-9-]+", attribute(organization, HL7 + "telecom", "value")):
        yield f"{what}: telecom"
    yield from address_problems(organization.find(HL7 + "addr"), what)


def ticket_problems(participant, insurer):
    kind = attribute(participant, HL7 + "functionCode", "code")
    entity = participant.find(HL7 + "associatedEntity")
    if participant.get("typeCode") != "HLD" or entity.get("classCode") != "IDENT":
        yield "participant: typeCode or classCode"
    if kind not in ("1", "2") or attribute(participant, HL7 + "functionCode", "codeSystem") != OID + "208":
        yield "participant: functionCode"
    if not facts.is_day(attribute(participant, f"{HL7}time/{HL7}high", "value")):
        yield "participant: 有効期限 is not a day of the calendar"
    root = f"{OID}{'210' if kind == '2' else '209'}.1{insurer}"
    identifier = entity.find(HL7 + "id")
    if identifier.get("root") != root:
        yield "participant: OID of the ticket"
    if not re.fullmatch("[0-9]{11}", identifier.get("extension", "")):
        yield "participant: 整理番号 is not 11 digits"
    scope = entity.find(f"{HL7}scopingOrganization/{HL7}id")
    if scope is None or (scope.get("root"), scope.get("extension")) != (INSURER, insurer):
        yield "participant: scopingOrganization"


def hc08_problems(root, person):
    if root.tag != HL7 + "ClinicalDocument":
        yield "root"
        return
    yield from in_order(root, HEADER, "header")
    type_id = root.find(HL7 + "typeId")
    if (type_id.get("root"), type_id.get("extension")) != ("2.16.840.1.113883.1.3", "POCD_HD000040"):
        yield "typeId"
    if attribute(root, HL7 + "id", "nullFlavor") != "NI" or attribute(root, HL7 + "confidentialityCode", "code") != "N":
        yield "id or confidentialityCode"
    if attribute(root, HL7 + "code", "codeSystem") != OID + "1001":
        yield "code: code system"
    roles = root.findall(f"{HL7}recordTarget/{HL7}patientRole")
    if len(roles) != 1:
        yield "not one patientRole"
        return
    yield from role_problems(roles[0], person)
    for place, what in ((f"{HL7}author//{HL7}representedOrganization", "author"),
                        (f"{HL7}documentationOf//{HL7}representedOrganization", "performer")):
        for organization in root.iterfind(place):
            yield from organization_problems(organization, what)
    for participant in root.findall(HL7 + "participant"):
        yield from ticket_problems(participant, person["insurer"].zfill(8))
    days = [t.get("value", "") for tag in ("effectiveTime", "time") for t in root.iter(HL7 + tag) if "value" in t.attrib]
    if not days or not all(map(facts.is_day, days)):
        yield "a time that is not a day of the calendar"
    if attribute(root, f"{HL7}documentationOf/{HL7}serviceEvent/{HL7}code", "codeSystem") != OID + "1002":
        yield "serviceEvent: code system"
    if any(c.get("codeSystem") != OID + "1010" for c in root.iterfind(f".//{HL7}section/{HL7}code")):
        yield "section: code system"


def cc08_problems(root, person):
    subject = root if root.tag == CLAIM + "subjectPerson" else root.find(CLAIM + "subjectPerson")
    if subject is None or not root.tag.startswith(CLAIM):
        yield "root, namespace or subjectPerson"
        return
    if [local(child) for child in subject] != SUBJECT:
        yield "subjectPerson: order of children (birthTime stands before administrativeGender)"
        return
    organization = subject[0].find(CLAIM + "id")
    if organization.get("root") != OID + "102" or not re.fullmatch("[0-9]{10}", organization.get("extension", "")):
        yield "performerOrganization: not a 健診機関番号 of 10 digits"
    card = [(local(child), child.get("root", ""), child.get("extension", "")) for child in subject[1]]
    if any(CARD.get(name) != root_oid for name, root_oid, _ in card):
        yield "insuranceCard: OIDs"
        return
    yield from card_problems([(root_oid, value) for _, root_oid, value in card], person)
    yield from address_problems(subject[3], "address", person["address"])
    yield from person_problems(subject[2].text or "", subject[5].get("code", ""), subject[4].get("value", ""), person)
    ticket = root.find(f"{CLAIM}checkupCard/{CLAIM}id")
    if ticket is not None and (ticket.get("root") != OID + "209"
                               or not re.fullmatch("[0-9]{11}", ticket.get("extension", ""))):
        yield "checkupCard: OID or 整理番号"
    high = root.find(f"{CLAIM}checkupCard/{CLAIM}effectiveTime/{CLAIM}high")
    if high is not None and not facts.is_day(high.get("value", "")):
        yield "checkupCard: 有効期限 is not a day of the calendar"


def encoding_problems(raw):
    raw.decode("utf-8")
    declared = re.match(rb'(?:\xef\xbb\xbf)?<\?xml version="1\.0" encoding="([^"]+)"', raw)
    if declared is None or declared.group(1).lower() != b"utf-8":
        yield "declaration: not UTF-8"


def judged(problems):
    def judge(document):
        yield from encoding_problems(document.raw)
        yield from problems(ET.fromstring(document.raw), judging.as_one(document).person)
    return judge


JUDGES = {"hc08": judged(hc08_problems), "cc08": judged(cc08_problems)}

if __name__ == "__main__":
    judging.run(JUDGES, sys.argv[1:], __doc__)
