#!/usr/bin/python3
"""Our own check of JP Core's Patient, Coverage and payer in a Bundle, JSON or XML: judge_fhir.py KIND FOLDER...
Systems, extensions, memberID, periods, references, codes. Base R4 is judged by judge_fhir_base.js."""
import re
import sys

import facts
import fhir_order
import fhir_tree
import judging

CORE = "http://jpfhir.jp/fhir/core/"
PROFILES = {kind: f"{CORE}StructureDefinition/JP_{kind}" for kind in ("Patient", "Coverage", "Organization")}
EXTENSIONS = {name: f"{CORE}Extension/StructureDefinition/JP_Coverage_InsuredPerson{name}"
              for name in ("Symbol", "Number", "SubNumber")}
MEMBER = "http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID"
CSV = f"{CORE}IdSystem/JP_Coverage_id"
INSURER = f"{CORE}mhlw/IdSystem/InsurerNumber"
# 公費負担者番号 and 受給者番号 of 公費, each with two names.
PAYERS = (f"{CORE}mhlw/IdSystem/PublicPayerNumber", "urn:oid:1.2.392.100495.20.3.71")
AID = (*PAYERS, f"{CORE}mhlw/IdSystem/PublicInsuredPersonNumber", "urn:oid:1.2.392.100495.20.3.72")
RELATION = f"{CORE}mhlw/CodeSystem/InsuredPersonCategory"
ACT, KINDS = "http://terminology.hl7.org/CodeSystem/v3-ActCode", "urn:oid:1.2.392.100495.20.2.61"
COPAY = "http://terminology.hl7.org/CodeSystem/coverage-copay-type"
PATIENT_NUMBER = r"urn:oid:1\.2\.392\.100495\.20\.3\.51\.1[0-9]{10}"
WRITING = "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation"
UUID = "urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
STATES = ("active", "cancelled", "draft", "entered-in-error")


def entries(bundle):
    return [(e.text("fullUrl"), e.one("resource")) for e in bundle.many("entry")]


def resolved(bundle, reference):
    """The resource of the Bundle that a reference means."""
    for url, resource in entries(bundle):
        if reference and reference in (url, f"{resource.kind}/{resource.text('id')}"):
            return resource
    return None


def bundle_problems(bundle, person, persons):
    if bundle.kind != "Bundle" or bundle.text("type") not in ("collection", "transaction", "batch"):
        yield "not a Bundle with a type"
        return
    urls = [url for url, _ in entries(bundle)]
    if len(set(urls)) != len(urls) or not all(re.fullmatch(UUID + r"|https?://\S+", url) for url in urls):
        yield "fullUrl: missing, twice or not an absolute address"
    if bundle.text("type") in ("transaction", "batch") and not all(e.many("request") for e in bundle.many("entry")):
        yield "an entry without request"
    kinds = [resource.kind for _, resource in entries(bundle)]
    for kind, profile in PROFILES.items():
        if kind not in kinds:
            yield f"no {kind}"
        for _, resource in entries(bundle):
            if resource.kind == kind and profile not in [p.value for p in resource.many("meta", "profile")]:
                yield f"{kind}: meta.profile"
    for node in bundle.all():
        if node.name == "reference" and resolved(bundle, node.value) is None:
            yield "a reference that the Bundle does not hold"
        if node.value is not None and not node.value.strip() or node.value is None and not node.children:
            yield f"{node.name}: empty"
    coverages = kinds.count("Coverage")
    if coverages not in (1, len(persons)):
        yield "not one Coverage, nor one for each result"
    judges = {"Patient": patient_problems, "Coverage": coverage_problems, "Organization": organization_problems}
    for _, resource in entries(bundle):
        if resource.kind in judges:
            tries = [list(judges[resource.kind](resource, bundle, p)) for p in ([person] if coverages == 1 else persons)]
            yield from min(tries, key=len)


def coverage_problems(coverage, bundle, person):
    person = person.card
    yield from extension_problems(coverage, person)
    yield from coverage_identifier_problems(coverage, person)
    if coverage.text("status") not in STATES or (person.is_over and coverage.text("status") == "active"):
        yield "Coverage.status"
    yield from type_problems(coverage, person)
    if resolved(bundle, coverage.text("beneficiary", "reference")) not in [r for _, r in entries(bundle) if r.kind == "Patient"]:
        yield "Coverage.beneficiary: not the Patient of the Bundle"
    payers = [resolved(bundle, p.text("reference")) for p in coverage.many("payor")]
    if not payers or any(p is None or p.kind not in ("Organization", "Patient", "RelatedPerson") for p in payers):
        yield "Coverage.payor: not in the Bundle"
    branch = coverage.text("dependent")
    if branch != (person["branch"] if branch else ""):
        yield "Coverage.dependent: not the 枝番 in half width"
    if coverage.many("subscriberId"):
        symbol, colon, number = coverage.text("subscriberId").partition(":")
        if not colon or not facts.same(symbol, person["symbol"]) or not facts.same(number, person["number"]):
            yield "Coverage.subscriberId: not 記号:番号"
    coding = coverage.one("relationship", "coding")
    if coverage.many("relationship") and (coding.text("system"), coding.text("code")) != (RELATION, person.relation):
        yield "Coverage.relationship: system or code"
    yield from period_problems(coverage, person)
    for cost in coverage.many("costToBeneficiary"):
        if (cost.text("type", "coding", "system"), cost.text("type", "coding", "code")) != (COPAY, "copaypct"):
            yield "costToBeneficiary: type"
        share = cost.text("valueQuantity", "value")
        if share not in ("10", "20", "30") or (person.percent is not None and share != str(person.percent)):
            yield "costToBeneficiary: not the ratio of the source"
    if coverage.many("order") and not re.fullmatch("[1-9]", coverage.text("order")):
        yield "Coverage.order"


def extension_problems(coverage, person):
    said = {}
    for extension in coverage.many("extension"):
        names = [name for name, url in EXTENSIONS.items() if url == extension.text("url")]
        if not names or names[0] in said or not extension.text("valueString"):
            yield "Coverage.extension: url, twice or without valueString"
            continue
        said[names[0]] = extension.text("valueString")
    for name, key in (("Symbol", "symbol"), ("Number", "number")):
        if person.is_aid and name not in said:
            continue  # 受給者番号 may be an identifier
        value = said.get(name, "")
        if not facts.is_wide(value) or "\u3000" in value:
            yield f"extension {name}: not full width without spaces"
        if not facts.same(value, person[key]):
            yield f"extension {name}: not that of the source"
    if not re.fullmatch("([0-9]{2})?", said.get("SubNumber", "")) or said.get("SubNumber", "") != person["branch"]:
        yield "extension SubNumber: not the two digits of the source"


def coverage_identifier_problems(coverage, person):
    by_system = [(i.text("system"), i.text("value")) for i in coverage.many("identifier")]
    systems = [system for system, _ in by_system]
    if any(systems.count(s) > 1 for s in (MEMBER, CSV)) or any(
            s not in (MEMBER, CSV) and not (person.is_aid and s in AID) for s in systems):
        yield "Coverage.identifier: system, or twice"
    if MEMBER not in systems and not person.is_aid:
        yield "Coverage.identifier: no memberID"
    for system, value in by_system:
        if system == MEMBER:
            yield from member_problems(value, person)
        if system == CSV:
            parts = re.fullmatch('"([0-9]{8})","([^",]*)","([^",]*)","([0-9]{2})?"', value)
            if not parts or not facts.is_wide(parts.group(2) + parts.group(3)):
                yield "csv identifier: form"


def member_problems(value, person):
    parts = value.split(":")
    if len(parts) != 4 or len(value) > 51:
        yield "memberID: not four parts within 51 characters"
        return
    insurer, symbol, number, branch = parts
    if not facts.is_number(insurer, 8) or insurer != person["insurer"].zfill(8):
        yield "memberID: 保険者番号 is not 8 digits of the source"
    for part in (symbol, number):
        if not (re.fullmatch("[0-9A-Za-z]*", part) or facts.is_wide(part)) or "\u3000" in part:
            yield "memberID: neither half-width letters and digits nor full width"
    if not facts.same(symbol, person["symbol"]) or not facts.same(number, person["number"]):
        yield "memberID: 記号 or 番号 is not that of the source"
    if branch != person["branch"] or not re.fullmatch("([0-9]{2})?", branch):
        yield "memberID: 枝番 is not the two digits of the source"


def type_problems(coverage, person):
    kind = "8" if person.is_aid else "7" if person.is_late_elderly else "2" if person.is_kokuho else "1"
    for coding in coverage.many("type", "coding"):
        if (coding.text("system"), coding.text("code")) not in ((ACT, "PUBLICPOL"), (KINDS, kind)):
            yield "Coverage.type: system or code"


def period_problems(coverage, person):
    start, end = coverage.text("period", "start"), coverage.text("period", "end")
    if any(day and not facts.is_dashed_day(day) for day in (start, end)) or (start and end and start > end):
        yield "Coverage.period: not days in order"
    if start and start.replace("-", "") not in (person["start"], person["since"]):
        yield "Coverage.period: not a start of the source"
    if end and end.replace("-", "") != person.last_day:
        yield "Coverage.period: an end that is not the last day with cover"


def organization_problems(organization, _bundle, person):
    kinds = [(c.text("system"), c.text("code")) for c in organization.many("type", "coding")]
    if ("http://terminology.hl7.org/CodeSystem/organization-type", "pay") not in kinds:
        yield "Organization.type: not pay"
    numbers = [(i.text("system"), i.text("value")) for i in organization.many("identifier")]
    known = [value for system, value in numbers if system == INSURER or (person.is_aid and system in PAYERS)]
    if len(known) != 1 or known[0].lstrip("0") != person["insurer"].lstrip("0") or not known[0].isdigit():
        yield "Organization.identifier: not the insurer of the source"
    if organization.text("name") != person["insurer_name"]:
        yield "Organization.name: not that of the source"


def patient_problems(patient, _bundle, person):
    systems = [i.text("system") for i in patient.many("identifier")]
    if not systems or not all(re.fullmatch(PATIENT_NUMBER, s) or s == MEMBER for s in systems):
        yield "Patient.identifier: system"
    if not all(i.text("value") for i in patient.many("identifier")):
        yield "Patient.identifier: without value"
    yield from name_problems(patient, person)
    if patient.text("gender") != {"1": "male", "2": "female"}.get(person["sex"], "unknown"):
        yield "Patient.gender"
    if not facts.is_dashed_day(patient.text("birthDate")) or patient.text("birthDate").replace("-", "") != person["birth"]:
        yield "Patient.birthDate"
    for address in patient.many("address"):
        if address.many("postalCode") and not facts.is_postal_code(address.text("postalCode")):
            yield "Patient.address: postal code is not 999-9999"
        if address.many("country") and address.text("country") != "JP":
            yield "Patient.address: country"
        if not facts.same(address.text("text") or address.text("line"), person["address"]):
            yield "Patient.address: not that of the source"
    if any(t.text("system") not in ("phone", "email") for t in patient.many("telecom")):
        yield "Patient.telecom: system"


def name_problems(patient, person):
    if not patient.many("name"):
        yield "Patient.name: none"
    for name in patient.many("name"):
        writing = [e.text("valueCode") for e in name.many("extension") if e.text("url") == WRITING]
        if len(writing) != 1 or writing[0] not in ("IDE", "SYL", "ABC") or len(name.many("extension")) != 1:
            yield "Patient.name: extension of the representation"
        if name.text("use") not in ("official", "usual", ""):
            yield "Patient.name: use"
        text = name.text("text") or " ".join(n.value for n in name.many("family") + name.many("given"))
        if writing == ["SYL"] and not facts.is_katakana(text.replace(" ", "　")):
            yield "Patient.name: SYL is not katakana in full width"
        if writing == ["IDE"] and facts.is_katakana(text) and not facts.is_katakana(person["name"]):
            yield "Patient.name: IDE is katakana"
        parts = "".join(n.value for n in name.many("family") + name.many("given"))
        if not parts and not name.text("text") or parts and name.text("text") and not facts.same(parts, name.text("text")):
            yield "Patient.name: family and given are not the text"
    for key, writing in (("name", "IDE"), ("kana", "SYL")):
        names = [n for n in patient.many("name") if writing in [e.text("valueCode") for e in n.many("extension")]]
        spelt = [n.text("text") or "".join(p.value for p in n.many("family") + n.many("given")) for n in names]
        if person[key] and not any(facts.same(s, person[key]) for s in spelt):
            yield f"Patient.name: no {writing} that is the source's"


def judge(document):
    if b"\xef\xbb\xbf" in document.raw[:3]:
        yield "a byte order mark"
    bundle = fhir_tree.read(document.raw)
    yield from bundle_problems(bundle, document.person, document.persons)
    if not document.raw.lstrip().startswith(b"{"):
        yield from fhir_order.problems(bundle)


if __name__ == "__main__":
    judging.run({"fhir-json": judge, "fhir-xml": judge}, sys.argv[1:], __doc__)
