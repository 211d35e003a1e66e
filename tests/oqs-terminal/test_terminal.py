"""The simulator keeps to what is known of a terminal, and misbehaves exactly as told. The plugin has no part in it."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
import unittest
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path

from harness import HERE, SECONDS, WithTerminal, until
from misbehave import TRICKS, parse_rule

SEARCH = """<QualificationConfirmSearchInfo><InsurerNumber>{insurer}</InsurerNumber>{symbol}
<InsuredIdentificationNumber>{number}</InsuredIdentificationNumber>{branch}<Birthdate>{birth}</Birthdate>
<LimitApplicationCertificateRelatedConsFlg>0</LimitApplicationCertificateRelatedConsFlg>
</QualificationConfirmSearchInfo>"""
TARO = SEARCH.format(insurer="06990014", symbol="<InsuredCardSymbol>見本７７</InsuredCardSymbol>", number="1001",
                     branch="<InsuredBranchNumber>01</InsuredBranchNumber>", birth="19850312")
TWINS = TARO.replace("<InsuredBranchNumber>01</InsuredBranchNumber>", "")
KIYO = SEARCH.format(insurer="39990015", symbol="", number="01230003", branch="", birth="19401103")
HANAKO = SEARCH.format(insurer="  990010", symbol="<InsuredCardSymbol>見・１２</InsuredCardSymbol>", number="３４５",
                       branch="", birth="19900520")


def request(body: str, encoding: str = "UTF-8") -> bytes:
    text = (f'<?xml version="1.0" encoding="{encoding}" standalone="no"?>\n<XmlMsg><MessageHeader>'
            "<QualificationConfirmationDate>20261122</QualificationConfirmationDate>"
            "<MedicalInstitutionCode>9919999999</MedicalInstitutionCode>"
            "<ArbitraryFileIdentifier>T-1</ArbitraryFileIdentifier></MessageHeader>"
            f"<MessageBody>{body}</MessageBody></XmlMsg>\n")
    return text.encode("cp932" if encoding == "Shift_JIS" else "utf-8")


class Behaves(WithTerminal):
    def put(self, kind: str, body: str, identifier: str = "202611220001", encoding: str = "UTF-8") -> Path:
        path = self.req / f"OQS{kind}req_{identifier}.xml"
        # Not a name that the terminal looks at.
        aside = path.with_name(f".{path.name}")
        aside.write_bytes(request(body, encoding))
        aside.rename(path)
        return self.res / f"OQS{kind}res_{identifier}.xml"

    def answer(self, path: Path) -> ElementTree.Element:
        self.assertTrue(until(path.exists), path.name)
        raw = path.read_bytes()
        return ElementTree.fromstring(raw.decode("cp932" if b"Shift_JIS" in raw[:60] else "utf-8").split("?>", 1)[1])

    def test_one_person(self) -> None:
        self.start()
        root = self.answer(self.put("siquc01", TARO))
        self.assertEqual(root.findtext(".//Name"), "見本　太郎")
        self.assertEqual(root.findtext("MessageHeader/ArbitraryFileIdentifier"), "T-1")
        self.assertEqual(root.findtext("MessageHeader/SegmentOfResult"), "1")
        self.assertEqual(root.findtext("MessageBody/QualificationConfirmSearchInfo/InsuredIdentificationNumber"), "1001")
        self.assertEqual(list(self.req.iterdir()), [])

    def test_numbers_are_compared_folded_and_padded(self) -> None:
        self.start()
        self.assertEqual(self.answer(self.put("siquc01", HANAKO)).findtext(".//Name"), "見本　花子")

    def test_nobody_and_an_elderly_person_without_symbol(self) -> None:
        self.start()
        nobody = self.answer(self.put("siquc01", TARO.replace("1001", "4040")))
        self.assertEqual(nobody.findtext(".//QualificationValidity"), "4")
        self.assertIsNone(nobody.find(".//ResultList"))
        self.assertEqual(self.answer(self.put("siquc01", KIYO, "202611220002")).findtext(".//Name"), "見本　キヨ")

    def test_several_people_of_one_number(self) -> None:
        self.start()
        self.assertEqual(self.answer(self.put("siquc01", TWINS)).findtext(".//QualificationValidity"), "5")

    def test_shift_jis_both_ways(self) -> None:
        self.start("--encoding", "shift_jis")
        path = self.put("siquc01", TARO, encoding="Shift_JIS")
        self.assertEqual(self.answer(path).findtext(".//CharacterCodeIdentifier"), "1")
        self.assertIn("見本　太郎".encode("cp932"), path.read_bytes())

    def test_bulk_is_worked_on_and_then_there(self) -> None:
        self.start("--bulk-pending", 1)
        number = self.answer(self.put("muquc01", TARO + KIYO)).findtext("MessageBody/ReceptionNumber")
        asked = f"<ReceptionNumber>{number}</ReceptionNumber>"
        self.assertEqual(self.answer(self.put("muquc02", asked, "202611220002")).findtext(".//SegmentOfResult"), "2")
        done = self.answer(self.put("muquc02", asked, "202611220003"))
        self.assertEqual([u.findtext(".//Name") for u in done.iter("BulkConfirmUnit")], ["見本　太郎", "見本　キヨ"])
        self.assertEqual(done.findtext("MessageHeader/ReceptionNumber"), number)

    def test_unknown_reception_number_ends_abnormally(self) -> None:
        self.start()
        root = self.answer(self.put("muquc02", "<ReceptionNumber>R0</ReceptionNumber>"))
        self.assertEqual(root.findtext(".//SegmentOfResult"), "9")

    def test_bad_requests_come_back_with_a_reason(self) -> None:
        self.start()
        bad = [TARO.replace("06990014", "6990014"), TARO.replace("19850312", "1985"), "<Other/>", TARO + TARO,
               TARO.replace("<Birthdate>", "<ArbitraryIdentifier></ArbitraryIdentifier><Birthdate>"),
               TARO.replace("1001", "&#x4E00;"), TARO.replace("</InsurerNumber>", "")]
        for number, body in enumerate(bad):
            self.put("siquc01", body, f"20261122{number:04d}")
        self.assertTrue(until(lambda: len(list(self.res.glob("*.err"))) == len(bad)))
        self.assertEqual(len(self.journal("rejected")), len(bad))
        self.assertTrue((self.res / "OQSsiquc01req_202611220000.xml").exists())

    def test_a_name_used_twice_is_noted(self) -> None:
        self.start()
        self.answer(self.put("siquc01", TARO))
        self.put("siquc01", TARO)
        self.assertTrue(until(lambda: self.journal("reused")))

    def test_zip(self) -> None:
        self.start("--zip", "all")
        path = self.put("siquc01", TARO).with_suffix(".zip")
        self.assertTrue(until(path.exists))
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            self.assertIn("見本　太郎".encode(), archive.read("OQSsiquc01res_202611220001.xml"))

    def test_torn_results_grow_under_their_final_name(self) -> None:
        self.start("--fail", "siquc01=torn-4000")
        path = self.put("siquc01", TARO)
        sizes = set()
        until(lambda: path.exists() and (sizes.add(path.stat().st_size) or len(sizes) >= 4))
        self.assertGreaterEqual(len(sizes), 4)
        self.assertTrue(until(lambda: path.read_bytes().endswith(b"</XmlMsg>\r\n")))

    def test_rules_of_the_control_file_count(self) -> None:
        control = self.base / "control"
        control.write_text("siquc01=silent*1\n", encoding="utf-8")
        self.start("--control", control)
        first = self.put("siquc01", TARO)
        self.assertTrue(until(lambda: self.journal("request")))
        self.answer(self.put("siquc01", TARO, "202611220002"))
        self.assertFalse(first.exists())

    def test_face_push(self) -> None:
        self.push("--person", 3)
        (path,) = self.face.iterdir()
        self.assertRegex(path.name, r"^OQSsiquc01res_face_9919999999[0-9a-f]{20}_\d{14}\.xml$")
        root = self.answer(path)
        self.assertEqual(root.findtext(".//Name"), "見本　キヨ")
        self.assertIsNone(root.find(".//QualificationConfirmSearchInfo"))

    def test_face_push_of_people_without_an_entitlement(self) -> None:
        for person, validity in (("17", "4"), ("18", "5"), ("34", None)):
            self.push("--person", person)
            (path,) = self.face.iterdir()
            root = self.answer(path)
            self.assertEqual(root.findtext(".//QualificationValidity"), validity)
            self.assertIsNone(root.find(".//ResultOfQualificationConfirmation"))
            self.assertEqual(root.find(".//ResultList") is None, person != "18")
            path.unlink()

    def test_face_file_moved_away(self) -> None:
        self.push("--gone-ms", 10)
        self.assertEqual((list(self.face.iterdir()), len(list((self.root / "trash").iterdir()))), ([], 1))


class CommandLine(WithTerminal):
    def run_it(self, *options: object) -> subprocess.CompletedProcess:
        return subprocess.run([sys.executable, "-B", HERE / "terminal.py", *map(str, options)], capture_output=True,
                              text=True, timeout=SECONDS, check=False)

    def test_exit_codes(self) -> None:
        self.assertEqual(self.run_it("run", "--root", self.base / "none").returncode, 3)
        self.assertEqual(self.run_it("run", "--root", self.root, "--fail", "siquc01=nonsense").returncode, 2)
        self.assertEqual(self.run_it("run", "--root", self.root, "--persons", self.base / "none").returncode, 2)
        self.assertEqual(self.run_it("push", "--root", self.root, "--person", 9999).returncode, 2)
        self.assertEqual(self.run_it("push", "--root", self.root, "--person", 33).returncode, 2)
        process = self.start()
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(SECONDS), 0)

    def test_help_names_every_trick(self) -> None:
        said = self.run_it("--help").stdout
        for name in TRICKS:
            self.assertIn(name, said)

    def test_rules(self) -> None:
        self.assertEqual(vars(parse_rule("muquc02=zip-torn-500*2")),
                         {"kind": "muquc02", "trick": "zip-torn", "amount": 500, "left": 2})
        self.assertEqual(parse_rule("all=many-30").amount, 30)
        for bad in ("siquc01", "siquc01=torn", "siquc01=err-3", "other=err", "siquc01=err*x"):
            with self.assertRaises(ValueError):
                parse_rule(bad)


if __name__ == "__main__":
    unittest.main()
