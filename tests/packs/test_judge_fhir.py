#!/usr/bin/python3
"""Our own check of FHIR refuses each spoilt row of what JP Core asks for."""
import re
import unittest

import judge_fhir
import source
import trying

judge = judge_fhir.judge
MALE = '"gender": "male"'
AID_ENTRIES = """
  {"fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000004", "resource": {"resourceType": "Organization",
   "meta": {"profile": ["http://jpfhir.jp/fhir/core/StructureDefinition/JP_Organization"]},
   "identifier": [{"system": "%s", "value": "12991014"}],
   "type": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/organization-type", "code": "pay"}]}],
   "name": "見本市福祉事務所"}},
  {"fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000005", "resource": {"resourceType": "Coverage",
   "meta": {"profile": ["http://jpfhir.jp/fhir/core/StructureDefinition/JP_Coverage"]},
   "identifier": [{"system": "urn:oid:1.2.392.100495.20.3.72", "value": "1234566"}], "status": "active",
   "type": {"coding": [{"system": "urn:oid:1.2.392.100495.20.2.61", "code": "%s"}]},
   "beneficiary": {"reference": "urn:uuid:00000000-0000-4000-8000-000000000001"},
   "payor": [{"reference": "urn:uuid:00000000-0000-4000-8000-000000000004"}]}},"""


class Fhir(trying.Trial):
    def test_good_documents_pass(self):
        self.passes(judge, trying.good("fhir.json"))
        self.passes(judge, trying.good("fhir.xml"))

    def test_bundle(self):
        self.each_spoilt(judge, trying.good("fhir.json"), [
            ('"type": "collection"', '"type": "document"', "not a Bundle"),
            ('"type": "collection"', '"type": "transaction"', "without request"),
            ('"fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000001"', '"fullUrl": "urn:uuid:1"', "fullUrl"),
            ('"fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000001"',
             '"fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000002"', "fullUrl"),
            ("StructureDefinition/JP_Patient", "StructureDefinition/JP_Person", "Patient: meta.profile"),
            ("StructureDefinition/JP_Coverage\"]", "StructureDefinition/Coverage\"]", "Coverage: meta.profile"),
            ('"payor": [{ "reference": "urn:uuid:00000000-0000-4000-8000-000000000002"',
             '"payor": [{ "reference": "urn:uuid:00000000-0000-4000-8000-000000000009"', "does not hold"),
            ('"resourceType": "Organization"', '"resourceType": "Location"', "no Organization"),
            ('"given": ["太郎"]', '"given": []', "an empty array"),
            ('"given": ["太郎"]', '"given": [""]', "given: empty"),
            ('"given": ["太郎"]', '"given": ["太郎"], "use": "usual"', "a member twice"),
            ("{", "\ufeff{", "byte order mark"),
        ])

    def test_coverage(self):
        self.each_spoilt(judge, trying.good("fhir.json"), [
            ("JP_Coverage_InsuredPersonSymbol", "JP_Coverage_InsuredPersonSymbols", "Coverage.extension: url"),
            ("Extension/StructureDefinition/JP_Coverage_InsuredPersonNumber",
             "StructureDefinition/JP_Coverage_InsuredPersonNumber", "Coverage.extension: url"),
            ('"valueString": "７７"', '"valueCode": "７７"', "Coverage.extension: url, twice or without"),
            ('"valueString": "７７"', '"valueString": "77"', "extension Symbol: not full width"),
            ('"valueString": "８８"', '"valueString": "８　８"', "extension Number: not full width"),
            ('"valueString": "８８"', '"valueString": "８９"', "extension Number: not that"),
            ('"valueString": "01"', '"valueString": "０１"', "extension SubNumber"),
            ("clins/Idsystem", "core/IdSystem", "Coverage.identifier: system"),
            ('"status": "active"', '"status": "valid"', "Coverage.status"),
            ('20.2.61", "code": "1"', '20.2.61", "code": "2"', "Coverage.type"),
            ("20.2.61", "20.2.62", "Coverage.type"),
            ('"subscriberId": "７７:８８"', '"subscriberId": "７７８８"', "subscriberId"),
            ('"dependent": "01"', '"dependent": "０１"', "dependent"),
            ('InsuredPersonCategory", "code": "1"', 'InsuredPersonCategory", "code": "2"', "relationship"),
            ("InsuredPersonCategory", "Relationship", "relationship"),
            ('"start": "2020-04-01"', '"start": "令和2年4月1日"', "period: not days"),
            ('"start": "2020-04-01"', '"start": "2020-04-02"', "period: not a start"),
            ('"start": "2020-04-01"', '"start": "2020-04-01", "end": "9999-12-31"', "period: an end"),
            ('"beneficiary": { "reference": "urn:uuid:00000000-0000-4000-8000-000000000001"',
             '"beneficiary": { "reference": "urn:uuid:00000000-0000-4000-8000-000000000002"', "beneficiary"),
            ('"payor": [{ "reference": "urn:uuid:00000000-0000-4000-8000-000000000002"',
             '"payor": [{ "reference": "urn:uuid:00000000-0000-4000-8000-000000000003"', "payor"),
            ("coverage-copay-type", "copay-type", "costToBeneficiary"),
        ])

    def test_member_id(self):
        for value, words in (("6990014:77:88:01", "memberID: 保険者番号"), ("06990015:77:88:01", "memberID: 保険者番号"),
                             ("06990014:77:88", "four parts"), ("06990014:77:88:", "memberID: 枝番"),
                             ("06990014:77:88:1", "memberID: 枝番"), ("06990014:77:88:００", "memberID: 枝番"),
                             ("06990014:7７:88:01", "neither half-width"), ("06990014:見77:88:01", "neither half-width"),
                             ("06990014:７　７:88:01", "neither half-width"), ("06990014:77:89:01", "記号 or 番号"),
                             ("06990014Z77Z88Z01", "four parts")):
            with self.subTest(value=value):
                raw = trying.good("fhir.json").replace(b"06990014:77:88:01", value.encode())
                self.refuses(judge, raw, words)
        self.passes(judge, trying.good("fhir.json").replace(b"06990014:77:88:01", "06990014:７７:８８:01".encode()))

    def test_no_branch_is_empty_and_not_00(self):
        whose = trying.person("branch-empty")
        raw = trying.good("fhir.json")
        for value, refused in (("31990013:公見:１００２:", False), ("31990013:公見:１００２:00", True)):
            told = " ".join(self.told(judge, raw.replace(b"06990014:77:88:01", value.encode()), whose))
            self.assertEqual("memberID" in told, refused)

    def test_patient_and_payer(self):
        self.each_spoilt(judge, trying.good("fhir.json"), [
            ("20.3.51.19919999999", "20.3.51.9919999999", "Patient.identifier: system"),
            ("20.3.51.19919999999", "20.3.51.1991999999", "Patient.identifier: system"),
            ('"value": "000123"', '"use": "usual"', "Patient.identifier: without value"),
            ("iso21090-EN-representation", "iso21090-EN-use", "Patient.name: extension"),
            ('"valueCode": "SYL"', '"valueCode": "KANA"', "Patient.name: extension"),
            ('"valueCode": "IDE"', '"valueCode": "SYL"', "SYL is not katakana"),
            ("ミホン　タロウ", "ﾐﾎﾝ ﾀﾛｳ", "SYL is not katakana"),
            ('"family": "見本"', '"family": "見"', "family and given"),
            (MALE, '"gender": "unknown"', "Patient.gender"),
            ('"birthDate": "1985-03-12"', '"birthDate": "1985-02-30"', "Patient.birthDate"),
            ('"postalCode": "000-0000"', '"postalCode": "0000000"', "postal code"),
            ('"country": "JP"', '"country": "JPN"', "country"),
            ("見本町１－２－１", "見本町１－２－２", "Patient.address: not that"),
            ("mhlw/IdSystem/InsurerNumber", "IdSystem/InsurerNumber", "Organization.identifier"),
            ('"value": "06990014" }', '"value": "06990015" }', "Organization.identifier"),
            ('"code": "pay"', '"code": "prov"', "Organization.type"),
            ('"name": "見本健康保険組合"', '"name": "見本組合"', "Organization.name"),
        ])

    def test_order_and_names_in_xml(self):
        self.each_spoilt(judge, trying.good("fhir.xml"), [
            ('<gender value="male"/>\n        <birthDate value="1985-03-12"/>',
             '<birthDate value="1985-03-12"/>\n        <gender value="male"/>', "Patient: order"),
            ('<dependent value="01"/>', '<branch value="01"/>', "Coverage: a child that does not belong"),
            ("http://hl7.org/fhir\"", "http://hl7.org/fhir/r4\"", "namespace"),
            ('<family value="見本"/>\n          <given value="太郎"/>',
             '<given value="太郎"/>\n          <family value="見本"/>', "name: order"),
            ('<extension url="', '<extension href="', "attributes"),
        ])

    def test_one_coverage_for_each_result(self):
        whose = trying.persons("aid-and-insurance")
        insurance = trying.good("fhir.json").decode().replace("８８", "８９").replace(":88:01", ":89:00").replace('"01"', '"00"')
        insurance = insurance.replace("1985-03-12", "1975-11-03").replace("見本　太郎", "見本　五郎").replace('"太郎"', '"五郎"')
        insurance = insurance.replace("ミホン　タロウ", "ミホン　ゴロウ").replace('"タロウ"', '"ゴロウ"').replace("１－２－１", "１－２－１１")
        self.passes(judge, insurance.encode(), whose)
        aid = AID_ENTRIES % ("http://jpfhir.jp/fhir/core/mhlw/IdSystem/PublicPayerNumber", "8")
        both = insurance.replace('"entry": [', '"entry": [' + aid)
        self.passes(judge, both.encode(), whose)
        self.refuses(judge, both.replace("PublicPayerNumber", "PayerNumber").encode(), "Organization.identifier", whose)
        self.refuses(judge, both.replace('20.2.61", "code": "8"', '20.2.61", "code": "1"').encode(), "Coverage.type", whose)
        self.refuses(judge, both.encode(), "not one Coverage", [whose[0], whose[1], whose[1]])

    def test_lost_is_not_active(self):
        self.refuses(judge, trying.good("fhir.json"), "Coverage.status", trying.person("lost"))
        for key, day, over in (("lost", "20260602", True), ("lost", "20260603", False), ("end", "20260601", True),
                               ("end", "20260602", False)):
            with self.subTest(key=key, day=day):
                whose = source.Person(trying.person(), **{key: day})
                self.assertEqual("Coverage.status" in self.told(judge, trying.good("fhir.json"), whose), over)

    def test_end_is_the_last_day_with_cover(self):
        raw = trying.good("fhir.json").replace(b'"start": "2020-04-01"', b'"start": "2020-04-01", "end": "2026-06-30"')
        self.passes(judge, raw, source.Person(trying.person(), lost="20260701"))
        self.refuses(judge, raw, "period: an end", source.Person(trying.person(), lost="20260630"))

    def test_000_is_no_share(self):
        told = trying.good("fhir.json")
        whose = source.Person(trying.person(), ratio="000", elderly_ratio="020")
        for share, refused in (("0", True), ("30", True), ("20", False)):
            with self.subTest(share=share):
                raw = re.sub(rb'("valueQuantity": \{ "value": )[0-9]+', rb"\g<1>" + share.encode(), told)
                self.assertEqual("costToBeneficiary: not the ratio of the source" in self.told(judge, raw, whose), refused)


if __name__ == "__main__":
    unittest.main()
