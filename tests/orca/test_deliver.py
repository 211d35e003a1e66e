"""Documents into the server: what is written, what is not, and every code."""
import pathlib
import subprocess
import tempfile
import unittest

from harness import HANAKO, HANAKO_CARD, HERE, SAMPLES, WithOrca, document

OTHER = {**HANAKO_CARD, "InsuranceProvider_Number": "990010", "HealthInsuredPerson_Symbol": "見・１", "HealthInsuredPerson_Number": "77",
         "Certificate_StartDate": "2026-04-01"}
AID = {"PublicInsurer_Number": "12991014", "PublicInsuredPerson_Number": "7654320", "Certificate_IssuedDate": "2026-06-01",
       "Certificate_ExpiredDate": "2026-06-30"}
WRITES = ("class=01", "class=02", "class=04", "v32 03")


class Deliver(WithOrca):
    def good(self, said, place):
        self.assertEqual((said.rc, said.place), (0, place), said.text)
        self.is_quiet(said)

    def bad(self, said, rc, where=None):
        self.assertEqual(said.rc, rc, said.text)
        if where is not None:
            self.assertEqual(said.where, where)
        self.is_quiet(said)
        self.assertEqual(self.desk.locks, {})

    def wrote(self):
        return [name for name in self.asked() if any(w in name for w in WRITES)]


class Known(Deliver):
    def test_the_same_insurance_is_not_written_again(self):
        patient = self.hanako()
        self.good(self.deliver(document(), patient="1"), "orca:already there")
        self.assertEqual(self.asked(), ["patientgetv2"])
        self.assertEqual(len(patient.cards), 1)

    def test_written_otherwise_it_is_the_same(self):
        patient = self.hanako()
        card = {**HANAKO_CARD, "HealthInsuredPerson_Number": "００１２３", "HealthInsuredPerson_Branch_Number": ""}
        self.good(self.deliver(document(card=card), patient="00001"), "orca:already there")
        self.assertEqual(len(patient.cards), 1)

    def test_the_first_insurance_goes_by_class_04(self):
        patient = self.hanako(insured=False)
        said = self.deliver(document(aids=[AID]), patient="1")
        self.good(said, "orca:insurance added")
        self.assertEqual(said.patient, "00001")
        self.assertEqual(self.wrote(), ["patientmodv2?class=04"])
        self.assertEqual((len(patient.cards), len(patient.aids)), (1, 1))
        self.assertEqual(patient.cards[0]["HealthInsuredPerson_Branch_Number"], "01")

    def test_the_first_insurance_by_v32_or_by_hand(self):
        patient = self.hanako(insured=False)
        self.settings["first_insurance"] = "none"
        self.bad(self.deliver(document(), patient="1"), -1613, "first_insurance")
        self.settings["first_insurance"] = "v32"
        self.good(self.deliver(document(), patient="1"), "orca:insurance updated")
        self.assertEqual(len(patient.cards), 1)

    def test_another_insurance_is_added(self):
        patient = self.hanako()
        patient.cards[0]["Certificate_ExpiredDate"] = "2026-03-31"
        said = self.deliver(document(card=OTHER), patient="1")
        self.good(said, "orca:insurance updated")
        self.assertEqual(self.asked(), ["patientgetv2"] + [f"patientmodv32 0{n}" for n in (1, 2, 3)])
        self.assertEqual([c["InsuranceProvider_Number"] for c in patient.cards], ["06990014", "990010"])
        self.assertEqual(self.desk.locks, {})

    def test_an_open_old_insurance_is_refused_or_ended(self):
        patient = self.hanako()
        self.bad(self.deliver(document(card=OTHER), patient="1"), -1613, "patientmodv32 02 E50")
        self.assertIn("patientmodv32 99", self.asked())
        self.settings["old_insurance"] = "end"
        self.good(self.deliver(document(card=OTHER), patient="1"), "orca:insurance updated")
        self.assertEqual([c["Certificate_ExpiredDate"] for c in patient.cards], ["2026-03-31", "9999-12-31"])
        self.assertEqual(patient.cards[0]["HealthInsuredPerson_Number"], "１２３")
        self.assertEqual(patient.cards[0]["Certificate_StartDate"], "2020-04-01")

    def test_by_hand_only(self):
        self.hanako()
        self.settings["update"] = "none"
        self.bad(self.deliver(document(card=OTHER), patient="1"), -1613, "update")
        self.assertEqual(self.asked(), ["patientgetv2"])

    def test_medical_aid_is_added_to_the_insurance(self):
        patient = self.hanako()
        self.good(self.deliver(document(aids=[AID]), patient="1"), "orca:insurance updated")
        self.assertEqual((len(patient.cards), patient.aids[0]["PublicInsuredPerson_Number"]), (1, "7654320"))
        self.good(self.deliver(document(aids=[AID]), patient="1"), "orca:already there")

    def test_the_day_of_checking(self):
        patient = self.hanako()
        patient.cards[0]["Certificate_CheckDate"] = "2026-05-01"
        self.settings["check_date"] = "update"
        self.good(self.deliver(document(), patient="1"), "orca:insurance updated")
        self.assertEqual(patient.cards[0]["Certificate_CheckDate"], "2026-06-02")
        self.assertEqual(len(patient.cards), 1)
        self.asked()
        self.good(self.deliver(document(), patient="1"), "orca:already there")
        self.assertEqual(self.wrote(), [])

    def test_late_elderly(self):
        patient = self.desk.add("見本\u3000キヨ", "ミホン\u3000キヨ", "1940-01-01", "2")
        self.settings["first_insurance"] = "v32"
        card = {"InsuranceProvider_Number": "39990015", "HealthInsuredPerson_Number": "00000018", "Certificate_StartDate": "2025-08-01"}
        self.good(self.deliver(document(person=("見本\u3000キヨ", "ミホン\u3000キヨ", "1940-01-01", "2"), card=card), patient="1"),
                  "orca:insurance updated")
        self.assertEqual(patient.cards[0]["RelationToInsuredPerson"], "1")

    def test_a_relation_must_be_there(self):
        self.hanako(insured=False)
        self.settings["first_insurance"] = "v32"
        card = {k: v for k, v in HANAKO_CARD.items() if k != "RelationToInsuredPerson"}
        self.bad(self.deliver(document(card=card), patient="1"), -1613, "RelationToInsuredPerson")

    def test_branch_left_out(self):
        patient = self.hanako(insured=False)
        self.settings.update(first_insurance="v32", branch="omit")
        self.good(self.deliver(document(), patient="1"), "orca:insurance updated")
        self.assertEqual(patient.cards[0]["HealthInsuredPerson_Branch_Number"], "")

    def test_somebody_else_is_not_written_to(self):
        self.desk.add("他人\u3000一郎", "タニン\u3000イチロウ", "1949-05-05", "1")
        self.bad(self.deliver(document(), patient="1"), -1613, "patient")
        self.bad(self.deliver(document(), patient="9"), -1613, "patientgetv2 10")
        self.bad(self.deliver(document(), patient="1&x=2"), -1613, "patient")
        self.assertEqual(self.wrote(), [])

    def test_name_and_sex_of_a_known_patient_stay(self):
        patient = self.hanako()
        new = document(person=("新姓\u3000花子", "シンセイ\u3000ハナコ", *HANAKO[2:]), card=OTHER)
        patient.cards[0]["Certificate_ExpiredDate"] = "2026-03-31"
        self.good(self.deliver(new, patient="1"), "orca:insurance updated")
        self.assertEqual(patient.base["WholeName"], HANAKO[0])

    def test_name_and_address_are_replaced_when_that_is_switched_on(self):
        patient = self.hanako()
        patient.more = {"Comment1": "コメント", "CellularNumber": "09000000000"}
        patient.home = {"WholeAddress1": "見本県旧町", "PhoneNumber1": "0300000000"}
        self.settings["person"] = "update"
        new = document(person=("新姓\u3000花子", "シンセイ\u3000ハナコ", *HANAKO[2:]), address="見本県新町")
        self.good(self.deliver(new, patient="1"), "orca:already there")
        self.assertEqual((patient.base["WholeName"], patient.maiden), ("新姓\u3000花子", [HANAKO[0]]))
        self.assertEqual((patient.more["Comment1"], patient.more["CellularNumber"]), ("コメント", "09000000000"))
        self.assertEqual((patient.home["WholeAddress1"], patient.home["PhoneNumber1"]), ("見本県新町", "0300000000"))
        self.asked()
        self.good(self.deliver(new, patient="1"), "orca:already there")
        self.assertEqual(self.wrote(), [])

    def test_questions_are_answered_only_when_named(self):
        patient = self.hanako()
        patient.cards[0]["Certificate_ExpiredDate"] = "2026-03-31"
        self.desk.questions = ["K910"]
        self.bad(self.deliver(document(card=OTHER), patient="1"), -1613, "patientmodv32 03 S20 K910")
        self.assertEqual(len(patient.cards), 1)
        self.settings["questions"] = "K100, K910"
        self.good(self.deliver(document(card=OTHER), patient="1"), "orca:insurance updated")
        self.assertEqual(len(patient.cards), 2)
        self.assertEqual(self.desk.locks, {})

    def test_open_elsewhere_for_a_moment_or_for_long(self):
        patient = self.hanako()
        patient.cards[0]["Certificate_ExpiredDate"] = "2026-03-31"
        self.orca.trouble("v32 01", "E90", 99)
        self.bad(self.deliver(document(card=OTHER), patient="1"), -1616, "patientmodv32 01 E90")
        self.assertEqual(self.asked().count("patientmodv32 01"), 4)
        self.orca.troubles = []
        self.orca.trouble("v32 01", "E90", 2)
        self.good(self.deliver(document(card=OTHER), patient="1"), "orca:insurance updated")

    def test_every_refused_step_unlocks(self):
        patient = self.hanako()
        patient.cards[0]["Certificate_ExpiredDate"] = "2026-03-31"
        for step in ("02", "03"):
            for code in ("E50", "E80", "E10"):
                with self.subTest(step=step, code=code):
                    self.orca.trouble(f"v32 {step}", code)
                    self.asked()
                    self.bad(self.deliver(document(card=OTHER), patient="1"), -1613, f"patientmodv32 {step} {code}")
                    self.assertEqual(self.asked()[-1], "patientmodv32 99")
        self.assertEqual(len(patient.cards), 1)

    def test_a_first_step_that_is_refused_needs_no_unlock(self):
        self.hanako()
        self.orca.trouble("v32 01", "E10")
        self.bad(self.deliver(document(card=OTHER), patient="1"), -1613, "patientmodv32 01 E10")
        self.assertNotIn("patientmodv32 99", self.asked())

    def test_warnings_are_told(self):
        self.hanako(insured=False)
        self.orca.trouble("class=04", "K3")
        said = self.deliver(document(), patient="1")
        self.assertEqual((said.rc, said.warning), (0, "K3"))

    def test_codes_of_the_first_insurance(self):
        self.hanako(insured=False)
        for code, rc in (("60", -1613), ("62", -1621), ("P2", -1613), ("90", -1616), ("99", -1615), ("401", -1615), ("404", -1614)):
            with self.subTest(code=code):
                self.orca.troubles = []
                self.orca.trouble("class=04", code, 9)
                self.bad(self.deliver(document(), patient="1"), rc)

    def test_a_document_that_is_none(self):
        self.hanako()
        for text in ("", "<data/>", "<data><other/></data>", "<!DOCTYPE data><data/>", document(card={}), "<data><patientmodreq>"):
            self.bad(self.deliver(text, patient="1"), -1001, "document")

    def test_the_document_of_the_other_pack_is_taken_for_a_known_patient(self):
        sample = HERE.parents[1] / "scripts/orca-insurance-update/samples/shaho.expected"
        patient = self.desk.add("見本\u3000太郎", "ミホン\u3000タロウ", "1985-03-12", "1")
        self.good(self.deliver(sample.read_text(encoding="utf-8"), patient="1"), "orca:insurance updated")
        self.assertEqual(len(patient.cards), 1)
        self.good(self.deliver(sample.read_text(encoding="utf-8"), patient="1"), "orca:already there")
        self.settings["new_patient"] = "register"
        self.bad(self.deliver(sample.read_text(encoding="utf-8")), -1001, "document")


class New(Deliver):
    def setUp(self):
        super().setUp()
        self.settings["new_patient"] = "register"

    def test_nobody_is_registered_unless_that_is_switched_on(self):
        self.settings["new_patient"] = None
        self.bad(self.deliver(document()), -1619, "new_patient")
        self.assertEqual(self.desk.patients, {})

    def test_a_new_patient_gets_a_number(self):
        self.desk.add("他人\u3000一郎", "タニン\u3000イチロウ", "1949-05-05", "1")
        said = self.deliver(document(aids=[AID]))
        self.good(said, "orca:registered")
        self.assertEqual(said.patient, "00002")
        patient = self.desk.patients["00002"]
        self.assertEqual((len(patient.cards), len(patient.aids)), (1, 1))

    def test_the_same_person_with_the_same_insurance_is_not_registered_again(self):
        self.hanako()
        said = self.deliver(document())
        self.good(said, "orca:already there")
        self.assertEqual((said.patient, len(self.desk.patients)), ("00001", 1))

    def test_a_namesake_of_one_birthday_is_registered_with_a_warning(self):
        self.hanako(insured=False)
        said = self.deliver(document())
        self.good(said, "orca:registered")
        self.assertEqual((said.warning, len(self.desk.patients)), ("K0", 2))

    def test_after_a_noted_attempt_a_namesake_leaves_it_open(self):
        self.hanako(insured=False)
        self.note.write_text("patientmodv2 class=01\n")
        self.bad(self.deliver(document()), -1621, "patientlst3v2")
        self.note.write_text("patientmodv2 class=01\npatientmodv2 class=01 refused\n")
        self.good(self.deliver(document()), "orca:registered")

    def test_refusals_are_noted_so_that_nobody_has_to_wonder(self):
        self.orca.trouble("modv2?class=01", "14")
        self.bad(self.deliver(document()), -1613, "patientmodv2 class=01 14")
        self.assertTrue(self.note.read_text().endswith("refused\n"))

    def test_codes_of_registering(self):
        for code in "01 10 13 14 40 89 97 H1 P2 E99".split():
            with self.subTest(code=code):
                self.orca.trouble("modv2?class=01", code)
                said = self.deliver(document())
                self.bad(said, -1613, f"patientmodv2 class=01 {code}")
                self.assertEqual(said.native, int("".join(c for c in code if c.isdigit())))
        self.orca.trouble("modv2?class=01", "99")
        self.bad(self.deliver(document()), -1615)
        self.orca.trouble("modv2?class=01", "90", 9)
        self.bad(self.deliver(document()), -1616)
        self.assertEqual(self.desk.patients, {})

    def test_documents_of_the_pack_are_taken(self):
        for name in ("aid-and-insurance", "aid-only", "half-width", "hard-kanji", "kokuho-6", "kouki-10", "long-address"):
            path = SAMPLES / f"{name}.expected"
            with self.subTest(sample=name):
                self.note.unlink(missing_ok=True)
                self.desk.patients.clear()
                said = self.deliver(path.read_text(encoding="utf-8"))
                self.assertEqual(said.rc, 0, said.text)
                again = self.deliver(path.read_text(encoding="utf-8"))
                self.assertEqual((again.rc, again.patient, len(self.desk.patients)), (0, said.patient, 1), again.text)
        known = self.deliver(path.read_text(encoding="utf-8"), patient=said.patient)
        self.good(known, "orca:already there")


class Https(Deliver):
    @classmethod
    def setUpClass(cls):
        cls.box = tempfile.TemporaryDirectory()
        cls.pki = pathlib.Path(cls.box.name)
        subprocess.run(["sh", HERE.parent / "pki/make-pki.sh", cls.pki], check=True, capture_output=True)
        cls.client_ca = cls.pki / "device-ca.pem"

    @classmethod
    def tearDownClass(cls):
        cls.box.cleanup()

    def setUp(self):
        super().setUp()
        self.settings.update(ca_file=self.pki / "server-ca.pem", client_cert=self.pki / "device.pem", client_key=self.pki / "device.key",
                             timeout_ms="20000")

    def test_with_a_certificate_and_a_password(self):
        patient = self.hanako(insured=False)
        self.good(self.deliver(document(), patient="1"), "orca:insurance added")
        self.assertEqual(len(patient.cards), 1)

    def test_with_a_p12_file(self):
        self.hanako()
        self.settings.update(client_cert=self.pki / "device.p12", client_key=None,
                             client_secret=(self.pki / "device.p12.pass").read_text().strip())
        self.good(self.deliver(document(), patient="1"), "orca:already there")

    def test_without_a_certificate_or_with_a_strangers(self):
        self.hanako()
        self.settings.update(client_cert=None, client_key=None)
        self.bad(self.deliver(document(), patient="1"), -1615)
        self.settings.update(client_cert=self.pki / "stranger.pem", client_key=self.pki / "stranger.key")
        self.bad(self.deliver(document(), patient="1"), -1615)

    def test_a_server_that_is_not_trusted(self):
        self.settings["ca_file"] = self.pki / "rogue-ca.pem"
        self.bad(self.deliver(document(), patient="1"), -1615)
        self.assertEqual(self.asked(), [])

    def test_a_wrong_password_over_tls(self):
        self.settings["password"] = "wrong"
        self.bad(self.deliver(document(), patient="1"), -1615)


if __name__ == "__main__":
    unittest.main()
