"""Who may be meant: the real adapter asks the server."""
import unittest

from harness import HANAKO, HANAKO_CARD, WithOrca

ASKED = {"name": HANAKO[0], "name_kana": "ﾐﾎﾝ ﾊﾅｺ", "birth_date": HANAKO[2], "sex": "female", "insurer_number": "06990014",
         "symbol": "見本", "number": "123", "branch_number": "01"}


class Find(WithOrca):
    def ids(self, **changed):
        said = self.find(**{**ASKED, **changed})
        self.assertEqual(said.rc, 0, said.text)
        return list(said.patients)

    def test_tells_everything_by_our_paths(self):
        patient = self.hanako()
        patient.home = {"Address_ZipCode": "0000000", "WholeAddress1": "見本県", "WholeAddress2": "１－２"}
        patient.more = {"NickName": "通称\u3000花子"}
        said = self.find(**ASKED)
        self.assertEqual(said.rc, 0, said.text)
        self.assertEqual(said.patients, {"00001": {
            "name": HANAKO[0], "name_kana": HANAKO[1], "name_other": "通称\u3000花子", "birth_date": HANAKO[2], "sex": "female",
            "postal_code": "0000000", "address": "見本県１－２", "insurer_number": "06990014", "symbol": "見本", "number": "１２３",
            "branch_number": "01", "relation": "self", "valid_from": "2020-04-01"}})

    def test_nobody_is_no_fault(self):
        self.assertEqual(self.ids(), [])

    def test_a_twin_and_a_namesake_are_told_too(self):
        self.hanako()
        self.desk.add("見本\u3000桃子", "ミホン\u3000モモコ", HANAKO[2], "2")
        self.desk.add(*HANAKO[:2], "1949-05-05", "2")
        self.desk.add("他人\u3000一郎", "タニン\u3000イチロウ", "1949-05-05", "1")
        self.assertEqual(sorted(self.ids()), ["00001", "00002", "00003"])

    def test_somebody_who_married_is_found_by_the_given_name(self):
        self.desk.add("旧姓\u3000花子", "キュウセイ\u3000ハナコ", HANAKO[2], "2")
        self.assertEqual(self.ids(), ["00001"])
        self.settings["given_name"] = "skip"
        self.assertEqual(self.ids(), [])

    def test_small_letters_and_kanji_variants_do_not_hide_anybody(self):
        self.desk.add("高橋\u3000翔", "タカハシ\u3000シヨウ", "2001-01-01", "1")
        found = self.ids(name="髙橋　翔", name_kana="ﾀｶﾊｼ ｼｮｳ", birth_date="2001-01-01")
        self.assertEqual(found, ["00001"])
        self.desk.add("東海林\u3000真", "シヨウジ\u3000マコト", "2002-02-02", "1")
        self.assertEqual(self.ids(name="●海林　真", name_kana="ｼｮｳｼﾞ ﾏｺﾄ", birth_date="2002-02-02"), ["00002"])

    def test_a_wrong_birth_date_at_the_host_hides_nobody(self):
        self.desk.add(*HANAKO[:2], "1985-03-20", "2")
        self.assertEqual(self.ids(), ["00001"])

    def test_the_own_number_comes_first_and_nobody_twice(self):
        self.desk.add("別名\u3000一子", "ベツメイ\u3000イチコ", "1990-09-09", "2")
        self.desk.add(*HANAKO)
        self.assertEqual(self.ids(reference_number="1"), ["00001", "00002"])
        self.assertEqual(self.ids(reference_number="2"), ["00002"])
        self.assertEqual(self.ids(reference_number="A/../1"), ["00002"])
        self.assertEqual(self.ids(reference_number="777"), ["00002"])

    def test_of_several_insurances_the_asked_one_is_told(self):
        patient = self.hanako()
        patient.cards[0]["Certificate_ExpiredDate"] = "2024-03-31"
        self.desk.insure(patient, **{**HANAKO_CARD, "InsuranceProvider_Number": "990010", "Certificate_StartDate": "2024-04-01"})
        self.assertEqual(self.find(**ASKED).patients["00001"]["insurer_number"], "06990014")
        self.assertEqual(self.find(**{**ASKED, "insurer_number": "01990019"}).patients["00001"]["insurer_number"], "990010")

    def test_medical_aid_alone(self):
        patient = self.hanako(insured=False)
        self.desk.support(patient, PublicInsurer_Number="12991014", PublicInsuredPerson_Number="7654320",
                          Certificate_IssuedDate="2026-06-01")
        told = self.find(**{**ASKED, "insurer_number": "12991014", "number": "7654320"}).patients["00001"]
        self.assertEqual((told["insurer_number"], told["number"]), ("12991014", "7654320"))

    def test_never_more_than_a_bounded_number_of_requests(self):
        for _ in range(60):
            self.desk.add(*HANAKO)
        self.assertEqual(len(self.ids()), 40)
        self.assertLess(len(self.asked()), 50)

    def test_a_host_that_cannot_be_asked_is_a_fault(self):
        self.hanako()
        for where, kind, rc in (
                ("patientlst3v2", "401", -1615), ("patientgetv2", "403", -1615), ("patientlst3v2", "500", -1612),
                ("patientgetv2", "404", -1614), ("patientlst3v2", "90", -1616), ("patientgetv2", "89", -1613),
                ("patientlst3v2", "99", -1615), ("patientgetv2", "garbage", -1614), ("patientlst3v2", "type", -1614),
                ("patientgetv2", "empty", -1614), ("patientlst3v2", "huge", -1614), ("patientgetv2", "cut", -1612),
                ("patientlst3v2", "close-before", -1612), ("patientgetv2", "slow", -1612)):
            with self.subTest(kind=kind, where=where):
                self.orca.troubles = []
                self.orca.trouble(where, kind, 9)
                # The adapter's limit ends what is never answered, and nothing else.
                self.settings["timeout_ms"] = "3000" if kind == "slow" else "20000"
                said = self.find(**ASKED)
                self.assertEqual(said.rc, rc, said.text)
                self.is_quiet(said)

    def test_a_patient_who_is_deleted_meanwhile_is_left_out(self):
        self.hanako()
        self.orca.trouble("patientgetv2", "10")
        self.assertEqual(self.ids(), [])

    def test_a_prefix_is_put_in_front(self):
        self.hanako()
        self.orca.prefix = "/api"
        self.assertEqual(self.find(**ASKED).rc, -1614)
        self.settings["api_prefix"] = "/api"
        self.assertEqual(self.ids(), ["00001"])

    def test_a_wrong_password(self):
        self.settings["password"] = "wrong"
        said = self.find(**ASKED)
        self.assertEqual((said.rc, said.native), (-1615, 401))
        self.is_quiet(said)

    def test_nobody_listens(self):
        self.settings["url"] = "http://127.0.0.1:1"
        self.assertEqual(self.find(**ASKED).rc, -1612)

    def test_http_goes_to_near_addresses_only(self):
        for url, rc in (("http://orca.example", -1602), ("http://203.0.113.1:8000", -1602), ("ftp://localhost", -1602),
                        ("http://user:pw@localhost", -1602), ("http://192.168.0.1.example", -1602)):
            self.settings["url"] = url
            self.assertEqual(self.find(**ASKED).rc, rc, url)


if __name__ == "__main__":
    unittest.main()
