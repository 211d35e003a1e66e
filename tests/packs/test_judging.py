#!/usr/bin/python3
"""The facts that the judges stand on, the reading of sources, and that a judge without documents fails."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import facts
import trying

HERE = trying.HERE


class Facts(unittest.TestCase):
    def test_check_digits(self):
        for good in """01990019 06990014 31990013 39990015 63990014 67990010 990010 993006 12991014 21991013 54991013
                19991017 1234566 0000018 7654320 9999996 33120015 138057 10131142 39322011 06139463 01130012""".split():
            self.assertTrue(facts.is_number(good, 6, 7, 8), good)
        for bad in "06990015 990011 12991015 1234567 00012345 12345678 06012345 67012345 12123456 67999991".split():
            self.assertFalse(facts.is_number(bad, 6, 7, 8), bad)
        self.assertFalse(facts.is_number("０６９９００１４", 8))
        self.assertFalse(facts.is_number("990010", 8))

    def test_days_and_eras(self):
        for good in ("20240229", "19261224", "18680101"):
            self.assertTrue(facts.is_day(good), good)
        for bad in ("20250229", "20250631", "20251301", "2025-01-01", "2025", "99999999", "00000000"):
            self.assertFalse(facts.is_day(bad), bad)
        for era, day in (("3600315", "19850315"), ("4310430", "20190430"), ("5010501", "20190501"), ("2151224", "19261224"),
                         ("3011225", "19261225"), ("3640107", "19890107"), ("4010108", "19890108"), ("1450729", "19120729")):
            self.assertEqual(facts.era_to_day(era), day)
        for bad in ("3640108", "4310501", "4010107", "2151225", "5000501", "6010101", "3600230", "0600315", "360315"):
            self.assertIsNone(facts.era_to_day(bad), bad)

    def test_letters(self):
        self.assertTrue(facts.is_wide("見・Ａ１　－●髙𠮷"))
        for bad in ("見1", "ｱ", "a", "見 本", "-"):
            self.assertFalse(facts.is_wide(bad), bad)
        self.assertTrue(facts.is_katakana("ミホン　ヴァーン・ゴ"))
        for bad in ("ﾐﾎﾝ", "みほん", "ＭＩＨＯＮ", "ミホン タロウ", "", "　"):
            self.assertFalse(facts.is_katakana(bad), bad)
        self.assertTrue(facts.is_half_kana("ﾐﾎﾝ ﾊﾞﾅｰ･ｺ"))
        for bad in ("ミホン", "ﾐﾎﾝ　ﾊﾅｺ", "mihon", ""):
            self.assertFalse(facts.is_half_kana(bad), bad)
        for good in ("", "A-12", "見１", "７７"):
            self.assertTrue(facts.is_one_mode(good), good)
        for bad in ("見1", "ｱ１", "ｱ"):
            self.assertFalse(facts.is_one_mode(bad), bad)
        self.assertEqual([facts.cp932_bytes(t) for t in ("a", "ｱ", "見", "髙", "𠮷", "")], [1, 1, 2, 2, 2, 0])

    def test_jis_x_0208(self):
        self.assertTrue(facts.is_jis_x_0208("見本,A1ｱ高崎吉".encode("cp932")))
        for beyond in ("髙", "﨑", "①", "Ⅲ"):
            self.assertFalse(facts.is_jis_x_0208(beyond.encode("cp932")), beyond)

    def test_same(self):
        self.assertTrue(facts.same("見－１２ ｶﾞ", "見-12ガ"))
        self.assertTrue(facts.same(None, ""))
        self.assertFalse(facts.same("１２", "13"))
        self.assertFalse(facts.same("012", "12"))


class Sources(unittest.TestCase):
    def test_every_sample_person_can_be_read(self):
        for path in sorted((HERE / "persons").iterdir()):
            for person in trying.persons(path.stem):
                self.assertTrue(facts.is_day(person["birth"]), path)
                self.assertIn(person["sex"], ("1", "2"), path)

    def test_values(self):
        self.assertEqual(trying.person("kokuho-6")["insurer"], "990010")
        self.assertEqual(trying.person("tsusho")["sex"], "2")
        self.assertEqual(trying.person("kouki-20-shift-jis")["name"], "見本　松男")
        self.assertEqual([p["insurer"] for p in trying.persons("aid-and-insurance")], ["06990014", "12991014"])
        self.assertEqual([p.percent for p in map(trying.person, ("kouki-10", "kourei-70-74", "taisho", "shaho"))],
                         [10, 20, 30, None])
        text = trying.person("app-text")
        self.assertEqual([text[k] for k in ("insurer", "symbol", "birth", "relation", "sex", "since")],
                         ["990010", "見・１４", "19560229", "2", "2", "20190430"])
        self.assertEqual(text.percent, 20)


class Running(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "samples").mkdir()

    def put(self, name, good):
        (self.folder / "samples" / name).write_bytes(trying.good(good))

    def source(self, name, person="shaho"):
        shutil.copy(HERE / f"persons/{person}.xml", self.folder / "samples" / name)

    def run_judge(self, script, *arguments):
        done = subprocess.run([sys.executable, HERE / script, *arguments, self.folder], capture_output=True, text=True,
                              timeout=100, check=False)
        return done.returncode, done.stdout + done.stderr

    def test_no_document_is_a_failure(self):
        for script, kind in (("judge_kenshin.py", "hc08"), ("judge_fhir.py", "fhir-json"), ("judge_text.py", "csv")):
            code, told = self.run_judge(script, kind)
            self.assertEqual(code, 1)
            self.assertIn("no document of the kind", told)

    def test_kinds_are_told_apart(self):
        self.put("a.expected", "fhir.json")
        self.source("a.xml")
        self.assertEqual(self.run_judge("judge_fhir.py", "fhir-json")[0], 0)
        self.assertIn("no document", self.run_judge("judge_fhir.py", "fhir-xml")[1])
        self.put("b.expected", "hc08.xml")
        self.source("b.xml")
        self.assertEqual(self.run_judge("judge_kenshin.py", "hc08")[0], 0)
        self.assertIn("no document", self.run_judge("judge_kenshin.py", "cc08")[1])

    def test_a_wrong_document_is_named(self):
        self.put("a.expected", "rezept.txt")
        self.source("a.xml")
        self.put("b.expected", "rezept.txt")
        self.source("b.xml", "kokuho-6")
        code, told = self.run_judge("judge_text.py", "rezept")
        self.assertEqual(code, 1)
        self.assertNotIn("a.expected", told)
        self.assertIn("b.expected: HO: 保険者番号", told)

    def test_a_document_without_source_is_a_failure(self):
        self.put("a.expected", "rezept.txt")
        self.assertIn("has no source", self.run_judge("judge_text.py", "rezept")[1])

    def test_the_second_record_is_judged_by_the_second_person(self):
        self.put("a.2.expected", "rezept.txt")
        self.source("a.xml", "aid-and-insurance")
        self.assertIn("a.2.expected: HO: 保険者番号 is not that", self.run_judge("judge_text.py", "rezept")[1])

    def test_an_unreadable_document_is_a_failure(self):
        (self.folder / "samples/a.expected").write_bytes(b"\x81")
        self.source("a.xml")
        self.assertIn("cannot be read", self.run_judge("judge_text.py", "csv")[1])

    def test_schemas_that_are_not_there_mean_skipped(self):
        self.put("a.expected", "hc08.xml")
        self.source("a.xml")
        self.assertEqual(self.run_judge("judge_xsd.py", self.folder / "none", "hc08")[0], 77)


if __name__ == "__main__":
    unittest.main()
