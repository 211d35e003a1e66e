#!/usr/bin/python3
"""The sample persons are what their names say: check_persons.py CONSOLE. The console of the build reads each of them;
what it tells is compared with the table below. Obviously made up, valid check digits, the elements in their order."""
import json
import pathlib
import subprocess
import sys
import unittest
import xml.etree.ElementTree as ET

import facts
import text_face

HERE = pathlib.Path(__file__).resolve().parent
CONSOLE = ""
NONE = None  # the record has no such value
KOUKI = {"insurer_number": "39990015", "symbol": NONE, "branch_number": NONE, "derived.burden_band": "late_elderly"}
WANTED = {
    "aid-and-insurance": [{"insurer_number": "06990014", "derived.law_number": "06"},
                          {"insurer_number": "12991014", "number": "1234566", "derived.is_medical_aid": "1", "symbol": NONE,
                           "medical_aid.tickets[1].ticket_type": "01"}],
    "app-text": [{"insurer_number": "990010", "elderly.burden_percent": 20, "relation": "family", "name_kana": "ミホン　ハチコ",
                  "birth_date": "1956-02-29", "validity": NONE, "address": NONE}],
    "branch-00": [{"branch_number": "00", "derived.law_number": "31"}],
    "branch-empty": [{"branch_number": "", "derived.law_number": "31"}],
    "foreign-40": [{"name": "MIHON MAXIMILIANUS ALEXANDER VON MUSTERS"}],
    "foreign-40-wide": [{"name": "ＭＩＨＯＮ　ＭＡＸＩＭＩＬＩＡＮＵＳ　ＡＬＥＸＡＮＤＥＲ　ＶＯＮ　ＭＵＳＴＥＲＳ"}],
    "gaiji": [{"name": "見本　●子", "derived.name_has_missing_character": "1"}],
    "hard-kanji": [{"name": "見本髙橋　𠮷﨑", "derived.law_number": "63"}],
    "kokuho-6": [{"insurer_number": "990010", "derived.insurer_number_6": "990010", "symbol": "見・１２", "relation": "family"}],
    "kouki-10": [{**KOUKI, "burden_percent": 10, "relation": NONE}],
    "kouki-20-shift-jis": [{**KOUKI, "burden_percent": 20, "relation": "self", "character_code": "1"}],
    "kourei-70-74": [{"elderly.burden_percent": 20, "burden_percent": NONE, "derived.burden_band": "elderly"}],
    "limit-and-diseases": [{"limit.category": "A03", "specific_diseases[1].self_pay_yen": 10000,
                            "specific_diseases[2].disease": "2", "specific_diseases[2].valid_until": "2027-05-31"}],
    "lost": [{"validity": "3", "disqualification_date": "2026-04-01", "loss_reason": "03"}],
    "minimum": [{"insurer_number": NONE, "number": NONE, "name_kana": NONE, "address": NONE, "qualification_date": NONE,
                 "birth_date": "1999-12-31", "derived.age": 26}],
    "mishugaku": [{"preschool": "1", "relation": "family", "derived.burden_band": "preschool"}],
    "no-symbol": [{"insurer_number": "993006", "symbol": NONE, "number": "00777", "branch_number": "01"}],
    "reiwa-gannen": [{"birth_date": "2019-05-01", "qualification_date": "2019-05-01", "preschool": NONE}],
    "shaho": [{"insurer_number": "06990014", "symbol": "７７", "number": "８８", "branch_number": "01", "relation": "self",
               "valid_until": NONE}],
    "taisho": [{**KOUKI, "birth_date": "1926-12-24", "burden_percent": 30}],
    "tsusho": [{"name": "ＭＩＨＯＮ　ＭＡＲＩＡ", "name_other": "見本　真理", "sex": "unknown", "derived.sex": "female"}]}
OUTCOMES = {"lost": "not_eligible", "app-text": "unstated"}
HEADER = ["ProcessExecutionTime", "QualificationConfirmationDate", "MedicalInstitutionCode", "ArbitraryFileIdentifier",
          "ReferenceClassification", "SegmentOfResult", "CharacterCodeIdentifier"]


def paths():
    return sorted((HERE / "persons").iterdir())


class Persons(unittest.TestCase):
    def test_the_folder_holds_these(self):
        self.assertEqual({p.stem for p in paths()}, WANTED.keys())

    def test_the_console_reads_them(self):
        for path in paths():
            with self.subTest(path=path.name):
                self.read(path)

    def read(self, path):
        done = subprocess.run([CONSOLE, "import", "--json", path], capture_output=True, timeout=100, check=False)
        told = json.loads(done.stdout)
        self.assertEqual((told["faults"], told["drift"]), ([], []))
        self.assertEqual([p["outcome"] for p in told["persons"]], [OUTCOMES.get(path.stem, "eligible")])
        self.assertEqual(len(told["records"]), len(WANTED[path.stem]))
        for record, wanted in zip(told["records"], WANTED[path.stem]):
            self.assertEqual({name: record.get(name) for name in wanted}, wanted)
            self.made_up(record)

    def made_up(self, record):
        self.assertRegex(record["name"], "^(見本|MIHON|ＭＩＨＯＮ)")
        number = record.get("insurer_number")
        if number:
            self.assertEqual(record["derived.insurer_check_digit"], "ok")
            self.assertEqual(number[:2] if len(number) == 6 else number[2:4], "99")
        self.assertRegex(record.get("address", "見本県"), "^見本県")
        self.assertEqual(record.get("postal_code", "000-0000"), "000-0000")

    def test_two_names_fill_their_limit(self):
        for name in ("foreign-40", "foreign-40-wide"):
            item = ET.parse(HERE / f"persons/{name}.xml").getroot().find(".//ResultOfQualificationConfirmation")
            self.assertEqual([len(item.findtext("Name")), len(item.findtext("NameKana"))], [40, 40])
            self.assertTrue(facts.is_half_kana(item.findtext("NameKana")))

    def test_leading_spaces_of_6_digits_are_in_the_document(self):
        raw = (HERE / "persons/kokuho-6.xml").read_text(encoding="utf-8")
        self.assertIn("<InsurerNumber>  990010</InsurerNumber>", raw)

    def test_order_of_elements(self):
        for path in paths():
            if path.suffix != ".xml" or path.stem == "kouki-20-shift-jis":  # a pushed file has no order
                continue
            root = ET.parse(path).getroot()
            header = [child.tag for child in root.find("MessageHeader")]
            self.assertEqual(header, [name for name in HEADER if name in header], path.name)
            for item in root.iter("ResultOfQualificationConfirmation"):
                self.assertEqual(list(text_face.order_problems(item)), [], path.name)
                for name in text_face.MANDATORY:
                    self.assertTrue(item.findtext(name), (path.name, name))

    def test_one_is_shift_jis_and_unordered(self):
        raw = (HERE / "persons/kouki-20-shift-jis.xml").read_bytes()
        self.assertIn('<?xml version="1.0" encoding="Shift_JIS"', raw.decode("cp932"))
        self.assertIn("見本　松男", raw.decode("cp932"))

    def test_medical_aid_numbers_have_their_check_digits(self):
        self.assertTrue(facts.is_number("12991014", 8) and facts.is_number("1234566", 7))


if __name__ == "__main__":
    CONSOLE = sys.argv.pop(1)
    unittest.main()
