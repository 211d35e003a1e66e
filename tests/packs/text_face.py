"""The face XML of oqs-face: form of elements, and their order where pushed files have one; our own reader must find in it what it finds in the source."""
import json
import os
import pathlib
import re
import subprocess
import xml.etree.ElementTree as ET

import facts

HEADER = ["ProcessExecutionTime", "CharacterCodeIdentifier", "SegmentOfResult", "QualificationConfirmationDate",
          "ReferenceClassification", "ArbitraryFileIdentifier", "MedicalInstitutionCode"]
BODY = ["ResultList", "ProcessingResultStatus", "ProcessingResultCode", "ProcessingResultMessage", "QualificationValidity",
        "PrescriptionIssueSelect"]
ITEM = """InsuredCardClassification InsurerNumber InsuredCardSymbol InsuredIdentificationNumber InsuredBranchNumber
    PersonalFamilyClassification InsuredName Name NameOfOther NameKana NameOfOtherKana Sex1 Sex2 Birthdate Address PostNumber
    QualificationDate DisqualificationDate InsuredCertificateIssuanceDate InsuredCardValidDate InsuredCardExpirationDate
    InsuredPartialContributionRatio PreschoolClassification ReasonOfLoss InsurerName ElderlyRecipientCertificateInfo
    LimitApplicationCertificateRelatedConsFlg LimitApplicationCertificateRelatedConsTime
    LimitApplicationCertificateRelatedInfo SpecificDiseasesCertificateRelatedConsFlg
    SpecificDiseasesCertificateRelatedConsTime SpecificDiseasesCertificateList PublicExpenseResultList
    SpecificHealthCheckupsInfoConsFlg SpecificHealthCheckupsInfoConsTime SpecificHealthCheckupsInfoAvailableTime
    PharmacistsInfoConsFlg PharmacistsInfoConsTime PharmacistsInfoAvailableTime DiagnosisInfoConsFlg DiagnosisInfoConsTime
    DiagnosisInfoAvailableTime OperationInfoConsFlg OperationInfoConsTime OperationInfoAvailableTime ArbitraryIdentifier
    ReferenceNumber QualificationConfirmationKey""".split()
ELDERLY = ["ElderlyRecipientCertificateDate", "ElderlyRecipientValidStartDate", "ElderlyRecipientValidEndDate",
           "ElderlyRecipientContributionRatio"]
LIMIT = ["LimitApplicationCertificate" + n for n in
         ("Classification", "ClassificationFlag", "Date", "ValidStartDate", "ValidEndDate", "LongTermDate")]
DISEASE = ["SpecificDiseasesDiseaseCategory", "SpecificDiseasesCertificateDate", "SpecificDiseasesValidStartDate",
           "SpecificDiseasesValidEndDate", "SpecificDiseasesSelfPay"]
TICKET = """TicketType MedicalTicketValidDate MedicalTicketExpirationDate IssueNumber MedicalTreatmentMonth
    DesignatedMedicalInstitutionCode DesignatedMedicalInstitutionFlag DesignatedMedicalInstitutionName
    PrescriptionIssuerMedicalInstitutionCode PrescriptionIssuerMedicalInstitutionName InjuryName1 InjuryName2 InjuryName3
    MedicalTreatmentType SelfPayAmount DistrictContactName HandlingContactName SingleOrCombinedUse StatusOfSocialInsurance
    ConsistencyFlag StatusOfInfecton StatusOfElderlyMedicalCare StatusOfPrefecturalExpenses Remarks1 Remarks2
    Remarks3""".split()
ORDERS = {"MessageHeader": HEADER, "MessageBody": BODY, "ResultOfQualificationConfirmation": ITEM,
          "ElderlyRecipientCertificateInfo": ELDERLY, "LimitApplicationCertificateRelatedInfo": LIMIT,
          "SpecificDiseasesCertificateInfo": DISEASE, "MedicalTicketInfo": TICKET}
# Pushed files have the elements of a result in any order.
ORDERED = ("MessageHeader", "MessageBody")
LISTS = {"ResultList": "ResultOfQualificationConfirmation", "SpecificDiseasesCertificateList":
         "SpecificDiseasesCertificateInfo", "PublicExpenseResultList": "MedicalTicketInfo"}
MANDATORY = ["InsuredCardClassification", "Name", "Sex1", "Birthdate", "InsurerName"]
DECLARATION = re.compile(r'<\?xml version="1\.0" encoding="Shift_JIS"( standalone="no")?\?>\r?\n')
# A pushed file says other things about itself than its source.
OF_THE_FILE = {"processed_at", "institution_code", "file_identifier", "reference_class", "character_code"}
# A copied text does not say them; what a source says must stay.
MAY_BE_ADDED = {"result_segment", "result_status", "validity"}


def form_problems(raw):
    text = raw.decode("cp932")
    declaration = DECLARATION.match(text)
    if declaration is None:
        yield "declaration: not Shift_JIS"
        return
    if "&#" in text or re.search(r"<[A-Za-z0-9]+\s+[A-Za-z]", text[declaration.end():]):
        yield "a numeric character reference, or an attribute"
    root = ET.fromstring(text[declaration.end():])
    if root.tag != "XmlMsg" or [child.tag for child in root] != ["MessageHeader", "MessageBody"]:
        yield "not XmlMsg with header and body"
        return
    if root.findtext("MessageHeader/CharacterCodeIdentifier") != "1":
        yield "CharacterCodeIdentifier: not Shift_JIS"
    for name in ("MessageHeader/QualificationConfirmationDate", "MessageHeader/SegmentOfResult",
                 "MessageBody/ProcessingResultStatus"):
        if not root.findtext(name):
            yield f"{name} is missing"
    if root.findtext("MessageHeader/ReferenceClassification") not in ("1", "2"):
        yield "ReferenceClassification"
    items = list(root.iter("ResultOfQualificationConfirmation"))
    if not items or len(root.findall("MessageBody/ResultList")) != 1:
        yield "not one ResultList with a result"
    for item in items:
        yield from (f"{name} is missing" for name in MANDATORY if not item.findtext(name))
        number = item.findtext("InsurerNumber")
        if number is not None and len(number) != 8:
            yield "InsurerNumber: not 8 wide"
        kana = item.findtext("NameKana")
        if kana and not facts.is_half_kana(kana):
            yield "NameKana: not half width"
    yield from order_problems(root)


def order_problems(element):
    names = [child.tag for child in element]
    if element.tag in ORDERS:
        order = ORDERS[element.tag]
        if any(name not in order for name in names) or len(set(names)) != len(names):
            yield f"{element.tag}: a child that does not belong there, or one twice"
        elif element.tag in ORDERED and names != sorted(names, key=order.index):
            yield f"{element.tag}: order of children"
    elif element.tag in LISTS and set(names) - {LISTS[element.tag]}:
        yield f"{element.tag}: not a list of {LISTS[element.tag]}"
    for child in element:
        yield from order_problems(child)


def imported(path):
    """What our own reader finds, by the console that SHIKAKU_CONSOLE names."""
    done = subprocess.run([os.environ["SHIKAKU_CONSOLE"], "import", "--json", str(path)], capture_output=True, timeout=100,
                          check=False)
    told = json.loads(done.stdout)
    return told["records"], told["faults"], told["drift"]


def reading_problems(path, source):
    records, faults, drift = imported(path)
    originals, _, _ = imported(source)
    if faults or drift:
        yield "our own reader has a fault or an element that it does not know"
    number = re.fullmatch(r".+?\.([2-9])\.expected", pathlib.Path(path).name)
    if len(records) == 1:
        originals = originals[int(number.group(1)) - 1 if number else 0:][:1]
    if len(records) != len(originals):
        yield f"{len(records)} results, not {len(originals)}"
    for record, original in zip(records, originals):
        for name in sorted(record.keys() | original.keys()):
            if not alike(name, record.get(name), original.get(name)):
                yield f"{name}: our own reader finds another value than in the source"


def alike(name, said, wanted):
    plain = name.removesuffix("_label")
    said, wanted = ("" if value is None else value for value in (said, wanted))
    if plain in OF_THE_FILE or plain.startswith(("search.", "derived.")) or said == wanted:
        return True
    if plain in MAY_BE_ADDED and wanted == "":
        return True
    if isinstance(wanted, str) and not all(map(facts.in_cp932, wanted)):
        return isinstance(said, str) and len(said) == len(wanted)  # the script has replaced what code page 932 lacks
    if name in ("name_kana", "name_other_kana"):
        return facts.same(said, wanted)
    return isinstance(wanted, str) and isinstance(said, str) and not wanted.strip() and not said.strip()


def problems(document):
    yield from form_problems(document.raw)
    yield from reading_problems(document.path, document.source)
