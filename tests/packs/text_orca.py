"""Requests of ORCA in xml2: patientmodreq and patientmodv3req2. Order, types, bytes, widths."""
import datetime
import re
import xml.etree.ElementTree as ET

import facts

WIDE, HALF = "full width", "half width"  # what to send so that the host converts or refuses nothing
# name: (bytes, width rule); the order is that of the request.
NAMES = {"WholeName": (100, WIDE), "WholeName_inKana": (100, WIDE)}
HOME = {"Address_ZipCode": (7, HALF), "WholeAddress1": (200, WIDE), "WholeAddress2": (200, WIDE),
        "PhoneNumber1": (15, HALF), "PhoneNumber2": (15, HALF)}
WORK = {"WholeName": (100, WIDE), "Address_ZipCode": (7, HALF), "WholeAddress1": (200, WIDE), "WholeAddress2": (200, WIDE),
        "PhoneNumber": (15, None)}
CARD = {"HealthInsuredPerson_Symbol": (80, WIDE), "HealthInsuredPerson_Number": (80, WIDE),
        "HealthInsuredPerson_Branch_Number": (2, HALF)}
INSURANCE = {
    "InsuranceProvider_Class": (3, HALF), "InsuranceProvider_Number": (8, HALF), "InsuranceProvider_WholeName": (20, WIDE),
    **CARD, "HealthInsuredPerson_Continuation": (1, HALF), "HealthInsuredPerson_Assistance": (1, HALF),
    "RelationToInsuredPerson": (1, HALF), "Rate_Class": (1, HALF), "HealthInsuredPerson_WholeName": (100, WIDE),
    "Certificate_StartDate": (10, HALF), "Certificate_ExpiredDate": (10, HALF), "Certificate_GetDate": (10, HALF)}
PUBLIC = {"PublicInsurance_Class": (3, HALF), "PublicInsurance_Name": (20, WIDE), "PublicInsurer_Number": (8, HALF),
          "PublicInsuredPerson_Number": (20, HALF), "Certificate_IssuedDate": (10, HALF), "Certificate_ExpiredDate": (10, HALF)}
TEXTS = {f"{name}{n}": (200, WIDE) for name in ("Contraindication", "Allergy", "Infection", "Comment") for n in (1, 2)}
REGISTER = {
    "Mod_Key": (1, HALF), "Patient_ID": (20, HALF), **NAMES, "BirthDate": (10, HALF), "Sex": (1, HALF),
    "HouseHolder_WholeName": (100, WIDE), "Relationship": (60, WIDE), "Occupation": (40, WIDE), "CellularNumber": (15, HALF),
    "FaxNumber": (15, HALF), "EmailAddress": (50, HALF), "Home_Address_Information": HOME, "WorkPlace_Information": WORK,
    **TEXTS, "HealthInsurance_Information": {**INSURANCE, "PublicInsurance_Information": [PUBLIC]},
    "Personally_Information": {"Pregnant_Class": (5, HALF)},
    "Payment_Information": {n: (2, HALF) for n in ("Reduction_Reason", "Discount", "Ic_Code")},
    "Condition_Information": {f"Condition{n}": (2, HALF) for n in (1, 2, 3)}}
MODE = {"InsuranceProvider_Mode": (6, HALF), "InsuranceProvider_Id": (10, HALF)}
CHECKED = {"Certificate_CheckDate": (10, HALF)}
UPDATE = {
    "Request_Number": (2, HALF), "Karte_Uid": (36, HALF), "Base_Date": (10, HALF), "Orca_Uid": (36, HALF),
    "Patient_Information": {"Patient_ID": (20, HALF), **NAMES, "BirthDate": (10, HALF), "Sex": (1, HALF)},
    "HealthInsurance_Information": {"HealthInsurance_Info": [
        {**MODE, **{k: v for k, v in INSURANCE.items() if k != "Rate_Class"}, **CHECKED}]},
    "PublicInsurance_Information": {"PublicInsurance_Info": [
        {"PublicInsurance_Mode": (6, HALF), "PublicInsurance_Id": (10, HALF), **PUBLIC, **CHECKED}]}}
DATES = re.compile("(Birth|Start|Expired|Get|Issued|Check|Base_)Date$|^Base_Date$")


def record_problems(record, layout, path):
    """A record: children in the order of the layout, with their types."""
    names = [child.tag for child in record]
    if any(name not in layout for name in names) or len(set(names)) != len(names):
        yield f"{path}: a child that does not belong there, or one twice"
        return
    if names != sorted(names, key=list(layout).index):
        yield f"{path}: order of children"
    for child in record:
        below = layout[child.tag]
        kind = "record" if isinstance(below, dict) else "array" if isinstance(below, list) else "string"
        if dict(child.attrib) != {"type": kind}:
            yield f"{child.tag}: type is not {kind}"
        if kind == "record":
            yield from record_problems(child, below, child.tag)
        elif kind == "array":
            yield from array_problems(child, below[0])
        else:
            yield from text_problems(child, *below)


def array_problems(array, layout):
    for member in array:
        if member.tag != f"{array.tag}_child" or dict(member.attrib) != {"type": "record"}:
            yield f"{array.tag}: a member that is not {array.tag}_child of type record"
        yield from record_problems(member, layout, member.tag)
    if not len(array) or len(array) > 4 and array.tag == "PublicInsurance_Information":
        yield f"{array.tag}: none, or more than four"


def text_problems(element, most, width):
    text, name = element.text or "", element.tag
    if len(element) or not text:
        yield f"{name}: empty, or elements where a text stands"
    if facts.cp932_bytes(text) > most:
        yield f"{name}: longer than {most} bytes"
    if width == WIDE and not facts.is_wide(text):
        yield f"{name}: not full width"
    if width == HALF and not re.fullmatch("[!-~]*", text):
        yield f"{name}: not half width"
    if DATES.search(name) and not facts.is_dashed_day(text):
        yield f"{name}: not a day as yyyy-MM-dd"


def request_of(document, name, layout):
    """The one request below data, judged by its layout."""
    document.raw.decode("utf-8")
    root = ET.fromstring(document.raw)
    if root.tag != "data" or root.attrib or [child.tag for child in root] != [name]:
        raise ValueError(f"not data with {name}")
    told = list(record_problems(root[0], layout, name))
    if dict(root[0].attrib) != {"type": "record"}:
        told.append(f"{name}: type is not record")
    for public in [e for e in root.iter() if e.find("PublicInsurer_Number") is not None]:
        told += public_problems(public, document.persons)
    return root[0], told


def register(document):
    request, told = request_of(document, "patientmodreq", REGISTER)
    yield from told
    for name in ("Patient_ID", "WholeName", "WholeName_inKana", "BirthDate", "Sex"):
        if not request.findtext(name):
            yield f"{name} is missing"
    yield from patient_problems(request, document.person)
    yield from insurance_problems(request.find("HealthInsurance_Information"), document.person)


def update(document):
    request, told = request_of(document, "patientmodv3req2", UPDATE)
    yield from told
    insurances = request.findall("HealthInsurance_Information/HealthInsurance_Info/HealthInsurance_Info_child")
    if not insurances and not request.findall("PublicInsurance_Information/PublicInsurance_Info/PublicInsurance_Info_child"):
        yield "neither insurance nor 公費"
    yield from patient_problems(request.find("Patient_Information"), document.person)
    for insurance in insurances:
        yield from update_problems(insurance)
        yield from insurance_problems(insurance, document.person)


def patient_problems(patient, person):
    if patient is None:
        yield "Patient_Information is missing"
        return
    kana = patient.findtext("WholeName_inKana")
    if kana is not None and (not facts.is_katakana(kana) or not facts.same(kana, person["kana"])):
        yield "WholeName_inKana: not the katakana of the source in full width"
    name = patient.findtext("WholeName")
    if name is not None and len(name) != len(person["name"]):
        yield "WholeName: not as long as that of the source"
    if patient.findtext("BirthDate", person["birth"]).replace("-", "") != person["birth"]:
        yield "BirthDate: not that of the source"
    if patient.findtext("Sex", person["sex"]) != person["sex"] or patient.findtext("Sex", "1") not in ("1", "2"):
        yield "Sex: not that of the source"
    code = patient.findtext("Home_Address_Information/Address_ZipCode")
    if code is not None and (not re.fullmatch("[0-9]{7}", code) or code != person["postal"].replace("-", "")):
        yield "Address_ZipCode: not the 7 digits of the source"


def insurance_problems(insurance, person):
    if insurance is None or person.is_aid:
        return
    number = insurance.findtext("InsuranceProvider_Number", "")
    if not facts.is_number(number, 4, 6, 8) or number != person["insurer"]:
        yield "InsuranceProvider_Number: not the bare digits of the source"
    for tag, key in (("Symbol", "symbol"), ("Number", "number"), ("Branch_Number", "branch")):
        text = insurance.findtext(f"HealthInsuredPerson_{tag}", "")
        wanted = "" if person.is_late_elderly and key != "number" else person[key]
        if not facts.same(text, wanted):
            yield f"HealthInsuredPerson_{tag}: not that of the source"
        if len(text) > 20 or "\u3000" in text:
            yield f"HealthInsuredPerson_{tag}: longer than 20 characters, or with a space"
    relation = insurance.findtext("RelationToInsuredPerson")
    if relation is not None and relation != person.relation:
        yield "RelationToInsuredPerson: not that of the source"
    if len(insurance.findtext("HealthInsuredPerson_WholeName", "")) > 25:
        yield "HealthInsuredPerson_WholeName: longer than 25 characters"
    kind = insurance.findtext("InsuranceProvider_Class")
    if kind is not None and kind != ("060" if person.is_kokuho else {"01": "009"}.get(number[:2], f"0{number[:2]}")):
        yield "InsuranceProvider_Class: does not fit the number"
    start, end = insurance.findtext("Certificate_StartDate", ""), insurance.findtext("Certificate_ExpiredDate", "")
    if start and start.replace("-", "") not in (person["start"], person["since"]):
        yield "Certificate_StartDate: not a day of the source"
    if end and end.replace("-", "") not in (person["end"] or "99991231", day_before(person["lost"])):
        yield "Certificate_ExpiredDate: not a day of the source"


def day_before(day):
    """The last day of an entitlement that is lost on this one, as yyyyMMdd; nothing without a loss."""
    return f"{datetime.datetime.strptime(day, '%Y%m%d') - datetime.timedelta(1):%Y%m%d}" if day else ""


def update_problems(insurance):
    mode, number = insurance.findtext("InsuranceProvider_Mode"), insurance.findtext("InsuranceProvider_Id")
    if mode not in (None, "New", "Modify", "Delete") or mode == "New" and number != "0":
        yield "InsuranceProvider_Mode or Id"
    if insurance.findtext("RelationToInsuredPerson") not in ("1", "2"):
        yield "RelationToInsuredPerson is missing"


def public_problems(public, persons):
    payers = {p["insurer"]: p["number"] for p in persons if p.is_aid}
    number = public.findtext("PublicInsurer_Number")
    if payers.get(number) is None or public.findtext("PublicInsuredPerson_Number") != payers[number]:
        yield "公費: not that of the source"
    if public.findtext("PublicInsurance_Class") not in (None, f"0{number[:2]}"):
        yield "PublicInsurance_Class: does not fit the number"
